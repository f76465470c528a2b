"""A position in one instrument, at average cost."""

from typing import TYPE_CHECKING

from openoutcry.domain.types import Money

if TYPE_CHECKING:
    from mypy_extensions import i64


class Position:
    """Quantity (> 0 long, < 0 short), its cost, and the realized P&L before fees, in money units.

    `cost_basis` has the sign of `quantity`: money paid for a long position, minus the money received for a short one.
    """

    __slots__ = ("cost_basis", "quantity", "realized_pnl")

    def __init__(self) -> None:
        self.quantity = 0
        self.cost_basis = Money(0)
        self.realized_pnl = Money(0)

    def trade(self, quantity: "i64", unit_value: "i64") -> None:
        """Buy (`quantity` > 0) or sell (< 0) at `unit_value` money per contract.

        Closing q of Q releases basis × q ÷ Q, rounded down; the residue stays in the basis until the position is flat.
        A trade through zero closes at average cost and opens the rest at the trade's price.
        """
        # In the compiled build the terms of one trade have 64 bits: their products fit, and are many times as fast.
        # Any value combined with them is taken for 64 bits too, and wraps silently: so all others are declared.
        held: int = self.quantity
        traded: int = quantity
        if held == 0 or (held > 0) == (traded > 0):
            value: int = quantity * unit_value
            self.quantity = held + traded
            self.cost_basis += value  # type: ignore[assignment]
            return
        direction = 1 if held > 0 else -1
        size: int = direction * held
        asked: int = -direction * traded
        closed: int
        released: int
        if asked < size:
            closed = asked
            released = direction * self.cost_basis * closed // size
            self.quantity = direction * (size - closed)
            self.cost_basis -= direction * released  # type: ignore[assignment]
        else:
            closed = size
            released = direction * self.cost_basis
            opened: int = -direction * (asked - size)
            self.quantity = opened
            self.cost_basis = opened * unit_value  # type: ignore[assignment]
        gained: int = closed * unit_value
        self.realized_pnl += direction * (gained - released)  # type: ignore[assignment]
