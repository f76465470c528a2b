"""`openoutcry serve`: run an exchange until it is told to end."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from openoutcry.journal.segment import DEFAULT_SEGMENT_BYTES
from openoutcry.journal.sync import DEFAULT_SYNC_INTERVAL_SECONDS

if TYPE_CHECKING:
    import asyncio
    import socket

    from openoutcry.cli.interrupts import Interrupts
    from openoutcry.runtime.exchange import Durability, Server
    from openoutcry.scenarios.model import Scenario


def serve(
    scenario: Annotated[
        str | None,
        typer.Option(
            help="Scenario file, or the name of one that comes with openoutcry.",
            show_default="that of a used --data, else demo",
        ),
    ] = None,
    data: Annotated[
        Path, typer.Option(help="Data directory: journal, events, organiser's key. Made if missing, replayed if used.")
    ] = Path("data"),
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 for every network of this machine.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
    durability: Annotated[
        Literal["os", "disk"],
        typer.Option(
            help="What the exchange has answered survives a crash of this program (os), or a loss of power too (disk):"
            " then answers and events wait for the disk."
        ),
    ] = "os",
    sync_interval: Annotated[
        float,
        typer.Option(
            min=0,
            max=1000,
            help="Milliseconds from one sync of the journal to the next. A longer time leaves more processor time for"
            " orders under full load, but a loss of power can take more. With --durability disk there is no pause.",
        ),
    ] = DEFAULT_SYNC_INTERVAL_SECONDS * 1000,
    segment_bytes: Annotated[
        int, typer.Option(min=4096, help="Journal bytes after which a segment is sealed and a snapshot made.")
    ] = DEFAULT_SEGMENT_BYTES,
    seed: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Number that decides all that is left to chance in a session, so that it can be played again.",
            show_default="chance, kept in DATA/seeds",
        ),
    ] = None,
    with_bots: Annotated[
        bool, typer.Option("--with-bots", help="Let the example bots trade on it, so that your own bot finds a market.")
    ] = False,
) -> None:
    """Run an exchange. Prints `listening on URL` when it is ready; Ctrl-C, SIGTERM or SIGHUP
    ends it cleanly; a second one ends it without waiting.

    The organiser's key is taken from OPENOUTCRY_ADMIN_KEY, else from DATA/admin.key, which is made on first start.
    A full disk only stops commands until there is room; a disk that fails to keep what was written ends the exchange
    (exit code 1).
    """
    from openoutcry.cli.failures import failures_told
    from openoutcry.cli.interrupts import interrupts_end_cleanly
    from openoutcry.cli.logs import log_to_stderr
    from openoutcry.gateway.server import bind
    from openoutcry.scenarios.loader import load_scenario

    log_to_stderr()
    with failures_told(), interrupts_end_cleanly() as interrupts:
        loaded = _scenario_of(data) if scenario is None else load_scenario(scenario)
        with bind(host, port) as listener:
            _run(
                loaded,
                data,
                listener,
                durability,
                sync_interval / 1000,
                segment_bytes,
                seed,
                interrupts,
                with_bots=with_bots,
            )


def _scenario_of(data: Path) -> "Scenario":
    """The scenario of the exchange in the data directory; `demo` if the directory holds none."""
    from openoutcry.runtime.data_directory import DataDirectory
    from openoutcry.scenarios.loader import load_scenario

    directory = DataDirectory(data)
    return directory.kept_scenario() if directory.scenario.exists() else load_scenario("demo")


def _run(
    scenario: "Scenario",
    data: Path,
    listener: "socket.socket",
    durability: "Durability",
    sync_interval_seconds: float,
    segment_bytes: int,
    seed: int | None,
    interrupts: "Interrupts",
    *,
    with_bots: bool,
) -> None:
    import asyncio
    import gc
    import os

    import uvloop

    from openoutcry.access.keys import hash_key, organiser_key
    from openoutcry.bootstrap.server import open_server
    from openoutcry.cli.progress import replay_bar
    from openoutcry.runtime.data_directory import DataDirectory

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        loop = runner.get_loop()
        failed: asyncio.Future[str] = loop.create_future()
        directory = DataDirectory(data)
        directory.create()
        key = organiser_key(directory.admin_key, os.environ.get("OPENOUTCRY_ADMIN_KEY"))
        # What a recovery makes stays alive: collecting it again and again would take longer than making it.
        gc.disable()
        # Before the loop runs: a loop would notice Ctrl-C only after the recovery.
        with replay_bar() as show:
            exchange = open_server(
                scenario,
                data,
                admin_key_hash=hash_key(key.encode()),
                durability=durability,
                loop=loop,
                sync_interval_seconds=sync_interval_seconds,
                segment_bytes=segment_bytes,
                seed=seed,
                on_progress=show,
                on_disk_failure=failed.set_result,
            )
            interrupts.only_count()
        runner.run(_serve_exchange(exchange, data, listener, failed, interrupts, with_bots=with_bots))


async def _serve_exchange(
    exchange: "Server",
    data: Path,
    listener: "socket.socket",
    failed: "asyncio.Future[str]",
    interrupts: "Interrupts",
    *,
    with_bots: bool,
) -> None:
    import asyncio
    from contextlib import ExitStack

    from openoutcry.cli.addresses import address_here, say_where
    from openoutcry.cli.bots_beside import BotsBeside
    from openoutcry.cli.failures import Failure
    from openoutcry.cli.interrupts import say_last
    from openoutcry.gateway.app import build_gateway
    from openoutcry.gateway.server import run_server
    from openoutcry.protocol.stream import CloseCode
    from openoutcry.runtime.data_directory import DataDirectory
    from openoutcry.runtime.process.garbage import GarbageCollection
    from openoutcry.runtime.process.pauses import LoopWatch
    from openoutcry.runtime.sequencing.unavailable import Unavailable

    loop = asyncio.get_running_loop()
    watched = ExitStack()
    beside: list[BotsBeside] = []

    def ready() -> None:
        metrics, channels = exchange.metrics, exchange.public_channels
        watched.enter_context(GarbageCollection(loop.call_later, lambda: channels.phase, metrics.garbage_collection))
        watched.enter_context(LoopWatch(loop.call_later, metrics.loop_lag))
        say_where(listener)
        if with_bots:
            beside.append(BotsBeside(address_here(listener), exchange.scenario, DataDirectory(data).bot_keys))
            watched.callback(beside[0].end)

    def must_end() -> bool:
        is_told = failed.done() or interrupts.count > 0
        return is_told and (interrupts.count > 1 or all(bots.have_left() for bots in beside))

    try:
        typer.echo(f"{exchange.scenario.title}; data in {data}; sequence {exchange.sequencer.last_sequence}", err=True)
        await run_server(
            build_gateway(exchange),
            listener,
            on_ready=ready,
            say_goodbye=lambda: exchange.connections.disconnect_all(CloseCode.GOING_AWAY, "the exchange is ending"),
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
