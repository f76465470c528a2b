"""An arbitrage desk that trades the tracker against options on the index, on the private signal `tracking_error`.

Where SPY is dear against SPX, it sells SPY and buys calls on SPX; where SPY is cheap, it buys SPY and puts on SPX. It
takes deep options, which move one for one with the index. Both deltas offset each other, as the role's duty asks. A
signal comes early, when the error does not yet pay for the spreads: the desk waits for a larger one, and closes when
the error is gone.
"""

from openoutcry import Bot, Order
from openoutcry.client import PositionUpdate, Signal, UnderlyingPrice

INDEX, TRACKER, RATIO = "SPX", "SPY", 10


class IndexArbitrageur(Bot):
    role = "arbitrage_desk"
    channels = ("greeks:*",)

    contracts = 40
    """Of each option."""
    options = 2
    enter_at = 0.0006
    """The error that pays for the spreads, as a share of the index."""
    most_delta = 1.0
    """Of the portfolio, in units of the index. Beyond it the tracker is traded."""

    def __init__(self) -> None:
        self.direction = 0
        """-1 after a signal that SPY is dear, 1 after one that it is cheap, 0 when the error is gone."""
        self.targets: dict[str, int] = {}
        """Positions to hold, by option."""
        self.sent: dict[str, Order] = {}
        """The last order in each instrument."""

    def on_signal(self, signal: Signal) -> None:
        self.direction = -1 if signal.direction == "SPY_RICH" else 1

    def on_underlying_price(self, price: UnderlyingPrice) -> None:
        if self.phase != "continuous" or price.symbol != TRACKER:  # the last price of each market second
            return
        error, is_in = price.price * RATIO / self.underlyings[INDEX] - 1, any(self.targets.values())
        if error * self.direction > 0:
            self.direction, self.targets = 0, dict.fromkeys(self.targets, 0)
        elif error * self.direction < -self.enter_at and not is_in:
            self.targets.update(dict.fromkeys(self.deepest("call" if self.direction < 0 else "put"), self.contracts))
        for instrument_id, target in self.targets.items():
            self.trade(instrument_id, target - self.positions[instrument_id])
        self.hedge()

    def on_position_update(self, update: PositionUpdate) -> None:
        if update.instrument_id != TRACKER:
            self.hedge()  # at once: the duty is measured each second

    def hedge(self) -> None:
        if abs(self.portfolio_delta) > self.most_delta:
            self.trade(TRACKER, -round(self.portfolio_delta * RATIO))

    def deepest(self, option_type: str) -> list[str]:
        """The options on the index that move most with it: their spread is the smallest part of what they move."""
        names = [
            name
            for name, each in self.instruments.items()
            if each.option_type == option_type and each.underlying == INDEX
        ]
        return sorted(names, key=lambda name: -abs(self.delta(name)))[: self.options]

    def trade(self, instrument_id: str, quantity: int) -> None:
        """Buy so many, or sell them if less than 0, no worse than a fair spread away from the value."""
        value, before = self.value(instrument_id), self.sent.get(instrument_id)
        if not quantity or value is None or (before is not None and before.is_working):
            return
        spread = 0.04 if instrument_id == TRACKER else 0.0002 * self.underlyings[INDEX]
        most = min(abs(quantity), self.account.maximum_order_size)
        if quantity > 0:
            self.sent[instrument_id] = self.buy(instrument_id, most, value + spread, time_in_force="ioc")
        else:
            self.sent[instrument_id] = self.sell(instrument_id, most, value - spread, time_in_force="ioc")
