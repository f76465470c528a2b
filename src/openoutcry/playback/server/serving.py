"""Runs the replay's server on uvicorn until it is told to end."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import uvicorn

from openoutcry.gateway.screens.files import Screens
from openoutcry.playback.server.application import build_application
from openoutcry.playback.source import Source


async def serve_source(
    source: Source,
    screens: Screens | None,
    listener: socket.socket,
    *,
    on_ready: Callable[[], None],
    must_end: Callable[[], bool],
) -> None:
    """Read, and answer meanwhile. `on_ready` is called when requests are taken, `must_end` several times a second."""
    configuration = uvicorn.Config(
        build_application(source, screens),
        http="httptools",
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    task = asyncio.create_task(source.run())
    try:
        await _Server(configuration, on_ready, must_end).serve(sockets=[listener])
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None], must_end: Callable[[], bool]) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._must_end = must_end

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """In place of uvicorn's: the caller handles signals."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._on_ready()

    async def on_tick(self, counter: int) -> bool:
        if self._must_end():
            self.should_exit = True
        return await super().on_tick(counter)
