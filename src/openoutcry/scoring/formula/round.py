"""A round: several matches whose entries are scored together, each team's mean over its matches, and how sure the order
of the teams is.
"""

from collections.abc import Sequence
from itertools import chain, islice, pairwise
from typing import NamedTuple

from msgspec import Struct

from openoutcry.domain.scoring.rules import ScoringRules
from openoutcry.scoring.entry import Entry
from openoutcry.scoring.formula import sentences
from openoutcry.scoring.formula.confidence import Estimate, estimate, mean_of, p_value
from openoutcry.scoring.formula.points import Tally, tallies
from openoutcry.scoring.formula.score import Score, scores_of
from openoutcry.scoring.formula.standing import ranks


class TeamKey(NamedTuple):
    """By what a team is known again in another match."""

    team_name: str
    owner: str


class TeamResult(Struct, frozen=True, kw_only=True):
    """A team in a ranking, by means over the matches that it played there."""

    rank: int
    team: TeamKey
    matches: int
    active_matches: int
    """In the others it has 0 points, which count."""
    total: Estimate
    role_points: float
    compliance: float
    risk: float


class Neighbours(Struct, frozen=True, kw_only=True):
    """Two teams next to each other in a ranking, compared match by match."""

    ahead: TeamKey
    behind: TeamKey
    matches: int
    """In which both played."""
    lead: Estimate | None
    """By how much more the one ahead scored in these. None: there are none."""
    p_value: float | None
    """The chance of a difference at least so large if both were equally good. None: it cannot be told."""
    sentence: str


class Ranking(Struct, frozen=True, kw_only=True):
    role: str | None
    """None: across all roles."""
    teams: tuple[TeamResult, ...]
    """The best first; equal ones, which share a rank, by name."""
    neighbours: tuple[Neighbours, ...]


class Round(Struct, frozen=True, kw_only=True):
    matches: int
    seeds: int
    is_rotated: bool
    """Every team has played every role equally often: one ranking holds them all. Otherwise each role has its own."""
    rankings: tuple[Ranking, ...]
    scores: tuple[tuple[Score, ...], ...]
    """Of each match's entries, scored among those of all matches."""
    basis: str
    """What it rests on: a few sentences."""


class _Played(NamedTuple):
    match: int
    entry: Entry
    tally: Tally


def round_of(matches: Sequence[Sequence[Entry]], rules: ScoringRules, seeds: Sequence[str] = ()) -> Round:
    """At least one match is given. `seeds`: what tells the seed of each match from others; none: all are different.

    In a match, no two entries are of teams with the same name and owner.
    """
    entries = list(chain.from_iterable(matches))
    found = tallies(entries, rules)
    number_of = [number for number, match in enumerate(matches) for _ in match]
    played = [_Played(*each) for each in zip(number_of, entries, found, strict=True)]
    rotated = _is_rotated(entries)
    rankings: tuple[Ranking, ...]
    if rotated:
        rankings = (_ranking(None, played),)
    else:
        roles = [role for role in rules.roles if any(entry.role == role for entry in entries)]
        roles += sorted({entry.role for entry in entries} - set(roles))
        rankings = tuple(_ranking(role, [each for each in played if each.entry.role == role]) for role in roles)
    different_seeds = len(set(seeds)) if seeds else len(matches)
    scores = iter(scores_of(entries, found, rules))
    return Round(
        matches=len(matches),
        seeds=different_seeds,
        is_rotated=rotated,
        rankings=rankings,
        scores=tuple(tuple(islice(scores, len(match))) for match in matches),
        basis=sentences.basis(len(matches), different_seeds, rotated, len({entry.role for entry in entries})),
    )


def _is_rotated(entries: Sequence[Entry]) -> bool:
    """Whether there are several roles, and every team has played each of them, and all equally often."""
    roles = {entry.role for entry in entries}
    times: dict[tuple[TeamKey, str], int] = {}
    for entry in entries:
        key = _key(entry), entry.role
        times[key] = times.get(key, 0) + 1
    teams = {team for team, _ in times}
    return len(roles) > 1 and len(times) == len(roles) * len(teams) and len(set(times.values())) == 1


def _ranking(role: str | None, played: Sequence[_Played]) -> Ranking:
    by_team: dict[TeamKey, list[_Played]] = {}
    for each in played:
        by_team.setdefault(_key(each.entry), []).append(each)
    means = [mean_of([each.tally.total for each in its]) for its in by_team.values()]
    rank_of = dict(zip(by_team, ranks(means), strict=True))
    order = sorted(by_team, key=lambda team: (rank_of[team], team))
    return Ranking(
        role=role,
        teams=tuple(_result(rank_of[team], team, by_team[team]) for team in order),
        neighbours=tuple(
            _compared(ahead, by_team[ahead], behind, by_team[behind]) for ahead, behind in pairwise(order)
        ),
    )


def _result(rank: int, team: TeamKey, played: Sequence[_Played]) -> TeamResult:
    return TeamResult(
        rank=rank,
        team=team,
        matches=len(played),
        active_matches=sum(each.entry.is_active for each in played),
        total=estimate([each.tally.total for each in played]),
        role_points=float(mean_of([each.tally.role for each in played])),
        compliance=float(mean_of([each.tally.compliance for each in played])),
        risk=float(mean_of([each.tally.risk for each in played])),
    )


def _compared(ahead: TeamKey, of_ahead: Sequence[_Played], behind: TeamKey, of_behind: Sequence[_Played]) -> Neighbours:
    totals = {each.match: each.tally.total for each in of_behind}
    leads = [each.tally.total - totals[each.match] for each in of_ahead if each.match in totals]
    lead = estimate(leads) if leads else None
    chance = p_value(leads)
    return Neighbours(
        ahead=ahead,
        behind=behind,
        matches=len(leads),
        lead=lead,
        p_value=chance,
        sentence=sentences.comparison(ahead.team_name, behind.team_name, len(leads), lead, chance),
    )


def _key(entry: Entry) -> TeamKey:
    return TeamKey(entry.team_name, entry.owner)
