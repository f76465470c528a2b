"""The rules by which the house and the retail flow trade. Integers, named for their units; defaults are the default
game's.
"""

from msgspec import Struct


class HouseRules(Struct, frozen=True, kw_only=True):
    """The house market maker: two-sided quotes around the theoretical value."""

    width_volatility_millipoints: int = 500
    """Half the spread of an option: the most of this times vega, `width_spot_ppm` of the spot times delta, and
    `width_minimum_ticks`.
    """
    width_spot_ppm: int = 100
    width_minimum_ticks: int = 2
    quantity: int = 10
    """Contracts a side."""
    spot_width_ticks: int = 2
    """Half the spread of a spot instrument."""
    spot_quantity: int = 2_000
    """Lots a side."""
    pull_ppm: int = 250_000
    """A quote goes when its theoretical value has moved by more than this share of half its spread."""
    delay_milliseconds: int = 200
    """From a market second's prices to the house's new quotes, in market time."""
    comeback_seconds: int = 5
    """After a fill of one side of an option, until this side is quoted again."""
    spot_comeback_seconds: int = 1
    skew_contracts: int = 200
    """The position at which quotes would be moved by half their spread; the most is what pulls leave of that."""
    spot_skew_lots: int = 4_000
    """The position at which quotes of a spot instrument are moved by one tick, the most they are."""
    news_seconds: int = 60
    news_width_ppm: int = 2_000_000
    """For so long after news the spread is this much of the usual one."""
    call_seconds: int = 10
    """In a call, quotes are entered anew so often."""


class RetailRules(Struct, frozen=True, kw_only=True):
    """The retail flow: small orders at random instants, by habits of retail traders."""

    orders_per_minute: int = 36
    """The mean; arrivals are independent of each other."""
    earliest_milliseconds: int = 200
    """After the market second's prices."""
    buy_ppm: int = 500_000
    call_ppm: int = 600_000
    out_of_the_money_ppm: int = 700_000
    expiries_ppm: tuple[int, ...] = (800_000, 150_000, 50_000)
    """Chances of the expiries, nearest first."""
    quantity_beyond: int = 5
    """Quantity: 1, and an exponential number of this mean beyond it."""
    quantity_most: int = 50
    market_ppm: int = 400_000
    """Market orders; the others are limit orders, by the three shares below."""
    aggressive_ppm: int = 300_000
    """At the other side's best price."""
    touch_ppm: int = 500_000
    """At the own side's best price; those left are far: three half-widths of the house from the value."""
    cancel_seconds: int = 120
    """After which a resting order is cancelled."""
    profit_ppm: int = 200_000
    """A gain of this much on a long position may be taken."""
    profit_chance_ppm: int = 150_000
    panic_ppm: int = 15_000
    """A fall of the index from the day's high that may start a panic."""
    panic_chance_ppm: int = 200_000
    panic_times: int = 3
    """Times the usual quantity."""
    momentum_seconds: int = 60
    """Three returns in a row over so long, of one sign, may be followed."""
    momentum_chance_ppm: int = 300_000
    momentum_times: int = 2
    spike_micro: int = 30_000
    """A rise of the implied volatility of today's money that may be bought."""
    spike_seconds: int = 300
    spike_chance_ppm: int = 250_000


class SimulatedFlow(Struct, frozen=True, kw_only=True):
    """Who trades for the exchange itself; None: nobody of that kind."""

    house: HouseRules | None = None
    retail: RetailRules | None = None
