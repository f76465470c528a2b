"""Four small bots, one of each role: they quote, trade on signals, across two instruments, and by chance."""

from typing import Final

from openoutcry import Bot
from openoutcry.client import Signal

INDEX: Final = "SPX"
TRACKER: Final = "SPY"


class Maker(Bot):
    """Quotes the options nearest to the money around their theoretical values, and hedges with the tracker."""

    role = "market_maker"
    channels = ("greeks:*",)

    def on_start(self) -> None:
        self.every(15)

    def on_timer(self) -> None:
        if self.phase != "continuous":
            return
        nearest = sorted(self.greeks.items(), key=lambda each: (abs(abs(each[1].delta) - 0.5), each[0]))[:16]
        for name, greeks in nearest:
            half = max(0.04 * greeks.theoretical, 0.05)
            bid = greeks.theoretical - half
            self.quote(name, bid if bid > half else None, greeks.theoretical + half, 5)


class Fund(Bot):
    """Buys what is at the money where volatility is to rise, and sells it where it is to fall."""

    role = "hedge_fund"
    channels = ("greeks:*",)

    def on_start(self) -> None:
        self.every(60)

    def on_signal(self, signal: Signal) -> None:
        names = sorted(self.greeks, key=lambda name: (abs(abs(self.greeks[name].delta) - 0.5), name))[:4]
        for name in names:
            trade = self.sell if signal.forecast_regime == "low" else self.buy
            trade(name, 2, time_in_force="ioc")

    def on_timer(self) -> None:
        if self.phase == "continuous":
            self.buy(TRACKER, 1, self.underlyings[TRACKER] - 0.05 * self.rng.randint(1, 6))
            if len(self.orders) > 20:
                self.cancel_all(TRACKER)


class Desk(Bot):
    """Holds the tracker against calls of the index."""

    role = "arbitrage_desk"
    channels = ("greeks:*",)

    def on_start(self) -> None:
        self.every(30)

    def on_timer(self) -> None:
        if self.phase != "continuous" or not self.greeks:
            return
        calls = [name for name in self.greeks if name.startswith(INDEX) and "CALL" in name]
        name = min(calls, key=lambda each: (abs(self.greeks[each].delta - 0.5), each))
        if self.rng.random() < 0.5:
            self.buy(name, 1, time_in_force="ioc")
            self.sell(TRACKER, 5, time_in_force="ioc")
        else:
            self.sell(name, 1, time_in_force="ioc")
            self.buy(TRACKER, 5, time_in_force="ioc")


class Chance(Bot):
    """Trades anything by chance, sometimes more than it may."""

    role = "retail"

    def on_start(self) -> None:
        self.every(20)

    def on_timer(self) -> None:
        if self.phase == "closed" or not self.instruments:
            return
        name = self.rng.choice(sorted(self.instruments))
        trade = self.buy if self.rng.random() < 0.5 else self.sell
        trade(name, self.rng.choice((1, 1, 2, 5, 500)), time_in_force="ioc" if self.rng.random() < 0.8 else "day")
        if len(self.orders) > 10:
            self.cancel_all()


BOTS: Final[tuple[type[Bot], ...]] = (Maker, Fund, Desk, Chance)
