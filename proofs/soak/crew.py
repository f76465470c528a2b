"""The processes of bots, led through the soak in step.

All have joined before one of them trades. All are at rest before one of them hears the last events.
"""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

import msgspec

from proofs.server_process import ROOT, ServerFailed
from proofs.soak.plan import Plan, Totals

JOIN_SECONDS: Final = 120.0
REST_SECONDS: Final = 300.0


class Crew:
    """Generators with these plans. As a context manager it leaves no process behind."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        self._plans = plans
        self._processes: list[asyncio.subprocess.Process] = []

    async def __aenter__(self) -> Self:
        for plan in self._plans:
            self._processes.append(
                await asyncio.create_subprocess_exec(
                    sys.executable,
                    *("-m", "proofs.soak.generator", msgspec.json.encode(plan).decode()),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    cwd=ROOT,
                )
            )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def joined(self) -> None:
        """Return when all teams are there. Raises `ServerFailed`, like the rest here."""
        await self._hear_all(JOIN_SECONDS)

    async def trade(self) -> None:
        """Let them trade for the time of their plans, and return when all are at rest."""
        self._tell_all()
        await self._hear_all(max(plan.seconds for plan in self._plans) + REST_SECONDS)

    async def conclude(self) -> list[Totals]:
        """When each has heard its last event, and left."""
        self._tell_all()
        return [msgspec.json.decode(said, type=Totals) for said in await self._hear_all(REST_SECONDS)]

    def _tell_all(self) -> None:
        for process in self._processes:
            assert process.stdin is not None  # noqa: S101 - a pipe was asked for
            process.stdin.write(b"\n")

    async def _hear_all(self, seconds: float) -> list[bytes]:
        try:
            async with asyncio.timeout(seconds):
                return list(await asyncio.gather(*map(self._hear, self._processes)))
        except TimeoutError:
            raise ServerFailed(f"the bots were not done in {seconds:g} s") from None

    async def _hear(self, process: asyncio.subprocess.Process) -> bytes:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        line = await process.stdout.readline()
        if not line:
            raise ServerFailed(f"a process of bots ended with {await process.wait()}; it said why above")
        return line
