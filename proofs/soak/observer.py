"""Watches the server: memory and processor time from outside, and its `/metrics`."""

import asyncio
from time import monotonic
from typing import Final

from msgspec import Struct
from prometheus_client.parser import text_string_to_metric_families

from openoutcry.client.address import Address
from openoutcry.client.http.asynchronous_transport import AsyncHttpTransport
from proofs.server_process import ServerProcess
from proofs.soak.memory import processor_seconds, resident_bytes, waited_seconds

SAMPLES: Final = 300
"""Samples in a whole soak."""
SECONDS_PER_SAMPLE: Final = 0.25
"""Shortest time between two samples, in seconds."""


class Sample(Struct, frozen=True):
    """`at`: seconds on the machine's monotonic clock. `metrics`: those without labels, by name."""

    at: float
    resident_bytes: int
    processor_seconds: float
    waited_seconds: float
    """How long the server has waited for a processor that others used."""
    metrics: dict[str, float]


class Observer:
    """Samples one server until it is told to stop."""

    def __init__(self, server: ServerProcess, seconds: float) -> None:
        self.samples: list[Sample] = []
        self._server = server
        self._pause = max(SECONDS_PER_SAMPLE, seconds / SAMPLES)
        self._transport = AsyncHttpTransport(Address.parse(server.url), timeout_seconds=30.0)

    async def observe(self) -> None:
        """Until cancelled."""
        try:
            while True:
                await self.take_sample()
                await asyncio.sleep(self._pause)
        finally:
            await self._transport.close()

    async def take_sample(self) -> None:
        pid = self._server.pid
        answer = await self._transport.request("GET", "/metrics", {}, None)
        families = text_string_to_metric_families(answer.body.decode())
        metrics = {sample.name: sample.value for family in families for sample in family.samples if not sample.labels}
        self.samples.append(
            Sample(monotonic(), resident_bytes(pid), processor_seconds(pid), waited_seconds(pid), metrics)
        )
