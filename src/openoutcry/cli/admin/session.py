"""`openoutcry admin session start | end`, `phase`, `speed`."""

from typing import Annotated, Any, Final

import typer

from openoutcry.cli.admin.options import HERE, By, KeyFile, Reason, Url
from openoutcry.cli.exit_codes import EXIT_CODES_HELP

session: Final = typer.Typer(name="session", help="Start or end a trading session.", no_args_is_help=True)


@session.command(epilog=EXIT_CODES_HELP)
def start(
    at: Annotated[
        str | None,
        typer.Option(
            help="When: ISO 8601 with its offset from UTC, or next_minute, the next full minute.",
            show_default="at once",
        ),
    ] = None,
    url: Url = HERE,
    key_file: KeyFile = None,
    by: By = None,
    reason: Reason = None,
) -> None:
    """Start the next trading session of a scenario with a schedule."""
    from openoutcry.cli.admin.asking import asking

    with asking(url, key_file, by) as organiser:
        market = organiser.post("/admin/session", reason, action="start", at=at)
    if market["starts_at"] is not None:
        typer.echo(f"the session starts at {market['starts_at']}")
    else:
        typer.echo(f"session of {market['session_date']} started; {_standing(market)}")


@session.command(epilog=EXIT_CODES_HELP)
def end(url: Url = HERE, key_file: KeyFile = None, by: By = None, reason: Reason = None) -> None:
    """End the session: the market closes, whatever the phase. If one is only planned, the plan is dropped."""
    from openoutcry.cli.admin.asking import asking

    with asking(url, key_file, by) as organiser:
        market = organiser.post("/admin/session", reason, action="end")
    typer.echo(_standing(market))


def phase(
    name: Annotated[str, typer.Argument(metavar="PHASE", help="Such as continuous or closed.")],
    url: Url = HERE,
    key_file: KeyFile = None,
    by: By = None,
    reason: Reason = None,
) -> None:
    """Move the session to a phase by hand."""
    from openoutcry.cli.admin.asking import asking

    with asking(url, key_file, by) as organiser:
        market = organiser.post("/admin/phase", reason, phase=name)
    typer.echo(_standing(market))


def speed(
    factor: Annotated[float, typer.Argument(metavar="SPEED", help="Market seconds in a second of wall time.")],
    url: Url = HERE,
    key_file: KeyFile = None,
    by: By = None,
    reason: Reason = None,
) -> None:
    """Let market time go faster or slower from now on."""
    from openoutcry.cli.admin.asking import asking

    with asking(url, key_file, by) as organiser:
        market = organiser.post("/admin/speed", reason, speed=factor)
    typer.echo(f"speed {market['speed']:g}")


def _standing(market: dict[str, Any]) -> str:
    following = "" if market["next_phase"] is None else f"; {market['next_phase']} from {market['next_at']}"
    return f"phase {market['phase']}, market time {market['market_time']}{following}"
