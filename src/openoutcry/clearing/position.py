"""A position in one instrument, at average cost."""

from openoutcry.domain.types import Money


class Position:
    """Quantity (> 0 long, < 0 short), what it cost, and the P&L that closing has realised, before fees.

    `cost_basis` has the sign of `quantity`: money paid for a long position, minus the money received for a short one.
    """

    __slots__ = ("cost_basis", "quantity", "realized_pnl")

    def __init__(self) -> None:
        self.quantity = 0
        self.cost_basis = Money(0)
        self.realized_pnl = Money(0)

    def trade(self, quantity: int, unit_value: Money) -> None:
        """Buy (`quantity` > 0) or sell (< 0) at `unit_value` money per contract.

        Closing q of Q releases basis × q ÷ Q, rounded down; the residue stays in the basis until the position is flat.
        A trade through zero closes at average cost and opens the rest at the trade's price.
        """
        held = self.quantity
        if held == 0 or (held > 0) == (quantity > 0):
            self.quantity = held + quantity
            self.cost_basis += quantity * unit_value  # type: ignore[assignment]
            return
        direction = 1 if held > 0 else -1
        size, asked = direction * held, -direction * quantity
        closed = asked if asked < size else size  # noqa: FURB136 - min() costs twice as much, for every fill
        released = direction * self.cost_basis * closed // size
        self.realized_pnl += direction * (closed * unit_value - released)  # type: ignore[assignment]
        if asked > size:
            self.quantity = -direction * (asked - size)
            self.cost_basis = self.quantity * unit_value  # type: ignore[assignment]
        else:
            self.quantity = direction * (size - closed)
            self.cost_basis -= direction * released  # type: ignore[assignment]
