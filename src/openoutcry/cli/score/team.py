"""One team: each component of its score with its input, share and points, and where its P&L comes from."""

from typing import Final

from rich.console import Console

from openoutcry.cli.demonstration.tables import Column
from openoutcry.cli.score.document import ComponentDocument, ExplainedDocument, PnlDocument, ScoreDocument, TeamDocument
from openoutcry.cli.score.tables import money, points, show_table, title

_PARTS: Final = PnlDocument.__struct_fields__
_FINER: Final = frozenset({"gamma", "theta", "vega", "settlement", "rest"})
"""Parts that go where there is no room."""


def show_team(console: Console, document: ScoreDocument, name: str) -> None:
    """In each match that it has played."""
    for number, match in enumerate(document.matches):
        team = next((each for each in match.teams if each.team_name == name), None)
        if team is None:
            continue
        if number:
            console.print()
        console.print(f"match     {title(match)}")
        of_role = sum(each.role == team.role for each in match.teams)
        owner = f", of {team.owner}" if team.owner.startswith("owner ") else ""
        rank = f"rank {team.rank} of {of_role}" if team.inactive is None else "without a rank"
        console.print(f"team      {name}{owner}, {rank} as {team.role}")
        if team.inactive is not None:
            console.print(f"inactive  {team.inactive}")
        if team.excluded_trades:
            console.print(
                f"excluded  {team.excluded_trades:,} trades, worth {money(team.excluded_value)} to it, are in no number"
                " of the score"
            )
        console.print()
        _show_components(console, team)
        if team.explained is not None:
            console.print()
            _show_explained(console, team.explained)
        of_team = [each for each in match.findings if team.team_id in each.teams]
        for finding in of_team:
            console.print(f"finding   {finding.kind}: {finding.text}")


def _show_components(console: Console, team: TeamDocument) -> None:
    rows = team.components
    totals = (
        ("role", team.role_points, 40),
        ("compliance", team.compliance, 15),
        ("risk", team.risk, 15),
        ("total", team.total, 70),
    )
    blank = [""] * len(totals)
    show_table(
        console,
        [
            Column(
                heading="component",
                cells=[*(each.name.replace("_", " ") for each in rows), *(name for name, _, _ in totals)],
                is_number=False,
            ),
            Column(heading="part of", cells=[*(each.section for each in rows), *blank], is_number=False, rank=1),
            Column(heading="value", cells=[*(_value(each) for each in rows), *blank]),
            Column(heading="share", cells=[*(f"{each.share:.4f}" for each in rows), *blank]),
            Column(
                heading="points", cells=[*(points(each.points) for each in rows), *(points(p) for _, p, _ in totals)]
            ),
            Column(heading="of", cells=[*(f"{each.of:g}" for each in rows), *(str(of) for _, _, of in totals)]),
        ],
    )


def _value(component: ComponentDocument) -> str:
    if component.unit == "currency":
        return money(component.value)
    return f"{component.value:.2%}" if component.unit == "fraction" else f"{component.value:.4g}"


def _show_explained(console: Console, explained: ExplainedDocument) -> None:
    """P&L by what it came from; the parts of a row sum to its P&L."""
    for heading, lines in (("instrument", explained.instruments), ("hour", explained.hours)):
        names = [*(_hour(name) if heading == "hour" else name for name in lines), "all"]
        values = [*lines.values(), explained.total]
        show_table(
            console,
            [
                Column(heading=heading, cells=names, is_number=False),
                *(
                    Column(
                        heading="P&L" if part == "pnl" else part,
                        cells=[money(getattr(each, part)) for each in values],
                        rank=part in _FINER,
                    )
                    for part in _PARTS
                ),
            ],
        )
        console.print()


def _hour(at: str) -> str:
    """The time of day at the exchange, of an instant in ISO format."""
    return at.partition("T")[2][:5]
