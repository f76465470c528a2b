"""`openoutcry score`: the command."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openoutcry.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from openoutcry.cli.score.document import ScoreDocument
    from openoutcry.runtime.recovery.replay import Progress


def score(
    directories: Annotated[
        list[Path],
        typer.Argument(
            metavar="DIR...",
            help="Data directories: what `serve` was given as --data. Each session in them is a match.",
        ),
    ],
    session: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Only this session of the one directory.")
    ] = None,
    team: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="One team: each component of its score, and where its P&L comes from."),
    ] = None,
    seeds: Annotated[
        bool, typer.Option("--seeds", help="How sure the ranking of a round is: every match and every pair of teams.")
    ] = False,
    so_far: Annotated[
        bool, typer.Option("--so-far", help="Score also a session that is not over, as it stands.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print everything as one JSON document.")] = False,
) -> None:
    """Say who won, from the journals of data directories: scores, what they are made of, what surveillance found.

    The scores are made anew by a replay: anybody who has the directory comes to the same. Several sessions, of one
    directory or of several with the same rules, are a round: its entries are scored together, and its ranking says how
    sure it is. Nothing changes, and a server may be running on a directory.
    """
    from openoutcry.cli.failures import failures_told
    from openoutcry.cli.process.interrupts import interrupts_end_cleanly
    from openoutcry.cli.progress import replay_bar

    if session is not None and len(directories) > 1:
        raise typer.BadParameter("a session is chosen of one directory: name only that", param_hint="--session")
    _check_different(directories)
    with failures_told(), interrupts_end_cleanly(ExitCode.FAILED):
        with replay_bar() as show:
            document = _scored(directories, session, so_far, show)
        _tell(document, team, seeds=seeds, json=json)


def _check_different(directories: list[Path]) -> None:
    seen: dict[Path, Path] = {}
    for path in directories:
        before = seen.setdefault(path.resolve(), path)
        if before is not path:
            raise typer.BadParameter(
                f"{path} is the same directory as {before}: a match counts once", param_hint="DIR..."
            )


def _scored(
    directories: list[Path], session: int | None, so_far: bool, show: "Callable[[Progress], None]"
) -> "ScoreDocument":
    from openoutcry.bootstrap.projections import scores_of
    from openoutcry.cli.score.documented import ChosenMatch, document_of
    from openoutcry.runtime.recovery.scored import chosen, same_rules, score_directory

    found: list[ChosenMatch] = []
    scenario, rules = same_rules(directories)
    for path in directories:
        scored = score_directory(path, scenario, scores_of(scenario, rules), show)
        found += [ChosenMatch(path, match) for match in chosen(scored, session, so_far=so_far)]
    return document_of(scenario, rules, found)


def _tell(document: "ScoreDocument", team: str | None, *, seeds: bool, json: bool) -> None:
    import msgspec

    from openoutcry.cli.score.tables import printer, show_matches, show_round
    from openoutcry.cli.score.team import show_team

    if team is not None:
        _check_team(document, team)
    if json:
        typer.echo(msgspec.json.format(msgspec.json.encode(document), indent=1).decode())
        return
    console = printer()
    if team is not None:
        show_team(console, document, team)
    elif document.round is None:
        show_matches(console, document)
        if seeds:
            console.print("one match alone says nothing about how sure its ranking is.")
    else:
        show_round(console, document, document.round, in_full=seeds)


def _check_team(document: "ScoreDocument", team: str) -> None:
    names = sorted({each.team_name for match in document.matches for each in match.teams})
    if team not in names:
        raise typer.BadParameter(
            f"no team {team!r} has played: there are {', '.join(names) or 'no teams'}", param_hint="--team"
        )
