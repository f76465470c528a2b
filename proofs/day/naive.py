"""An exchange in the plainest words: orders in one list, every price tried. What the venue's day must agree with.

It shares no code with the venue, and knows of the day only what it is told: which phase an instrument is in.
"""

from collections import defaultdict
from typing import Final

BUY: Final = "buy"


class NaiveOrder:
    def __init__(self, number: int, team: int, side: str, price: int, quantity: int, is_day: bool) -> None:
        self.number = number
        self.team = team
        self.side = side
        self.price = price
        self.left = quantity
        self.filled = 0
        self.is_day = is_day

    def reaches(self, price: int) -> bool:
        return self.price >= price if self.side == BUY else self.price <= price


class NaiveBook:
    """One instrument. `orders` in their order of time; an order that is done leaves."""

    def __init__(self) -> None:
        self.orders: list[NaiveOrder] = []
        self.trades: list[tuple[int, int, int, int]] = []
        """Of continuous trading: price, quantity, number of the order that waited, of the one that came."""
        self.auctions: list[tuple[int | None, int]] = []
        """Price and volume of each; no price: nothing crossed."""
        self.positions: dict[int, int] = defaultdict(int)
        self.last_price: int | None = None

    def wait(self, order: NaiveOrder) -> None:
        self.orders.append(order)

    def enter(self, order: NaiveOrder) -> None:
        """Trade against the best first, then the oldest; what is left waits if it may."""
        while order.left:
            others = [other for other in self.orders if other.side != order.side and order.reaches(other.price)]
            if not others:
                break
            best = (min if order.side == BUY else max)(other.price for other in others)
            other = next(other for other in others if other.price == best)
            quantity = min(order.left, other.left)
            self._fill(order, quantity)
            self._fill(other, quantity)
            self.trades.append((best, quantity, other.number, order.number))
            self.last_price = best
        if order.left and order.is_day:
            self.wait(order)

    def uncross(self) -> None:
        """Execute at the auction's price, each side by price, then time."""
        price, volume = self.auction()
        self.auctions.append((price, volume))
        if price is None:
            return
        for side in (BUY, "sell"):
            better_first = sorted(
                (order for order in self.orders if order.side == side and order.reaches(price)),
                key=lambda order: -order.price if order.side == BUY else order.price,
            )
            left = volume
            for order in better_first:
                quantity = min(order.left, left)
                left -= quantity
                if quantity:
                    self._fill(order, quantity)
        self.last_price = price

    def auction(self) -> tuple[int | None, int]:
        """The price by the four rules, every tick tried, and the volume there."""
        limits = [order.price for order in self.orders]
        if not limits:
            return None, 0
        candidates = []
        for price in range(min(limits), max(limits) + 1):
            bought = sum(order.left for order in self.orders if order.side == BUY and order.price >= price)
            sold = sum(order.left for order in self.orders if order.side != BUY and order.price <= price)
            candidates.append((min(bought, sold), abs(bought - sold), bought - sold, price))
        volume = max(candidate[0] for candidate in candidates)
        if not volume:
            return None, 0
        most = [candidate for candidate in candidates if candidate[0] == volume]
        surplus = min(candidate[1] for candidate in most)
        least = [candidate for candidate in most if candidate[1] == surplus]
        prices = [candidate[3] for candidate in least]
        if all(candidate[2] > 0 for candidate in least):
            return max(prices), volume
        if all(candidate[2] < 0 for candidate in least):
            return min(prices), volume
        if self.last_price is None:
            return (min(prices) + max(prices) + 1) // 2, volume
        last = self.last_price
        return min(prices, key=lambda price: (abs(price - last), -price)), volume

    def reduce(self, order: NaiveOrder, total: int) -> None:
        """To this total, the filled part included; to nothing, if that much is filled."""
        order.left = max(total - order.filled, 0)
        self._leave_if_done(order)

    def cancel(self, order: NaiveOrder) -> None:
        order.left = 0
        self._leave_if_done(order)

    def depth(self) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Bids and asks, best first, as price and quantity."""
        totals: dict[tuple[bool, int], int] = defaultdict(int)
        for order in self.orders:
            totals[order.side == BUY, order.price] += order.left
        bids = sorted(((price, total) for (is_bid, price), total in totals.items() if is_bid), reverse=True)
        asks = sorted((price, total) for (is_bid, price), total in totals.items() if not is_bid)
        return bids, asks

    def _fill(self, order: NaiveOrder, quantity: int) -> None:
        order.left -= quantity
        order.filled += quantity
        self.positions[order.team] += quantity if order.side == BUY else -quantity
        self._leave_if_done(order)

    def _leave_if_done(self, order: NaiveOrder) -> None:
        if not order.left and order in self.orders:
            self.orders.remove(order)
