"""A hedge fund that follows trends: it buys what has risen, sells what has fallen, and closes when the trend fades.

It sends IOC orders only, so none of its orders ever rests in the book.
"""

from openoutcry import Bot
from openoutcry.client import TopOfBook

FAST, SLOW = 0.3, 0.05
"""Weights of the newest price in the fast and in the slow average."""
TREND = 0.002
"""The difference of the averages, as a share of the price, that counts as a trend."""
FADED = 0.25
"""The part of `TREND` below which the trend is over and the position is closed."""


class TrendFollower(Bot):
    role = "hedge_fund"
    channels = ("top:*",)

    pause = 0.5
    """Seconds between two looks at the market."""
    size = 3
    most = 30
    """Contracts or lots held in one instrument."""

    def __init__(self) -> None:
        self.averages: dict[str, tuple[float, float]] = {}

    def on_start(self) -> None:
        self.every(self.pause)

    def on_timer(self) -> None:
        if self.phase != "continuous":
            return
        for name, top in self.tops.items():
            if top.bid_price is not None and top.ask_price is not None:
                middle = (top.bid_price + top.ask_price) / 2
                fast, slow = self.averages.get(name, (middle, middle))
                fast, slow = fast + FAST * (middle - fast), slow + SLOW * (middle - slow)
                self.averages[name] = fast, slow
                self.trade(name, top, strength=(fast - slow) / middle)

    def trade(self, name: str, top: TopOfBook, strength: float) -> None:
        """Trade a little with the trend, or close a part of the position if it is over, at the best price."""
        held = self.positions[name]
        if abs(strength) > TREND:
            wanted = self.most if strength > 0 else -self.most
        elif abs(strength) < FADED * TREND:
            wanted = 0
        else:
            return
        if wanted > held:
            self.buy(name, min(self.size, wanted - held), top.ask_price, time_in_force="ioc")
        elif wanted < held:
            self.sell(name, min(self.size, held - wanted), top.bid_price, time_in_force="ioc")
