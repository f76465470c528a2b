"""A retail trader without a plan: small orders at random, at the market, or at the best price of their own side."""

from openoutcry import Bot


class NoiseTrader(Bot):
    role = "retail"
    channels = ("top:*",)

    pause = 0.25
    """Seconds between two decisions."""
    eagerness = 0.5
    """The share of decisions to send an order."""
    at_market = 0.4
    """The share of market orders."""
    most_contracts = 5
    """In one order."""
    enough = 30
    """At so many contracts held, it only reduces what it holds. The role's limit is 50."""
    resting = 5
    """How many limit orders may rest; older ones are cancelled."""

    def on_start(self) -> None:
        self.every(self.pause)

    def on_timer(self) -> None:
        if self.phase != "continuous" or self.rng.random() >= self.eagerness:
            return
        for old in list(self.orders)[: -self.resting]:
            self.cancel(old)
        held = [name for name in self.positions if name in self.tops]
        must_reduce = sum(abs(self.positions[name]) for name in held) >= self.enough
        allowed = [name for name in self.tops if self.instruments[name].position_limits.get(self.account.role)]
        names = held if must_reduce else allowed
        if not names:
            return
        name, quantity = self.rng.choice(names), self.rng.randint(1, self.most_contracts)
        is_buyer = self.positions[name] < 0 if must_reduce else self.rng.random() < 0.5
        price = None
        if self.rng.random() >= self.at_market:
            price = self.tops[name].bid_price if is_buyer else self.tops[name].ask_price
            if price is None:
                return
        if is_buyer:
            self.buy(name, quantity, price)
        else:
            self.sell(name, quantity, price)
