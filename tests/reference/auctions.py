"""Auctions as the rules are written: every price is tried, and chance is asked of every order."""

from collections.abc import Iterable
from fractions import Fraction

from openoutcry.domain.orders import BUY, SELL, Side
from openoutcry.domain.rulebook import SelfTradePrevention
from reference.ledger import ReferenceOrder

Wanted = tuple[Side, int, int]
"""Side, limit and quantity of an order."""

Fixing = tuple[int, int, int]
"""Price, volume, and what is left: above 0 for buyers, below 0 for sellers."""

CALLS = ("pre_open", "reopening_call")
AUCTIONS = ("opening_auction", "reopening_auction")


def fix(orders: Iterable[Wanted], reference: Fraction | None) -> Fixing | None:
    """The price by the four rules, from every price between the lowest and the highest limit."""
    orders = list(orders)
    limits = [limit for _, limit, _ in orders]
    found = {}
    for price in range(min(limits, default=0), max(limits, default=0) + 1):
        bought = sum(quantity for side, limit, quantity in orders if side == BUY and limit >= price)
        sold = sum(quantity for side, limit, quantity in orders if side == SELL and limit <= price)
        found[price] = min(bought, sold), bought - sold
    most = max(volume for volume, _ in found.values())
    if not most:
        return None
    left = {price: surplus for price, (volume, surplus) in found.items() if volume == most}
    least = min(map(abs, left.values()))
    left = {price: surplus for price, surplus in left.items() if abs(surplus) == least}
    if all(surplus > 0 for surplus in left.values()):
        price = max(left)
    elif all(surplus < 0 for surplus in left.values()):
        price = min(left)
    elif reference is None:
        price = -(-(min(left) + max(left)) // 2)
    else:
        price = min(left, key=lambda price: (abs(price - reference), -price))
    return price, most, left[price]


def reaches(order: ReferenceOrder, price: int) -> bool:
    return order.limit >= price if order.side == BUY else order.limit <= price


def meets_own(
    order_side: Side, price: int, owner: str, others: Iterable[ReferenceOrder], prevention: SelfTradePrevention
) -> bool:
    """Whether an order at this price could trade with one of its owner's in an auction."""
    return prevention != "none" and any(
        other.team.owner == owner and other.side != order_side and reaches(other, price) for other in others
    )
