"""The scores of the entries of a match, or of all matches of a round, of which the roles' entries are pooled."""

from collections.abc import Sequence

from msgspec import Struct

from openoutcry.domain.scoring.rules import ScoringRules
from openoutcry.domain.types import PPM
from openoutcry.scoring.entry import Entry
from openoutcry.scoring.formula.component import Component
from openoutcry.scoring.formula.points import Points, Tally, tallies
from openoutcry.scoring.formula.standing import ranks


class Score(Struct, frozen=True, kw_only=True):
    """What an entry gets, and for what. Points are rounded to floats from exact numbers, each by itself."""

    entry: Entry
    components: tuple[Component, ...]
    """In the order of the formula: those of the role, of compliance, of risk."""
    role_points: float
    """Up to 40."""
    compliance: float
    """Up to 15."""
    risk: float
    """Up to 15."""
    total: float
    rank: int
    """Among the entries of its role, from 1, by exact totals; equal ones share a rank, and the inactive the last."""
    inactive: str | None
    """Why it has no points: a sentence. None: it is active."""


def score(entries: Sequence[Entry], rules: ScoringRules) -> list[Score]:
    """A score for each entry, in their order."""
    return scores_of(entries, tallies(entries, rules), rules)


def scores_of(entries: Sequence[Entry], found: Sequence[Tally], rules: ScoringRules) -> list[Score]:
    """Of entries whose points are known."""
    rank = _ranks(entries, found)
    return [
        Score(
            entry=entry,
            components=tuple(_component(each) for each in tally.components),
            role_points=float(tally.role),
            compliance=float(tally.compliance),
            risk=float(tally.risk),
            total=float(tally.total),
            rank=rank[number],
            inactive=None if entry.is_active else why_inactive(entry, rules),
        )
        for number, (entry, tally) in enumerate(zip(entries, found, strict=True))
    ]


def ranking(scores: Sequence[Score], rules: ScoringRules) -> list[Score]:
    """In the order in which tables show them: by role as the rules name them, rank, name and id."""
    place = {role: number for number, role in enumerate(rules.roles)}
    return sorted(
        scores,
        key=lambda each: (
            place.get(each.entry.role, len(place)),
            each.entry.role,
            each.rank,
            each.entry.team_name,
            each.entry.team_id,
        ),
    )


def why_inactive(entry: Entry, rules: ScoringRules) -> str:
    floor = rules.of(entry.role).contracts_per_hour
    return (
        f"traded less than {floor:,} contracts in an hour too often: it reached them in hours that make "
        f"{entry.active_seconds:,} of {entry.session_seconds:,} seconds, not {rules.active_ppm * 100 / PPM:g} %"
    )


def _component(points: Points) -> Component:
    return Component(
        name=points.name,
        section=points.section,
        value=float(points.value),
        share=float(points.share),
        points=float(points.points),
        of=float(points.of),
    )


def _ranks(entries: Sequence[Entry], found: Sequence[Tally]) -> dict[int, int]:
    by_role: dict[str, list[int]] = {}
    for number, entry in enumerate(entries):
        by_role.setdefault(entry.role, []).append(number)
    return {
        number: rank
        for numbers in by_role.values()
        for number, rank in zip(numbers, ranks([found[number].total for number in numbers]), strict=True)
    }
