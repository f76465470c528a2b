"""The scores of a match and of a round as tables."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console

from openoutcry.cli.demonstration.tables import Column, fitted, width_of
from openoutcry.cli.score.document import MatchDocument, RoundDocument, ScoreDocument, TeamDocument
from openoutcry.scoring.formula.confidence import Estimate
from openoutcry.scoring.formula.round import Ranking

_WIDE: Final = 1_000
_SEED_DIGITS: Final = 12
"""Of a seed in a table."""
_NOBODY: Final = "no team has played."


def show_matches(console: Console, document: ScoreDocument) -> None:
    """Each match by itself."""
    console.print(f"scenario  {document.scenario} ({document.scenario_hash[:_SEED_DIGITS]})")
    for match in document.matches:
        console.print(f"match     {title(match)}")
        console.print()
        if match.teams:
            show_table(console, team_columns(match.teams))
        else:
            console.print(_NOBODY)
        show_found(console, match)


def show_round(console: Console, document: ScoreDocument, together: RoundDocument, *, in_full: bool) -> None:
    """Its rankings, and of each match what surveillance found; `in_full` also every match and every pair."""
    console.print(f"scenario  {document.scenario} ({document.scenario_hash[:_SEED_DIGITS]})")
    console.print(f"round     {together.matches} matches, {together.seeds} seeds")
    console.print(together.basis if together.rankings else _NOBODY)
    for ranking in together.rankings:
        console.print()
        console.print(ranking.role or "all roles")
        show_table(console, _ranking_columns(ranking))
        for pair in ranking.neighbours:
            console.print(pair.sentence)
    if in_full and together.rankings:
        _show_totals(console, document)
        _show_pairs(console, together)
    for match in document.matches:
        if match.findings or not match.over:
            console.print()
            console.print(f"match     {title(match)}")
            show_found(console, match)
    if not in_full and together.rankings:
        console.print()
        console.print("--seeds shows each match and each pair, --team NAME what a team's scores are made of.")


def title(match: MatchDocument) -> str:
    """Such as `session 1 of 2024-03-14 in data, seed 3fa2…`."""
    seed = "seed not revealed" if match.seed is None else f"seed {match.seed[:_SEED_DIGITS]}…"
    so_far = "" if match.over else f", so far, as of {match.as_of}"
    return f"session {match.session} of {match.date} in {match.directory}, {seed}{so_far}"


def printer() -> Console:
    """As wide as the terminal; elsewhere nothing is cut."""
    console = Console(soft_wrap=True, highlight=False, markup=False)
    return console if console.is_terminal else Console(width=_WIDE, soft_wrap=True, highlight=False, markup=False)


def show_table(console: Console, columns: Sequence[Column]) -> None:
    console.print(fitted(columns, console.width))
    if width_of([column for column in columns if column.rank]) and width_of(columns) > console.width:
        console.print("A wider terminal, or a file, shows more columns.")


def team_columns(teams: Sequence[TeamDocument]) -> list[Column]:
    return [
        Column(heading="rank", cells=["-" if each.inactive else str(each.rank) for each in teams]),
        Column(heading="team", cells=[each.team_name for each in teams], is_number=False),
        Column(heading="role", cells=[each.role for each in teams], is_number=False),
        Column(heading="P&L", cells=[money(each.pnl) for each in teams]),
        Column(heading="role/40", cells=[points(each.role_points) for each in teams], rank=1),
        Column(heading="compliance/15", cells=[points(each.compliance) for each in teams], rank=1),
        Column(heading="risk/15", cells=[points(each.risk) for each in teams], rank=1),
        Column(heading="total/70", cells=[points(each.total) for each in teams]),
    ]


def show_found(console: Console, match: MatchDocument) -> None:
    """Below a match's table: who has no points and why, what surveillance found, and what is excluded."""
    inactive = [each for each in match.teams if each.inactive is not None]
    if inactive:
        console.print()
        for each in inactive:
            console.print(f"inactive  {each.team_name} {each.inactive}")
    console.print()
    if not match.findings:
        console.print("surveillance found nothing.")
        return
    for finding in match.findings:
        where = f" Commands: {', '.join(map(str, finding.commands[:_PLACES]))}" if finding.commands else ""
        more = ", ..." if finding.command_count > _PLACES and where else ""
        console.print(f"finding   {finding.kind}: {finding.text}{where}{more}")
    for exclusion in match.exclusions:
        first, second = exclusion.owners
        console.print(
            f"excluded  {exclusion.trades:,} trades of {exclusion.contracts:,} contracts between {first} and {second}"
            f" ({', '.join(exclusion.kinds)}), worth {money(exclusion.value)} to {first}"
        )


