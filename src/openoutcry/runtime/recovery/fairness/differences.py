"""How far numbers are from those that were made anew. Floats are rounded to integers as soon as they are made, so
another processor, or another version of numpy, may be one unit off now and then. More is no rounding.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from openoutcry.domain.day.marks import Mark, ScenarioValues, UnderlyingMark
from openoutcry.domain.simulation.signals import SignalToRole
from openoutcry.simulation.world.world import World

ROUNDING: Final = 1
"""Units by which a number may be off."""


class Difference(NamedTuple):
    """Between two that should be the same."""

    rounded: int
    """Numbers that are one unit off."""
    text: str | None
    """What is further off, the first of it; None: nothing."""


NONE: Final = Difference(0, None)

_Mark = UnderlyingMark | Mark | ScenarioValues


def of_marks(found: Sequence[_Mark], expected: Sequence[_Mark]) -> Difference:
    """Prices of underlyings, marks, or scenario values; `found` in the journal."""
    if found == expected:
        return NONE
    if len(found) != len(expected):
        return Difference(0, f"{len(found)} marks, not {len(expected)}")
    rounded = 0
    for one, other in zip(found, expected, strict=True):
        if one != other:
            numbers, others = _numbers(one), _numbers(other)
            off = [abs(a - b) for a, b in zip(numbers[1], others[1], strict=False)]
            if numbers[0] != others[0] or len(numbers[1]) != len(others[1]) or max(off) > ROUNDING:
                return Difference(0, f"{one}, not {other}")
            rounded += sum(off)
    return Difference(rounded, None)


def of_worlds(found: World, expected: World) -> Difference:
    """`found`: the one that was kept."""
    names = "regimes", "index", "errors", "tracker", "beliefs", "levels"
    rounded = 0
    for name, one, other in zip(names, found.arrays, expected.arrays, strict=True):
        if one.shape != other.shape:
            return Difference(0, f"{name}: {len(one)} seconds, not {len(other)}")
        off = np.abs(one - other)
        allowed = 0 if name == "regimes" else ROUNDING
        if off.size and off.max() > allowed:
            second = int(np.argwhere(off > allowed)[0][0])
            return Difference(0, f"{name} at second {second}: {one[second]}, not {other[second]}")
        rounded += int(off.sum())
    if found.news != expected.news:
        return Difference(0, "its news are others")
    if [one.second for one in found.signals] != [one.second for one in expected.signals]:
        return Difference(0, "its signals come at other seconds")
    signals = of_signals([one.signal for one in found.signals], [one.signal for one in expected.signals])
    return Difference(rounded + signals.rounded, signals.text)


def of_signals(found: Sequence[SignalToRole], expected: Sequence[SignalToRole]) -> Difference:
    """Of one market second, or of a whole world."""
    if found == expected:
        return NONE
    if len(found) != len(expected):
        return Difference(0, f"{len(found)} signals, not {len(expected)}")
    rounded = 0
    for one, other in zip(found, expected, strict=True):
        off = _off(one, other)
        if off is None or off > ROUNDING:
            return Difference(0, f"{one}, not {other}")
        rounded += off
    return Difference(rounded, None)


def _off(one: SignalToRole, other: SignalToRole) -> int | None:
    """The most that a number of the signal is off; None: it is another one."""
    ours, theirs = one.signal, other.signal
    if (one.role, type(ours)) != (other.role, type(theirs)):
        return None
    most = 0
    for name in ours.__struct_fields__:
        mine, their = getattr(ours, name), getattr(theirs, name)
        if isinstance(mine, int) and isinstance(their, int):
            most = max(most, abs(mine - their))
        elif mine != their:
            return None
    return most


def _numbers(mark: _Mark) -> tuple[object, tuple[int, ...]]:
    """Whose it is, and its numbers."""
    match mark:
        case UnderlyingMark():
            return mark.symbol, (mark.price,)
        case ScenarioValues():
            return mark.place, mark.values
        case Mark():
            return mark.place, (mark.value, mark.volatility, mark.delta, mark.gamma, mark.vega, mark.theta)
