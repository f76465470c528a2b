"""An exchange as this process: from its recovery until it is told to end, or whoever attends it says it is over."""

import asyncio
import gc
import os
import socket
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import typer
import uvloop
from msgspec import Struct

from openoutcry.access.keys import hash_key, organiser_key
from openoutcry.bootstrap.server import open_server
from openoutcry.cli.failures import Failure
from openoutcry.cli.process.addresses import address_here, say_where
from openoutcry.cli.process.bots_beside import BotsBeside
from openoutcry.cli.process.interrupts import Interrupts, say_last
from openoutcry.cli.progress import replay_bar
from openoutcry.gateway.app import build_gateway
from openoutcry.gateway.rest.front_page import SCREENS_ARE_MISSING
from openoutcry.gateway.screens.files import read_screens
from openoutcry.gateway.server import run_server
from openoutcry.journal.segment import DEFAULT_SEGMENT_BYTES
from openoutcry.journal.sync import DEFAULT_SYNC_INTERVAL_SECONDS
from openoutcry.protocol.stream import CloseCode
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.exchange import Durability, Server
from openoutcry.runtime.process.garbage import GarbageCollection
from openoutcry.runtime.process.pauses import LoopWatch
from openoutcry.runtime.sequencing.unavailable import Unavailable
from openoutcry.scenarios.model import Scenario

IsOver = Callable[[Server], bool]
"""Called several times a second while the exchange runs. True: it is to end."""


class Settings(Struct, frozen=True, kw_only=True):
    """`seed`: the number from which sessions get their seeds; None: from chance."""

    scenario: Scenario
    data: Path
    durability: Durability = "os"
    sync_interval_seconds: float = DEFAULT_SYNC_INTERVAL_SECONDS
    segment_bytes: int = DEFAULT_SEGMENT_BYTES
    seed: int | None = None
    with_bots: bool = False


def run_exchange(
    settings: Settings, listener: socket.socket, interrupts: Interrupts, is_over: IsOver = lambda _exchange: False
) -> None:
    """Run it on `listener`, which is closed at the end. Raises `Failure`, and what `open_server` raises."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        loop = runner.get_loop()
        failed: asyncio.Future[str] = loop.create_future()
        directory = DataDirectory(settings.data)
        directory.create()
        key = organiser_key(directory.admin_key, os.environ.get("OPENOUTCRY_ADMIN_KEY"))
        # What a recovery makes stays alive: collecting it again and again would take longer than making it.
        gc.disable()
        # Before the loop runs: a loop would notice Ctrl-C only after the recovery.
        with replay_bar() as show:
            exchange = open_server(
                settings.scenario,
                settings.data,
                admin_key_hash=hash_key(key.encode()),
                durability=settings.durability,
                loop=loop,
                sync_interval_seconds=settings.sync_interval_seconds,
                segment_bytes=settings.segment_bytes,
                seed=settings.seed,
                on_progress=show,
                on_disk_failure=failed.set_result,
            )
            interrupts.only_count()
        runner.run(_serve(exchange, settings, listener, failed, interrupts, is_over))


async def _serve(
    exchange: Server,
    settings: Settings,
    listener: socket.socket,
    failed: asyncio.Future[str],
    interrupts: Interrupts,
    is_over: IsOver,
) -> None:
    loop = asyncio.get_running_loop()
    watched = ExitStack()
    beside: list[BotsBeside] = []

    def ready() -> None:
        metrics, channels = exchange.metrics, exchange.public_channels
        watched.enter_context(GarbageCollection(loop.call_later, lambda: channels.phase, metrics.garbage_collection))
        watched.enter_context(LoopWatch(loop.call_later, metrics.loop_lag))
        say_where(listener)
        if settings.with_bots:
            keys = DataDirectory(settings.data).bot_keys
            beside.append(BotsBeside(address_here(listener), exchange.scenario, keys))
            watched.callback(beside[0].end)

    async def say_goodbye() -> None:
        exchange.driver.stop()  # or the market would go on, unseen, while streams are told
        await exchange.connections.disconnect_all(CloseCode.GOING_AWAY, "the exchange is ending")

    def must_end() -> bool:
        is_told = failed.done() or interrupts.count > 0 or is_over(exchange)
        return is_told and (interrupts.count > 1 or all(bots.have_left() for bots in beside))

    try:
        where = f"data in {settings.data}; sequence {exchange.sequencer.last_sequence}"
        typer.echo(f"{exchange.scenario.title}; {where}", err=True)
        screens = read_screens()
        if screens is None:
            typer.echo(SCREENS_ARE_MISSING, err=True)
        await run_server(
            build_gateway(exchange, screens=screens),
            listener,
            on_ready=ready,
            say_goodbye=say_goodbye,
            must_end=must_end,
            must_hurry=lambda: interrupts.count > 1,
        )
        state_hash = exchange.sequencer.state_hash()
    except Unavailable as stopped:
        raise Failure(str(stopped)) from None
    finally:
        watched.close()
        exchange.close()
    if failed.done():
        raise Failure(f"ended, because {failed.result()}")
    say_last(f"ended after sequence {exchange.sequencer.last_sequence}; state {state_hash}")
