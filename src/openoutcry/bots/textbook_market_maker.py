"""A market maker where nobody publishes theoretical values: it quotes everything around the textbook's, and an opinion.

If it is long, it lowers both prices a little; if it is short, it raises them. So its position returns to zero. Where
prices of underlyings stand still, its opinion of them is what moves the market.
"""

from datetime import date
from math import erf, log, sqrt
from random import Random

from openoutcry import Bot, Refusal
from openoutcry.client import InstrumentInfo

VOLATILITY = 0.2
SHOCK = 0.0001
"""Standard deviation of the random change of the opinion's drift at each step, as a share of the price."""
DRIFT_KEPT = 0.8
"""The part of the drift that stays at the next step. It gives the opinion trends, which trend followers can use."""
OPINION_KEPT = 0.96
"""The part of the opinion that stays at the next step. The opinion returns to zero, which mean reversion can use."""


class Opinion:
    """How far the maker believes underlyings to be from their fixed prices, as a share.

    It has trends and returns to zero. With a pure random walk others could not earn anything from the maker.
    """

    def __init__(self) -> None:
        self.share = 0.0
        self._drift = 0.0

    def step(self, rng: Random) -> None:
        self._drift = DRIFT_KEPT * self._drift + rng.gauss(0, SHOCK)
        self.share = OPINION_KEPT * self.share + self._drift


class TextbookMarketMaker(Bot):
    role = "market_maker"
    channels = ("top:*",)

    pause = 0.4
    """Seconds between two quotes."""
    size = 10
    half_spread = 0.006
    """As a share of the value."""
    skew = 0.0004
    """How far the quotes move for each contract held, as a share of the value."""
    spot_share = 0.02
    """The part of spread and skew that applies to spot, whose value is more certain than that of an option."""

    def __init__(self) -> None:
        self.opinion = Opinion()
        self.shown: dict[str, tuple[float, float]] = {}
        """The last bid and ask in each instrument."""

    def on_start(self) -> None:
        self.every(self.pause)

    def on_timer(self) -> None:
        if self.phase != "continuous":
            return
        self.opinion.step(self.rng)
        for instrument in self.instruments.values():
            value = self.worth(instrument)
            if value is not None:
                self.requote(instrument, value)

    def requote(self, instrument: InstrumentInfo, value: float) -> None:
        name, share = instrument.instrument_id, 1.0 if instrument.kind == "option" else self.spot_share
        middle = value * (1 - self.skew * share * self.positions[name])
        half = max(value * self.half_spread * share, 2 * instrument.tick_size)
        bid, ask = self.shown[name] = middle - half, middle + half
        self.quote(
            name,
            bid if bid > 0 else None,
            ask,
            bid_quantity=min(self.size, self.room(name, 1)),
            ask_quantity=min(self.size, self.room(name, -1)),
        )

    def room(self, name: str, direction: int) -> int:
        """How many more it may buy, or sell if `direction` is -1."""
        return self.instruments[name].position_limits[self.account.role] - direction * self.positions[name]

    def on_refused(self, refusal: Refusal) -> None:
        """Trade where a quote would have traded: somebody shows a better price."""
        name = refusal.instrument_id
        if refusal.code != "POST_ONLY_WOULD_TRADE" or name not in self.shown or name not in self.tops:
            return
        (bid, ask), top = self.shown[name], self.tops[name]
        if top.ask_price is not None and top.ask_price <= bid:
            self.buy(name, min(self.size, self.room(name, 1)), bid, time_in_force="ioc")
        elif top.bid_price is not None and top.bid_price >= ask:
            self.sell(name, min(self.size, self.room(name, -1)), ask, time_in_force="ioc")

    def worth(self, instrument: InstrumentInfo) -> float | None:
        """The value by Black-Scholes without interest. None if the underlying has no price."""
        spot, today = self.underlyings.get(instrument.underlying), self.session_date
        if spot is None or today is None:
            return None
        spot *= 1 + self.opinion.share
        if instrument.strike is None or instrument.expiry is None:
            return spot
        years = max((date.fromisoformat(instrument.expiry) - today).days, 0.5) / 365
        deviation = VOLATILITY * sqrt(years)
        d1 = log(spot / instrument.strike) / deviation + deviation / 2
        call = spot * normal(d1) - instrument.strike * normal(d1 - deviation)
        return call if instrument.option_type == "call" else call - spot + instrument.strike


def normal(x: float) -> float:
    """Cumulative normal distribution."""
    return (1 + erf(x / sqrt(2))) / 2
