"""All teams as a table. Draws what it is given and knows nothing else."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from openoutcry.cli.demonstration.tables import Column, fitted
from openoutcry.protocol.responses import LimitInfo, TeamOverviewInfo

HEADING_ROWS: Final = 4
"""Rows above the teams, and the one below that says how many are left out."""

MOST_CODES: Final = 2
"""Codes of refusals shown for a team."""

FULL: Final = 0.9
"""Share of a limit from which on its use is marked."""

LEVELS: Final = ("", "warned", "points off", "reduce-only")
"""Names of the levels of sanctions."""


def team_table(
    teams: Sequence[TeamOverviewInfo],
    rates: Mapping[str, float],
    now: datetime,
    *,
    url: str,
    width: int,
    height: int,
    trouble: str | None = None,
) -> RenderableType:
    """As many teams as fit into `height`. `rates`: orders a second, by team id, of those where it is known. `trouble`:
    why the table is an old one.
    """
    room = max(1, height - HEADING_ROWS)
    shown = teams if len(teams) <= room else teams[: room - 1]
    left_out = [] if len(shown) == len(teams) else [Text(f"and {len(teams) - len(shown)} more", style="dim")]
    between = Text() if trouble is None else Text(trouble, style="red", no_wrap=True, overflow="ellipsis")
    return Group(_heading(teams, rates, url), between, fitted(columns(shown, rates, now), width), *left_out)


def columns(teams: Sequence[TeamOverviewInfo], rates: Mapping[str, float], now: datetime) -> list[Column]:
    """Where the width is short, the highest ranks go first."""
    return [
        Column(heading="team", cells=[_name(team) for team in teams], is_number=False),
        Column(heading="id", cells=[team.team_id for team in teams], is_number=False, rank=6),
        Column(heading="role", cells=[team.role for team in teams], is_number=False, rank=7),
        Column(heading="streams", cells=[_streams(team) for team in teams], rank=2),
        Column(heading="seen", cells=[_seen(team, now) for team in teams], rank=3),
        Column(heading="orders", cells=[str(team.orders) for team in teams], rank=8),
        Column(heading="per s", cells=[_rate(rates.get(team.team_id)) for team in teams]),
        Column(heading="refused", cells=[str(sum(team.refusals.values()) or "") for team in teams], rank=1),
        Column(heading="position", cells=[_position(team) for team in teams], rank=4),
        Column(heading="equity", cells=[f"{team.equity:,.2f}" for team in teams]),
        Column(heading="fullest limit", cells=[_fullest(team) for team in teams], is_number=False, rank=3),
        Column(heading="outside", cells=[_outside(team) for team in teams], is_number=False, rank=4),
        Column(heading="sanctions", cells=[_sanctions(team) for team in teams], is_number=False, rank=1),
        Column(heading="refused for", cells=[_refusals(team) for team in teams], is_number=False, rank=5),
    ]


def _heading(teams: Sequence[TeamOverviewInfo], rates: Mapping[str, float], url: str) -> Text:
    connected = sum(team.connections > 0 for team in teams)
    text = Text.assemble((url, "bold cyan"), f"   {len(teams)} teams, {connected} connected", no_wrap=True)
    if rates:
        text.append(f", {sum(rates.values()):,.0f} orders/s")
    return text


def _name(team: TeamOverviewInfo) -> Text:
    if not team.has_key:
        return Text(f"{team.team_name} (the exchange's)", style="dim")
    return Text(team.team_name, style="red" if team.suspended else "")


def _streams(team: TeamOverviewInfo) -> Text:
    if not team.has_key:
        return Text("")
    return Text(str(team.connections), style="green" if team.connections else "red")


def _seen(team: TeamOverviewInfo, now: datetime) -> str:
    """How long ago."""
    if team.last_seen is None:
        return "" if not team.has_key else "never"
    seconds = max(0, round((now - datetime.fromisoformat(team.last_seen)).total_seconds()))
    if seconds < 100:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 100 * 60 else f"{seconds // 3600} h"


def _rate(rate: float | None) -> str:
    return "" if rate is None else f"{rate:.1f}"


def _position(team: TeamOverviewInfo) -> str:
    """Contracts and lots in all, and in how many instruments."""
    return f"{sum(team.positions.values()):+d} in {len(team.positions)}" if team.positions else ""


def _fullest(team: TeamOverviewInfo) -> Text:
    """The limit of which most is used; one of 0 or less, which equity may be, is used up."""
    used = {name: _share(limit) for name, limit in team.limits.items() if limit.used}
    if not used:
        return Text("")
    name = max(used, key=lambda each: used[each])
    return Text(f"{used[name]:.0%} {name}", style="red" if used[name] >= FULL else "")


def _share(limit: LimitInfo) -> float:
    return limit.used / limit.limit if limit.limit > 0 else 1.0


def _outside(team: TeamOverviewInfo) -> Text:
    """The duties that it breaches."""
    return Text(", ".join(duty.duty for duty in team.duties if duty.state == "breached"), style="red")


def _sanctions(team: TeamOverviewInfo) -> Text:
    said = [LEVELS[team.sanctions.level]] if 0 < team.sanctions.level < len(LEVELS) else []
    if team.reduce_only and LEVELS[-1] not in said:
        said.append(LEVELS[-1])
    if team.suspended:
        said.append("suspended")
    return Text(", ".join(said), style="red")


def _refusals(team: TeamOverviewInfo) -> str:
    """The most frequent codes."""
    return ", ".join(f"{code} {count}" for code, count in list(team.refusals.items())[:MOST_CODES])
