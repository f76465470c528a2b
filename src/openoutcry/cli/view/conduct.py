"""The replay's server as this process, from opening the directory until it is told to end."""

import asyncio
import socket
from contextlib import closing
from pathlib import Path
from typing import Final

import uvloop

from openoutcry.cli.process.addresses import say_where
from openoutcry.cli.process.interrupts import Interrupts, say_last
from openoutcry.cli.progress import replay_bar
from openoutcry.gateway.screens.files import read_screens
from openoutcry.gateway.server import bind
from openoutcry.playback.reading import Reading
from openoutcry.playback.server.serving import serve_reading

HOST: Final = "127.0.0.1"
"""Other machines are not served, because nobody needs a key."""


def show_directory(directory: Path, port: int, interrupts: Interrupts) -> None:
    """Raises `CannotListen`, as `Reading`, and at the end what kept it from reading everything."""
    listener = bind(HOST, port)
    with (
        closing(listener),
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        replay_bar() as show,
        closing(Reading(directory, on_progress=show)) as reading,
    ):
        interrupts.only_count()
        runner.run(_serve(reading, listener, interrupts))
    if reading.failure is not None:
        raise reading.failure


async def _serve(reading: Reading, listener: socket.socket, interrupts: Interrupts) -> None:
    def ready() -> None:
        say_where(listener)

    async def tell() -> None:
        await reading.read()
        if reading.problem is not None:
            say_last(f"not everything can be shown: {reading.problem}")
        else:
            say_last(f"all {reading.playback.moments.last.sequence} commands are read; Ctrl-C ends it")
        if reading.journal.cut is not None:
            say_last(f"note: {reading.journal.cut}")

    telling = asyncio.create_task(tell())
    try:
        await serve_reading(reading, read_screens(), listener, on_ready=ready, must_end=lambda: interrupts.count > 0)
    finally:
        telling.cancel()
