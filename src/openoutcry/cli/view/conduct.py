"""The replay's server as this process, from opening the directory or file until it is told to end."""

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
from openoutcry.playback.export.reading import ExportReading
from openoutcry.playback.reading import Reading
from openoutcry.playback.server.serving import serve_source
from openoutcry.playback.source import Source

HOST: Final = "127.0.0.1"
"""Other machines are not served, because nobody needs a key."""


def show(path: Path, port: int, interrupts: Interrupts) -> None:
    """A data directory, or a team's export.

    Raises `CannotListen`, as `Reading` or `ExportReading`, and at the end what kept it from reading everything.
    """
    listener = bind(HOST, port)
    with (
        closing(listener),
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        replay_bar() as show_progress,
        closing(ExportReading(path) if path.is_file() else Reading(path, on_progress=show_progress)) as source,
    ):
        interrupts.only_count()
        runner.run(_serve(source, listener, interrupts))
    if isinstance(source, Reading) and source.failure is not None:
        raise source.failure


async def _serve(source: Source, listener: socket.socket, interrupts: Interrupts) -> None:
    def ready() -> None:
        say_where(listener)

    async def tell() -> None:
        await source.read()
        if source.problem is not None:
            say_last(f"not everything can be shown: {source.problem}")
        else:
            say_last(f"all {source.chronicle.moments.last.sequence} commands are read; Ctrl-C ends it")
        if source.note is not None:
            say_last(f"note: {source.note}")

    telling = asyncio.create_task(tell())
    try:
        await serve_source(source, read_screens(), listener, on_ready=ready, must_end=lambda: interrupts.count > 0)
    finally:
        telling.cancel()
