"""A position without a trade that helped to make it."""

from collections.abc import Iterable

from openoutcry.clearing.position import Position
from openoutcry.domain.types import Money

Entry = tuple[int, int, bool]
"""A trade of a position: quantity (> 0 bought, < 0 sold), money per contract, and whether it is to be undone."""


def position_without(position: Position, newest_first: Iterable[Entry], undone: int) -> Position | None:
    """What `position` would be if those of its trades that are to be undone, `undone` in number, had never been.

    It is counted anew from the last moment before them at which the position was flat. None if `newest_first`, the
    trades that made it, does not reach back to such a moment, or does not explain what the position cost.
    """
    since: list[Entry] = []
    held = position.quantity
    for entry in newest_first:
        since.append(entry)
        held -= entry[0]
        undone -= entry[2]
        if not held and not undone:
            break
    else:
        return None
    before, after = Position(), Position()
    for quantity, unit_value, is_undone in reversed(since):
        before.trade(quantity, unit_value)
        if not is_undone:
            after.trade(quantity, unit_value)
    if before.cost_basis != position.cost_basis:
        return None
    after.realized_pnl = Money(after.realized_pnl + position.realized_pnl - before.realized_pnl)
    return after
