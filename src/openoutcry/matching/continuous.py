"""Continuous matching: an incoming order against the other side's book, best price first, then in order of arrival."""

from collections.abc import Sequence
from typing import Final

from openoutcry.domain.orders import SELL, Side
from openoutcry.domain.rulebook import SelfTradePrevention
from openoutcry.domain.types import Ticks
from openoutcry.matching.book import OrderBook
from openoutcry.matching.order import Order

Step = tuple[Order, int]
"""What happened to one resting order: the quantity it traded; 0 if self-trade prevention removed it instead."""

NO_STEPS: Final[tuple[Sequence[Step], bool]] = ((), False)

EXPIRES_TAKER: Final[frozenset[SelfTradePrevention]] = frozenset({"expire_taker", "expire_both"})
EXPIRES_MAKER: Final[frozenset[SelfTradePrevention]] = frozenset({"expire_maker", "expire_both"})


def match(book: OrderBook, taker: Order, prevention: SelfTradePrevention) -> tuple[Sequence[Step], bool]:
    """Trade `taker` as far as its limit and quantity reach.

    Quantities of both orders are reduced and filled makers leave the book; the caller handles the taker. Each
    maker occurs in at most one step, and its level's price is the trade's. The flag says that self-trade prevention
    ended the taker, whose remainder must not rest.
    """
    opposite = book.sides[1 - taker.side]
    worst_rank = -taker.rank
    if opposite.best_rank < worst_rank:
        return NO_STEPS
    steps: list[Step] = []
    wanted = taker.remaining_quantity
    protects = prevention != "none"
    expired = False
    levels = opposite.levels
    while wanted and not expired and opposite.best_rank >= worst_rank:
        rank = opposite.best_rank
        level = levels[rank]
        unchanged = len(steps)
        maker = level.first
        while maker is not None and wanted:
            available = maker.remaining_quantity
            if protects and maker.owner == taker.owner:
                expired = prevention in EXPIRES_TAKER
                if prevention not in EXPIRES_MAKER:
                    break
                steps.append((maker, 0))
            elif available > wanted:
                maker.remaining_quantity = available - wanted
                level.quantity -= wanted
                steps.append((maker, wanted))
                wanted = 0
                break
            else:
                maker.remaining_quantity = 0
                wanted -= available
                steps.append((maker, available))
            # The maker is first in its queue, and leaves it.
            level.quantity -= available
            following = maker.next
            maker.previous = maker.next = maker.level = None
            maker = following
            if expired:
                break
        level.first = maker
        if len(steps) > unchanged and rank >= opposite.watched_from:
            opposite.changed.append(rank)
        if maker is None:
            opposite.drop(level)
        else:
            maker.previous = None
    taker.remaining_quantity = wanted
    return steps, expired


def first_maker(book: OrderBook, side: Side, price: Ticks) -> Order | None:
    """The resting order that an order of `side` with this limit would meet first; None if it would meet none."""
    level = book.sides[1 - side].best
    if level is None or (level.price < price if side == SELL else level.price > price):
        return None
    return level.first


def is_ended_by(taker: Order, maker: Order, prevention: SelfTradePrevention) -> bool:
    """Whether self-trade prevention ends `taker` when it meets `maker`."""
    return prevention in EXPIRES_TAKER and maker.owner == taker.owner


def is_fillable(book: OrderBook, taker: Order, prevention: SelfTradePrevention) -> bool:
    """Whether `taker` could fill completely at once, counting only what self-trade prevention lets it take."""
    opposite = book.sides[1 - taker.side]
    wanted = taker.remaining_quantity
    for rank in reversed(opposite.ranks):
        if rank < -taker.rank:
            return False
        maker = opposite.levels[rank].first
        while maker is not None:
            if prevention != "none" and maker.owner == taker.owner:
                if prevention in EXPIRES_TAKER:
                    return False
            else:
                wanted -= maker.remaining_quantity
                if wanted <= 0:
                    return True
            maker = maker.next
    return False
