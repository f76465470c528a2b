"""Sides, times in force, and the life cycle of an order as a table."""

from typing import Final, Literal, NewType

Side = NewType("Side", int)
"""`BUY` or `SELL`; the other side of `side` is `1 - side`."""

BUY: Final = Side(0)
SELL: Final = Side(1)

SideName = Literal["buy", "sell"]
SIDE_NAMES: Final[tuple[SideName, SideName]] = ("buy", "sell")
SIDES: Final[dict[str, Side]] = {"buy": BUY, "sell": SELL}

TimeInForce = Literal["day", "ioc", "fok"]
TIMES_IN_FORCE: Final[frozenset[str]] = frozenset({"day", "ioc", "fok"})

Status = Literal["open", "partially_filled", "filled", "cancelled"]
OrderChange = Literal["partial_fill", "fill", "cancel", "amend"]

LIFE_CYCLE: Final[dict[OrderChange, dict[Status, Status]]] = {
    "partial_fill": {"open": "partially_filled", "partially_filled": "partially_filled"},
    "fill": {"open": "filled", "partially_filled": "filled"},
    "cancel": {"open": "cancelled", "partially_filled": "cancelled"},
    "amend": {"open": "open", "partially_filled": "partially_filled"},
}
"""By change: the status after it, by the status before it. A missing status cannot change so; meeting it is a bug."""

CLOSED_STATUSES: Final[frozenset[Status]] = frozenset({"filled", "cancelled"})
"""Statuses that an order never leaves."""