_PLACES: Final = 5
"""Commands of a finding that are named; the document has more."""


def _ranking_columns(ranking: Ranking) -> list[Column]:
    teams = ranking.teams
    return [
        Column(heading="rank", cells=[str(each.rank) for each in teams]),
        Column(heading="team", cells=[each.team.team_name for each in teams], is_number=False),
        Column(heading="matches", cells=[str(each.matches) for each in teams]),
        Column(heading="active", cells=[str(each.active_matches) for each in teams], rank=2),
        Column(heading="role/40", cells=[points(each.role_points) for each in teams], rank=1),
        Column(heading="compliance/15", cells=[points(each.compliance) for each in teams], rank=1),
        Column(heading="risk/15", cells=[points(each.risk) for each in teams], rank=1),
        Column(heading="total/70", cells=[points(each.total.mean) for each in teams]),
        Column(heading="95 of 100 rounds", cells=[_interval(each.total) for each in teams]),
    ]


def _interval(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return "-"
    return f"{points(estimate.low)} to {points(estimate.high)}"


def _show_totals(console: Console, document: ScoreDocument) -> None:
    """A row for each entry."""
    rows = [(match, team) for match in document.matches for team in match.teams]
    console.print()
    console.print("every match")
    show_table(
        console,
        [
            Column(heading="date", cells=[match.date for match, _ in rows], is_number=False),
            Column(
                heading="seed",
                cells=[(match.seed or "not revealed")[:_SEED_DIGITS] for match, _ in rows],
                is_number=False,
            ),
            Column(heading="session", cells=[str(match.session) for match, _ in rows]),
            Column(heading="in", cells=[match.directory for match, _ in rows], is_number=False, rank=2),
            Column(heading="role", cells=[team.role for _, team in rows], is_number=False),
            Column(heading="team", cells=[team.team_name for _, team in rows], is_number=False),
            Column(heading="P&L", cells=[money(team.pnl) for _, team in rows], rank=1),
            Column(heading="total/70", cells=[points(team.total) for _, team in rows]),
        ],
    )


def _show_pairs(console: Console, together: RoundDocument) -> None:
    """A row for each two neighbours of a ranking."""
    pairs = [pair for ranking in together.rankings for pair in ranking.neighbours]
    if not pairs:
        return
    console.print()
    console.print("every pair of neighbours: by how much the one ahead leads")
    show_table(
        console,
        [
            Column(heading="ahead", cells=[pair.ahead.team_name for pair in pairs], is_number=False),
            Column(heading="behind", cells=[pair.behind.team_name for pair in pairs], is_number=False),
            Column(heading="matches", cells=[str(pair.matches) for pair in pairs]),
            Column(heading="lead", cells=["-" if pair.lead is None else points(pair.lead.mean) for pair in pairs]),
            Column(
                heading="95 of 100 rounds", cells=["-" if pair.lead is None else _interval(pair.lead) for pair in pairs]
            ),
            Column(heading="p", cells=["-" if pair.p_value is None else f"{pair.p_value:.3f}" for pair in pairs]),
        ],
    )


def money(amount: float) -> str:
    return f"{amount:,.2f}"


def points(number: float) -> str:
    return f"{number:.2f}"
