"""A retail trader: each minute an order for a few contracts of an option drawn at random.

Sometimes it takes what others offer and pays their spread; mostly it bids or offers at the theoretical value, inside
that spread, and waits for somebody else who is in a hurry.
"""

from openoutcry import Bot


class RetailTrader(Bot):
    role = "retail"
    channels = ("greeks:*",)

    pause = 60.0
    """Market seconds between two orders."""
    at_market = 0.2
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
        if self.phase != "continuous" or not self.greeks:
            return
        for old in list(self.orders)[: -self.resting]:
            self.cancel(old)
        held = [name for name, held in self.positions.items() if held and name in self.greeks]
        must_reduce = sum(abs(self.positions[name]) for name in held) >= self.enough
        name = self.rng.choice(held if must_reduce else list(self.greeks))
        quantity = self.rng.randint(1, self.most_contracts)
        if must_reduce:
            quantity = min(quantity, abs(self.positions[name]))
        is_buyer = self.positions[name] < 0 if must_reduce else self.rng.random() < 0.5
        price = None if self.rng.random() < self.at_market else self.value(name)
        if is_buyer:
            self.buy(name, quantity, price)
        else:
            self.sell(name, quantity, price)
