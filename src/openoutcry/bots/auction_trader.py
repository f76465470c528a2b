"""Takes part in the opening auction: sells where it would be dear, buys where it would be cheap, then works it out.

Before the opening, and after a halt, orders gather and nothing trades; then all that can trade does, at one price.
`auction_indicative` tells that price as it would be now. Only day limit orders are taken. What was bought or sold is
closed over the day, a contract now and then, at the theoretical value: inside the spread that others keep.
"""

from openoutcry import Bot, Order
from openoutcry.client import AuctionIndicative, SessionStatus

CALLS = {"pre_open", "reopening_call"}
EDGE = 0.2
"""By how many volatility points the auction's price must be off the theoretical value."""
SIZE = 5
MOST_ORDERS = 8
"""In one auction."""
CLOSE_EVERY = 240
"""Market seconds."""


class AuctionTrader(Bot):
    role = "retail"
    channels = ("greeks:*",)

    def __init__(self) -> None:
        self.entered: dict[str, Order] = {}
        """By instrument, in this auction."""
        self.closing: Order | None = None

    def on_start(self) -> None:
        self.every(CLOSE_EVERY, self.close_some)

    def on_auction_indicative(self, indicative: AuctionIndicative) -> None:
        name, value = indicative.instrument_id, self.value(indicative.instrument_id)
        if indicative.price is None or value is None or name in self.entered or len(self.entered) >= MOST_ORDERS:
            return
        edge = max(EDGE * self.greeks[name].vega, 0.05)
        if indicative.price >= value + edge:
            self.entered[name] = self.sell(name, SIZE, value + edge)
        elif indicative.price <= value - edge:
            self.entered[name] = self.buy(name, SIZE, value - edge)

    def on_session_status(self, status: SessionStatus) -> None:
        if status.phase == "continuous" and status.instrument_id is None:
            for order in self.entered.values():  # what did not trade in the auction
                self.cancel(order)
            self.entered.clear()

    def close_some(self) -> None:
        """Offer, or bid for, one contract of the largest position at its value."""
        if self.closing is not None:
            self.cancel(self.closing)
        held = {name: held for name, held in self.positions.items() if held and name in self.instruments}
        if self.phase != "continuous" or not held:
            return
        name = max(held, key=lambda name: abs(held[name]))
        value = self.value(name)
        if value is not None:
            self.closing = self.sell(name, 1, value) if held[name] > 0 else self.buy(name, 1, value)
