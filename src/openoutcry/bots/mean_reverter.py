"""An arbitrage desk that sells far above the moving mean, buys far below it, and closes its position near it.

It uses limit orders inside the spread, one at a time in each instrument, and amends them as the market moves.
"""

from openoutcry import Bot, Order
from openoutcry.client import TopOfBook

WEIGHT = 0.05
"""Of the newest price in the moving mean and variance."""
FAR = 1.0
"""How many standard deviations from the mean count as far."""


class MeanReverter(Bot):
    role = "arbitrage_desk"
    channels = ("top:*",)

    pause = 0.5
    """Seconds between two looks at the market."""
    size = 4
    most = 20
    """Contracts or lots held in one instrument."""

    def __init__(self) -> None:
        self.moments: dict[str, tuple[float, float]] = {}
        """Moving mean and variance."""
        self.sent: dict[str, Order] = {}
        """The last order in each instrument."""

    def on_start(self) -> None:
        self.every(self.pause)

    def on_timer(self) -> None:
        if self.phase != "continuous":
            return
        for name, top in self.tops.items():
            if top.bid_price is not None and top.ask_price is not None:
                middle = (top.bid_price + top.ask_price) / 2
                mean, variance = self.moments.get(name, (middle, 0.0))
                distance = middle - mean
                self.moments[name] = mean + WEIGHT * distance, (1 - WEIGHT) * (variance + WEIGHT * distance**2)
                is_far = distance**2 > FAR**2 * variance > 0
                wanted = 0 if not is_far else -self.most if distance > 0 else self.most
                self.work(name, top, wanted - self.positions[name])

    def work(self, name: str, top: TopOfBook, missing: int) -> None:
        """Keep one order in the book that trades towards a position, of which so much is missing."""
        order, side = self.sent.get(name), "buy" if missing > 0 else "sell"
        price = self.inside(name, top, missing)
        if order is not None and order.is_working:
            if not missing or order.side != side:
                self.cancel(order)
            elif order.price != price:
                self.amend(order, price=price)
        elif missing > 0:
            self.sent[name] = self.buy(name, min(self.size, missing), price)
        elif missing < 0:
            self.sent[name] = self.sell(name, min(self.size, -missing), price)

    def inside(self, name: str, top: TopOfBook, direction: int) -> float:
        """The price a third of the way from the own side's best price to the other side's."""
        bid, ask = top.bid_price or 0.0, top.ask_price or 0.0
        near, away = (bid, ask) if direction > 0 else (ask, bid)
        return self.instruments[name].round_price(near + (away - near) / 3)
