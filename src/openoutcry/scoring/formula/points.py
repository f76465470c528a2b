"""How many points each component gives. The tables are the formula: read them from top to bottom."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final

from msgspec import Struct, structs

from openoutcry.domain.scoring.components import ComponentName, Section
from openoutcry.domain.scoring.rules import Formula, ScoringRules
from openoutcry.domain.types import PPM
from openoutcry.scoring.entry import Entry
from openoutcry.scoring.formula import values
from openoutcry.scoring.formula.standing import standings

Value = Callable[[Entry, ScoringRules], Fraction]


class Ranked(Struct, frozen=True):
    """Points by P among the role's active entries. `sign` -1: the smaller the value, the better."""

    name: ComponentName
    of: Fraction
    value: Value
    sign: int = 1


class Measured(Struct, frozen=True):
    """Points by the value alone, whatever others do. `full`: the value that gives all of them."""

    name: ComponentName
    of: Fraction
    value: Value
    full: Callable[[ScoringRules], Fraction] = lambda _rules: Fraction(1)


ROLE: Final[dict[Formula, tuple[Ranked | Measured, ...]]] = {
    "market_maker": (
        Ranked("pnl", Fraction(20), values.pnl),
        Ranked("edge", Fraction(10), values.maker_edge),
        Measured("coverage", Fraction(5), values.coverage, lambda rules: Fraction(rules.coverage_ppm, PPM)),
        Ranked("inventory", Fraction(5), values.inventory, -1),
    ),
    "hedge_fund": (
        Ranked("pnl", Fraction(20), values.pnl),
        Ranked("shift", Fraction(14), values.shift),
        Measured("hedging", Fraction(6), values.hedging),
    ),
    "arbitrage_desk": (
        Ranked("pnl", Fraction(20), values.pnl),
        Ranked("convergence", Fraction(14), values.convergence),
        Measured("response", Fraction(6), values.response),
    ),
    "profit": (Ranked("pnl", Fraction(40), values.pnl),),
}

COMPLIANCE: Final = Fraction(15)
OUTSIDE_WEIGHT: Final = 5
"""Of the share of seconds outside a duty: a fifth of them costs all points of compliance."""
LEVEL_WEIGHT: Final = Fraction(1, 5)
"""Of each time that level 2 or 3 was reached."""

RISK: Final[tuple[Ranked, ...]] = (
    Ranked("drawdown", Fraction(15, 2), values.drawdown, -1),
    Ranked("worst_minutes", Fraction(15, 2), values.worst_minutes),
)


class Points(Struct, frozen=True):
    """A component in exact numbers; its fields are those of `Component`."""

    name: ComponentName
    section: Section
    value: Fraction
    share: Fraction
    points: Fraction
    of: Fraction


class Tally(Struct, frozen=True):
    """The points of an entry: of each component and of the sections."""

    components: tuple[Points, ...]
    role: Fraction
    compliance: Fraction
    risk: Fraction
    total: Fraction


def tallies(entries: Sequence[Entry], rules: ScoringRules) -> list[Tally]:
    """Of each entry, in their order. The components of an inactive one give nothing, and it counts for no other."""
    return [_tally(found) for found in _components(entries, rules)]


def _tally(components: tuple[Points, ...]) -> Tally:
    sums: dict[Section, Fraction] = {"role": values.ZERO, "compliance": values.ZERO, "risk": values.ZERO}
    for each in components:
        if each.points:
            sums[each.section] += each.points
    return Tally(components, sums["role"], sums["compliance"], sums["risk"], sum(sums.values(), values.ZERO))


def _components(entries: Sequence[Entry], rules: ScoringRules) -> list[tuple[Points, ...]]:
    points: dict[int, tuple[Points, ...]] = {}
    by_role: dict[str, list[int]] = {}
    for number, entry in enumerate(entries):
        if entry.is_active:
            by_role.setdefault(entry.role, []).append(number)
        else:
            (alone,) = _of_peers([entry], rules)
            points[number] = tuple(structs.replace(each, share=values.ZERO, points=values.ZERO) for each in alone)
    for numbers in by_role.values():
        found = _of_peers([entries[number] for number in numbers], rules)
        points.update(zip(numbers, found, strict=True))
    return [points[number] for number in range(len(entries))]


def _of_peers(peers: Sequence[Entry], rules: ScoringRules) -> list[tuple[Points, ...]]:
    """The components of each of these entries, which are of one role."""
    role = ROLE[rules.of(peers[0].role).formula]
    columns = [
        *(_column("role", each, peers, rules) for each in role),
        *_compliance(peers, rules),
        *(_column("risk", each, peers, rules) for each in RISK),
    ]
    return list(zip(*columns, strict=True))


def _column(section: Section, rule: Ranked | Measured, peers: Sequence[Entry], rules: ScoringRules) -> list[Points]:
    """One component of each."""
    found = [rule.value(entry, rules) for entry in peers]
    if isinstance(rule, Ranked):
        shares = standings([rule.sign * value for value in found])
    else:
        full = rule.full(rules)
        shares = [values.ONE if value >= full else value / full for value in found]
    return [
        Points(rule.name, section, value, share, rule.of * share, rule.of)
        for value, share in zip(found, shares, strict=True)
    ]


def _compliance(peers: Sequence[Entry], rules: ScoringRules) -> tuple[list[Points], list[Points]]:
    """15 max(0, 1 - 5 b - 0.2 s), as what the duties give and what levels of sanctions take from it."""
    duties, sanctions = [], []
    for entry in peers:
        outside, levels = values.outside(entry, rules), values.levels(entry, rules)
        kept = max(values.ZERO, 1 - OUTSIDE_WEIGHT * outside)
        lost = min(kept, LEVEL_WEIGHT * levels)
        duties.append(Points("duties", "compliance", outside, kept, COMPLIANCE * kept, COMPLIANCE))
        sanctions.append(Points("sanctions", "compliance", levels, lost, -COMPLIANCE * lost, values.ZERO))
    return duties, sanctions
