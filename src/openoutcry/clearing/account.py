"""A team's money: cash and fees paid."""

from typing import TYPE_CHECKING

from openoutcry.clearing.position import Position
from openoutcry.domain.types import Money

if TYPE_CHECKING:
    from mypy_extensions import i64


class Account:
    """`fees_paid` > 0 was paid to the venue on balance, < 0 was received."""

    __slots__ = ("cash", "fees_paid")

    def __init__(self, cash: Money) -> None:
        self.cash = cash
        self.fees_paid = Money(0)

    def settle(self, position: Position, quantity: "i64", unit_value: "i64", fees: Money) -> None:
        """Book one fill: `quantity` > 0 bought or < 0 sold at `unit_value` money per contract, with its fees."""
        position.trade(quantity, unit_value)
        spent: int = quantity * unit_value
        self.cash -= spent + fees  # type: ignore[assignment]
        self.fees_paid += fees  # type: ignore[assignment]
