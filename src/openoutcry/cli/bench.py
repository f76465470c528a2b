"""`openoutcry bench`: measure the exchange beside servers that do nothing, and the core beside other engines."""

from pathlib import Path
from typing import Annotated

import typer


def bench(
    only: Annotated[
        str | None,
        typer.Option(metavar="NAME,NAME", help="Measure only these sections; an unknown name prints the list."),
    ] = None,
    rounds: Annotated[
        int | None,
        typer.Option(min=1, help="Rounds over all servers; figures are given with their spread over the rounds."),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Only check that it works: the figures mean nothing.")] = False,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Keep all figures in this file.")] = None,
    markdown: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the tables, into the marked place if the page has one.")
    ] = None,
    plot: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw the latencies as SVG.")] = None,
) -> None:
    """Measure this machine: latency, throughput, market data, matching, replay, memory, beside their targets.

    Takes about ten minutes and needs an idle machine; with two cores, the servers and the load generator run on
    different ones. The programs compared with are optional; the tables say which are not installed. The recorded order
    flow is read from $OPENOUTCRY_DATA. A missed target does not change the exit code.
    """
    import select

    from rich.console import Console

    from openoutcry.bench.plot import check_can_draw, draw
    from openoutcry.bench.printing import show_section, show_targets, write_markdown
    from openoutcry.bench.run import keep, run
    from openoutcry.bench.stage import effort_of
    from openoutcry.cli.exit_codes import ExitCode
    from openoutcry.cli.failures import Failure, failures_told
    from openoutcry.cli.process.interrupts import interrupts_end_cleanly

    names = _chosen(only)
    console, status = Console(), Console(stderr=True)
    if not console.is_terminal:
        console = Console(width=200)
    with failures_told(), interrupts_end_cleanly(ExitCode.FAILED):
        if not hasattr(select, "epoll"):
            raise Failure("the load generators need epoll, which only Linux has: measure on a Linux machine")
        if plot is not None:
            check_can_draw()
        with status.status("starting servers") as now:
            finished = run(
                names,
                effort_of(quick=quick, rounds=rounds),
                on_begin=lambda name: now.update(f"measuring {name}"),
                on_end=lambda section: show_section(section, console),
            )
        show_targets(finished, console)
        if json is not None:
            keep(finished, json)
        if markdown is not None:
            write_markdown(finished, markdown)
        if plot is not None:
            draw(finished, plot)
        if finished.failures:
            told = "; ".join(f"{name}: {why}" for name, why in finished.failures.items())
            raise Failure(f"some figures could not be measured: {told}")


def _chosen(only: str | None) -> list[str]:
    from openoutcry.bench.sections import SECTIONS

    chosen = list(SECTIONS) if only is None else only.split(",")
    unknown = [name for name in chosen if name not in SECTIONS]
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)}: choose from {', '.join(SECTIONS)}", param_hint="--only")
    return chosen
