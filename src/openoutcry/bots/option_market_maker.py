"""A market maker: quotes both sides of every option, leans against its inventory, hedges its delta with the tracker.

Its duty asks for both sides in 80 % of the options, at least 10 contracts each, no wider than a limit. Where it can, it
quotes inside the spread of the house, so that the flow of orders meets it first. It need not run from a price that has
moved: protection with `move` pulls a quote whose value has left it before anybody is told the new price. Where much
trades at once, somebody knows better what volatility is worth: protection takes all quotes away for a while.
"""

from datetime import datetime
from math import sqrt

from openoutcry import Bot, Order, Refusal
from openoutcry.client import DutyStatus, ExecutionReport, OrderCancelled, ProtectionTriggered, UnderlyingPrice

TRACKER = "SPY"
SECONDS_A_YEAR = 252 * 19_800
REDUCE_ONLY = 3
"""The level of sanctions at which nothing can be quoted."""


class OptionMarketMaker(Bot):
    role = "market_maker"
    channels = ("greeks:*",)

    size = 10
    width = 0.5
    """Half the spread, in volatility points. The house keeps 0.5."""
    seconds = 2.0
    """In so many market seconds an option's value should usually not move by more than half the spread."""
    full = 40
    """At a position of so many contracts both prices have moved by half the spread, against the position."""
    stale = 0.5
    """A quote is replaced when its prices should move by so much of half the spread; at 0.9 the exchange pulls it."""
    most_delta = 10.0
    """Of the portfolio, in units of the index. Beyond it, it is hedged: more often costs more than it saves."""

    def __init__(self) -> None:
        self.shown: dict[str, float] = {}
        """The middle of each quote that stands."""
        self.hedge: Order | None = None
        self.level = 0
        self.frozen: dict[str, datetime] = {}
        """Until when protection keeps quotes out, by underlying."""

    def on_start(self) -> None:
        self.protect_quotes(move=0.9, quantity=60, interval_seconds=5, frozen_seconds=30)

    def on_underlying_price(self, price: UnderlyingPrice) -> None:
        if self.phase == "continuous" and price.symbol == TRACKER:  # the last price of each market second
            if self.level < REDUCE_ONLY:
                for instrument_id in self.greeks:
                    self.requote(instrument_id)
            self.hedge_delta()

    def requote(self, instrument_id: str) -> None:
        value, instrument = self.value(instrument_id), self.instruments[instrument_id]
        frozen_until = self.frozen.get(instrument.underlying)
        if value is None or (frozen_until and self.market_time and self.market_time < frozen_until):
            return
        half, held = self.half_spread(instrument_id, value), self.positions[instrument_id]
        middle = value - half * max(-1.0, min(1.0, held / self.full))
        shown = self.shown.get(instrument_id)
        if shown is not None and abs(middle - shown) < self.stale * half:
            return
        self.shown[instrument_id] = middle
        limit = instrument.position_limits["market_maker"]
        self.quote(
            instrument_id,
            middle - half if middle - half >= instrument.tick_size else None,
            middle + half,
            bid_quantity=min(self.size, limit - held),
            ask_quantity=min(self.size, limit + held),
        )

    def half_spread(self, instrument_id: str, value: float) -> float:
        greeks = self.greeks[instrument_id]
        price, delta = greeks.underlying_price, abs(greeks.delta)
        move = price * (greeks.implied_volatility or 0.0) * sqrt(self.seconds / SECONDS_A_YEAR)
        widest = (max(0.1 * value, 2 * greeks.vega, 0.04) + 0.001 * price * delta) / 2  # by the duty
        return min(max(self.width * greeks.vega, delta * move, 0.02), 0.9 * widest)

    def hedge_delta(self) -> None:
        """Bring the portfolio's delta to 0 with the tracker."""
        fair = self.value(TRACKER)
        if fair is None or abs(self.portfolio_delta) < self.most_delta or (self.hedge and self.hedge.is_working):
            return
        lots = round(self.portfolio_delta / self.delta(TRACKER))
        most = self.account.maximum_order_size
        if lots > 0:
            self.hedge = self.sell(TRACKER, min(lots, most), fair - 0.05, time_in_force="ioc")
        else:
            self.hedge = self.buy(TRACKER, min(-lots, most), fair + 0.05, time_in_force="ioc")

    # What does not stand any more is quoted anew in the next market second.

    def on_execution_report(self, fill: ExecutionReport) -> None:
        self.shown.pop(fill.instrument_id, None)

    def on_order_cancelled(self, cancelled: OrderCancelled) -> None:
        if cancelled.reason != "quote_replaced":
            self.shown.pop(cancelled.instrument_id, None)

    def on_protection_triggered(self, protection: ProtectionTriggered) -> None:
        if protection.frozen_until is not None:
            self.frozen[protection.group] = datetime.fromisoformat(protection.frozen_until)

    def on_refused(self, refusal: Refusal) -> None:
        if refusal.instrument_id is not None:
            self.shown.pop(refusal.instrument_id, None)

    def on_duty_status(self, duty: DutyStatus) -> None:
        self.level = duty.level
