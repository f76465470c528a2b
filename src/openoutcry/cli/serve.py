"""`openoutcry serve`: run an exchange until it is told to end."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from openoutcry.journal.segment import DEFAULT_SEGMENT_BYTES
from openoutcry.journal.sync import DEFAULT_SYNC_INTERVAL_SECONDS

if TYPE_CHECKING:
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
            help="Number that decides all that is left to chance in a session, so that it can be played again. For"
            " rehearsals and tests: anybody can find it by trying numbers, so leave it out for a competition.",
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
    import structlog

    from openoutcry.cli.failures import failures_told
    from openoutcry.cli.process.exchange import Settings, run_exchange
    from openoutcry.cli.process.interrupts import interrupts_end_cleanly
    from openoutcry.cli.process.logs import log_to_stderr
    from openoutcry.gateway.server import bind
    from openoutcry.scenarios.loader import load_scenario

    log_to_stderr()
    with failures_told(), interrupts_end_cleanly() as interrupts:
        loaded = _scenario_of(data) if scenario is None else load_scenario(scenario)
        if seed is not None:
            structlog.get_logger().warning(
                "seeds of sessions come from the number of --seed: anybody can find it by trying numbers, with what"
                " GET /fairness tells, and then knows the market beforehand. Leave --seed out for a competition"
            )
        settings = Settings(
            scenario=loaded,
            data=data,
            durability=durability,
            sync_interval_seconds=sync_interval / 1000,
            segment_bytes=segment_bytes,
            seed=seed,
            with_bots=with_bots,
        )
        with bind(host, port) as listener:
            run_exchange(settings, listener, interrupts)


def _scenario_of(data: Path) -> "Scenario":
    """The scenario of the exchange in the data directory; `demo` if the directory holds none."""
    from openoutcry.runtime.data_directory import DataDirectory
    from openoutcry.scenarios.loader import load_scenario

    directory = DataDirectory(data)
    return directory.kept_scenario() if directory.scenario.exists() else load_scenario("demo")
