"""Bots for matches in the lab."""

import asyncio

from openoutcry import Bot


class Maker(Bot):
    """Quotes all options around their theoretical values."""

    role = "market_maker"
    channels = ("greeks:*",)

    def on_start(self):
        self.every(5)

    def on_timer(self):
        if self.phase != "continuous":
            return
        for name, greeks in self.greeks.items():
            half = max(0.05 * greeks.theoretical, 0.05)
            bid = greeks.theoretical - half
            self.quote(name, bid if bid > 0.01 else None, greeks.theoretical + half, 5)


class Taker(Bot):
    """Trades the tracker by chance."""

    role = "hedge_fund"

    def on_start(self):
        self.every(5)

    def on_timer(self):
        if self.phase == "continuous":
            trade = self.buy if self.rng.random() < 0.5 else self.sell
            trade("SPY", self.rng.randrange(1, 5), time_in_force="ioc")


class Rester(Bot):
    """Rests an order, and amends and cancels it."""

    role = "hedge_fund"

    async def on_session_status(self, status):
        if status.instrument_id is None and status.phase == "continuous":
            order = self.buy("SPY", 10, self.underlyings["SPY"] - 0.2)
            await order.verdict()
            await self.amend(order, quantity=5).verdict()
            self.kept = self.buy("SPY", 1, self.underlyings["SPY"] - 0.3)
            await self.cancel(order).verdict()


class Failing(Bot):
    def on_underlying_price(self, price):
        raise ZeroDivisionError("a planted failure")


class Forgotten(Bot):
    """Waits for what never comes."""

    role = "hedge_fund"

    async def on_session_status(self, status):
        if status.phase == "continuous":
            order = self.buy("SPY", 1, time_in_force="ioc")
            await order.verdict()
            await self.never()

    async def never(self):
        await asyncio.get_running_loop().create_future()
