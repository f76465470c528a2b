"""What a team's equity must cover, counted anew from all that it holds and has open: GAME.md's formula as written."""

from collections.abc import Iterable

from openoutcry.domain.orders import BUY, Side

Line = tuple[int, int, int, tuple[int, ...], list[tuple[Side, int, int]]]
"""One instrument: multiplier, position, mark, values in the scenarios, and open orders as side, price in money and
quantity."""


def requirement(lines: Iterable[Line]) -> int:
    lines = list(lines)
    number = max((len(values) for _, _, _, values, _ in lines), default=0)
    worst = min((sum(_gain(line, scenario) for line in lines) for scenario in range(number)), default=0)
    return -min(0, worst)


def _gain(line: Line, scenario: int) -> int:
    multiplier, position, mark, values, orders = line
    if not values:
        return 0
    value = values[scenario]
    bought = sum(quantity * (value - price) for side, price, quantity in orders if side == BUY)
    sold = sum(quantity * (price - value) for side, price, quantity in orders if side != BUY)
    return (position * (value - mark) + min(0, bought, sold)) * multiplier
