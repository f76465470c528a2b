"""Four bots as competitors write them, one of each role: what a match in the lab is measured with."""

from typing import Final

from openoutcry.client.bot.bot import Bot
from openoutcry.protocol.stream import ExecutionReport, Signal, UnderlyingPrice


class Maker(Bot):
    """Looks at all options once a second, and quotes those anew whose value has moved by a quarter of its half spread,
    or that have traded. Hedges with the tracker.
    """

    role = "market_maker"
    channels = ("greeks:*",)

    def __init__(self) -> None:
        self.quoted: dict[str, float] = {}

    def on_start(self) -> None:
        self.every(1)

    def on_execution_report(self, fill: ExecutionReport) -> None:
        self.quoted.pop(fill.instrument_id, None)

    def on_timer(self) -> None:
        if self.phase != "continuous":
            return
        for name, greeks in self.greeks.items():
            value = greeks.theoretical
            half = max(0.4 * max(0.1 * value, 2 * greeks.vega, 0.04), 0.02)
            if abs(value - self.quoted.get(name, -half)) < half / 4:
                continue
            self.quoted[name] = value
            skew = 0.01 * half * self.positions[name]
            bid = value - half - skew
            self.quote(name, bid if bid > 0.01 else None, value + half - skew, 10)
        self.hedge()

    def hedge(self) -> None:
        delta = sum(
            position * self.greeks[name].delta * (10 if name.startswith("SPX") else 1)
            for name, position in self.positions.items()
            if name in self.greeks
        )
        missing = round(-delta) - self.positions["SPY"]
        if abs(missing) > 50:
            trade = self.buy if missing > 0 else self.sell
            trade("SPY", min(abs(missing), 200), time_in_force="ioc")


class Fund(Bot):
    """Holds options by its signal, the four whose delta is nearest to a half."""

    role = "hedge_fund"
    channels = ("greeks:*",)
    wanted = 0

    def on_start(self) -> None:
        self.every(10)

    def on_signal(self, signal: Signal) -> None:
        self.wanted = 20 if signal.forecast_regime == "high" else -20

    def on_timer(self) -> None:
        if self.phase != "continuous":
            return
        for greeks in sorted(self.greeks.values(), key=lambda each: abs(abs(each.delta) - 0.5))[:4]:
            missing = self.wanted - self.positions[greeks.instrument_id]
            if missing:
                trade = self.buy if missing > 0 else self.sell
                trade(greeks.instrument_id, min(abs(missing), 2), time_in_force="ioc")


class Desk(Bot):
    """Trades the tracker where it is off the index."""

    role = "arbitrage_desk"
    channels = ("top:SPY",)

    def on_underlying_price(self, price: UnderlyingPrice) -> None:
        top, fair = self.tops.get("SPY"), self.underlyings["SPX"] / 10
        if price.symbol != "SPY" or self.phase != "continuous" or top is None:
            return
        if top.ask_price is not None and top.ask_price < fair - 0.05:
            self.buy("SPY", 10, top.ask_price, time_in_force="ioc")
        elif top.bid_price is not None and top.bid_price > fair + 0.05:
            self.sell("SPY", 10, top.bid_price, time_in_force="ioc")


class Retail(Bot):
    """Buys an option now and then."""

    role = "retail"
    channels = ("top:*",)

    def on_start(self) -> None:
        self.every(7)

    def on_timer(self) -> None:
        names = [name for name in self.tops if name.startswith("SPY_")]
        if self.phase == "continuous" and names:
            name = self.rng.choice(names)
            self.buy(name, 1, self.tops[name].ask_price, time_in_force="ioc")


FOUR: Final = (Maker, Fund, Desk, Retail)
