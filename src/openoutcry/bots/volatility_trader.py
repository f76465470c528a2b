"""A hedge fund that trades volatility on the private signal `volatility_forecast`.

The signal names the regime that may come. If options are priced for less volatility than that regime has, the fund
buys straddles (a call and a put at the money), else it sells them. It hedges the delta, so that it does not matter
which way the index goes, and closes a while after the change should have come. It takes with IOC orders only: its
role may not bid and offer in one instrument at once.
"""

from datetime import datetime, timedelta

from openoutcry import Bot, Order
from openoutcry.client import Signal

TRACKER = "SPY"
VOLATILITIES = {"low": 0.1, "medium": 0.2, "high": 0.5}
"""Annual, by regime: the default game's."""


class VolatilityTrader(Bot):
    role = "hedge_fund"
    channels = ("greeks:*",)

    straddles = 20
    least_confidence = 0.5
    hold = timedelta(seconds=1200)
    """From the forecast change to the end of the bet, in market time."""
    most_delta = 3.0
    """Of the portfolio, in units of the index; the role's limit is 50."""

    def __init__(self) -> None:
        self.targets: dict[str, int] = {}
        """Positions to hold, by option."""
        self.close_at: datetime | None = None
        self.sent: dict[str, Order] = {}
        """The last order in each instrument."""

    def on_start(self) -> None:
        self.every(2)

    def on_signal(self, signal: Signal) -> None:
        if signal.confidence < self.least_confidence or signal.forecast_regime is None or self.market_time is None:
            return
        self.targets = dict.fromkeys(self.targets, 0)  # the bet before ends
        self.close_at = self.market_time + timedelta(seconds=signal.seconds_until_change or 0) + self.hold
        index = self.underlyings["SPX"]
        options = [each for each in self.instruments.values() if each.kind == "option" and each.underlying == "SPX"]
        options.sort(key=lambda each: (each.expiry or "", abs((each.strike or 0) - index)))
        for option in options[:2]:  # the call and the put nearest to the money that expire first
            volatility = self.greeks[option.instrument_id].implied_volatility
            if volatility is not None:
                is_cheap = volatility < VOLATILITIES[signal.forecast_regime]
                self.targets[option.instrument_id] = self.straddles if is_cheap else -self.straddles

    def on_timer(self) -> None:
        if self.phase != "continuous" or self.market_time is None:
            return
        if self.close_at is not None and self.market_time >= self.close_at:
            self.targets, self.close_at = dict.fromkeys(self.targets, 0), None
        for instrument_id, target in self.targets.items():
            if instrument_id in self.instruments:
                self.trade(instrument_id, target - self.positions[instrument_id])
        if abs(self.portfolio_delta) > self.most_delta:
            self.trade(TRACKER, -round(self.portfolio_delta / self.delta(TRACKER)))

    def trade(self, instrument_id: str, quantity: int) -> None:
        """Buy so many, or sell them if less than 0, no worse than a fair spread away from the value."""
        value, before = self.value(instrument_id), self.sent.get(instrument_id)
        if not quantity or value is None or (before is not None and before.is_working):
            return
        greeks = self.greeks.get(instrument_id)
        spread = 0.05 if greeks is None else max(greeks.vega, 0.05)
        most = min(abs(quantity), self.account.maximum_order_size)
        if quantity > 0:
            self.sent[instrument_id] = self.buy(instrument_id, most, value + spread, time_in_force="ioc")
        else:
            self.sent[instrument_id] = self.sell(instrument_id, most, value - spread, time_in_force="ioc")
