"""Auctions: the one price at which most can trade, and who trades at it, by price, then time.

At a price, buyers want what all bids from it upwards ask for, sellers what all asks from it downwards do; the lesser is
the executable volume, the difference the surplus. Both are steps over the prices, so only where levels stand does
anything change, and the price is found between two neighbouring ticks: the split.
"""

from typing import Final

from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.types import Ticks
from openoutcry.matching.book import NO_RANK, NOBODY_WATCHES, BookSide, OrderBook
from openoutcry.matching.order import Order

Fixing = tuple[Ticks, int, int]
"""Price, executable volume, and surplus: what buyers want at that price less what sellers do."""

Trade = tuple[Order, Order, int]
"""A buy, a sell, and what they traded with each other."""

FAR: Final = 2**60
"""Beyond every price."""


def begin_call(book: OrderBook) -> None:
    """Count what meets in the book from now on, if it is not counted yet. At once where the book is not crossed."""
    bids, asks = book.sides
    if bids.counted_from != NOBODY_WATCHES:
        return
    best_ask = asks.best_price
    bids.count_from(bids.best_rank + 1 if best_ask is None else best_ask)
    asks.count_from(1 - bids.counted_from)
    _move_split(bids, asks)


def end_call(book: OrderBook) -> None:
    for side in book.sides:
        side.stop_counting()


def fix_price(book: OrderBook, reference: Ticks | None) -> Fixing | None:
    """The price of the auction, as the book stands in a call; None if nothing can trade.

    Among all prices: (1) those with the largest executable volume; of them (2) those with the smallest surplus; (3) if
    it is the buyers' at all of them the highest, if the sellers' the lowest; (4) else the nearest to `reference`,
    without one the middle, rounded up. `reference` is rounded to the tick, half up: prices that are left at (4) are
    neighbours, so this gives the higher of two at equal distance.

    Passes as many levels as the book's changes since the last call of this could fill, and no others.
    """
    bids, asks = book.sides
    split = _move_split(bids, asks)
    # At the split and below, volume is what sellers want; above it, what buyers do. So the best is on one side of it.
    wanted, offered = bids.counted_quantity, asks.counted_quantity
    if not wanted and not offered:
        return None
    surplus = wanted + bids.quantity_at(split) - offered
    surplus_above = wanted - offered - asks.quantity_at(-split - 1)
    if offered > wanted or (offered == wanted and surplus < -surplus_above):
        if surplus:
            return Ticks(split), offered, surplus
        return Ticks(_nearest(reference, _lowest_alike(bids, asks, split), split)), offered, 0
    if wanted > offered or surplus > -surplus_above:
        return Ticks(split + 1), wanted, surplus_above
    price = _nearest(reference, _lowest_alike(bids, asks, split), _highest_alike(bids, asks, split + 1))
    return Ticks(price), wanted, surplus if price <= split else surplus_above


def trade_at(book: OrderBook, price: Ticks) -> Trade | None:
    """Let the first order of each side trade with the other, if both accept `price`. Filled ones leave the book."""
    bids, asks = book.sides
    if bids.best_rank < price or asks.best_rank < -price:
        return None
    buy, sell = bids.levels[bids.best_rank].first, asks.levels[asks.best_rank].first
    assert buy is not None, "an empty level leaves the book"  # noqa: S101
    assert sell is not None, "an empty level leaves the book"  # noqa: S101
    return trade_between(book, buy, sell)


def trade_between(book: OrderBook, buy: Order, sell: Order) -> Trade:
    """Let two resting orders trade with each other, as much as both can."""
    quantity = min(buy.remaining_quantity, sell.remaining_quantity)
    book.sides[BUY].fill(buy, quantity)
    book.sides[SELL].fill(sell, quantity)
    return buy, sell, quantity


def _move_split(bids: BookSide, asks: BookSide) -> int:
    """The highest price at which buyers want at least what sellers do. The sides count what is above it, and what
    is not.
    """
    split = bids.counted_from - 1
    if not asks.ranks:
        # Nobody sells, at any price: the best bid stands for all of them, so that a book has but one split.
        split = bids.best_rank
        bids.count_from(split + 1)
        asks.count_from(-split)
    while True:
        wanted, offered = bids.counted_quantity, asks.counted_quantity
        if wanted >= offered + asks.quantity_at(-split - 1):
            bid, ask = bids.worst_from(split + 1), asks.best_below(-split)
            if bid == ask == NO_RANK:
                return split
            above = FAR if bid == NO_RANK else bid
            split = split + 1 if ask == -split - 1 else min(above, -ask - 1)
        elif wanted + bids.quantity_at(split) < offered:
            split = max(bids.best_below(split), -asks.worst_from(-split) - 1)
        else:
            return split
        bids.count_from(split + 1)
        asks.count_from(-split)


def _lowest_alike(bids: BookSide, asks: BookSide, price: int) -> int:
    """The lowest price at which both sides want what they want at `price`."""
    return max(bids.best_below(price) + 1, -asks.worst_from(-price))


def _highest_alike(bids: BookSide, asks: BookSide, price: int) -> int:
    """The highest such price."""
    return min(bids.worst_from(price), -asks.best_below(-price) - 1)


def _nearest(reference: Ticks | None, lowest: int, highest: int) -> int:
    if reference is None:
        return (lowest + highest + 1) // 2
    return min(max(reference, lowest), highest)
