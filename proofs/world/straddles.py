"""Straddles at the money, bought and sold at the exchange's marks, and hedged: in the mean they earn nothing."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from openoutcry.clearing.settlement_value import fixing_times
from openoutcry.domain.day.game_rules import GameRules, SettlementRules
from openoutcry.domain.instruments import Instrument, OptionTerms
from openoutcry.domain.simulation.headlines import REGIMES
from openoutcry.domain.simulation.world_rules import MarketRules
from openoutcry.domain.types import InstrumentId, MarketTime, Money
from openoutcry.pricing.chain import PricedChain
from openoutcry.pricing.moment import Moment
from openoutcry.pricing.parameters import Parameters
from openoutcry.pricing.session_time import SessionHours, SessionTime
from openoutcry.pricing.surface import RegimeSurface
from openoutcry.simulation.world.quiet import quiet_seconds
from openoutcry.simulation.world.world import World

TEN_MINUTES: Final = 600
_EXPIRY: Final = "20240315"
_INDEX: Final = "SPX"
_DELTA_UNITS: Final = 1_000_000
_HEDGES: Final = 30
"""Seconds between two, of straddles that are held for ten minutes."""
_SELDOM: Final = 120
"""Of those that are held for longer."""
_RULES: Final = SettlementRules()


class Straddle(NamedTuple):
    """Bought and hedged; money units."""

    second: int
    """At which it was bought."""
    named: str
    """The regime that was believed most then."""
    paid: int
    earned: float


def to_settlement(world: World, rules: MarketRules, seconds: Sequence[int]) -> Iterator[Straddle]:
    """Bought at each of these seconds, and held until they settle."""
    for second in seconds:
        every = _HEDGES if world.seconds - second <= TEN_MINUTES else _SELDOM
        yield _held(world, rules, second, world.seconds, every)


def for_ten_minutes(world: World, rules: MarketRules) -> Iterator[Straddle]:
    """Bought every ten minutes, of today's expiry, and sold again ten minutes later, a last time at settlement."""
    for second in range(0, world.seconds - TEN_MINUTES + 1, TEN_MINUTES):
        yield _held(world, rules, second, second + TEN_MINUTES, _HEDGES)


def _held(world: World, rules: MarketRules, bought: int, sold: int, every: int) -> Straddle:
    strike = Money(int(world.index[bought]))
    chain = PricedChain(
        [(0, _option("call", strike)), (1, _option("put", strike))],
        SessionTime([SessionHours(_EXPIRY, MarketTime(0), MarketTime(world.seconds))]),
        GameRules(settlement=_RULES),
        Parameters(),
        RegimeSurface(rules, _RULES),
    )
    hedged = [*range(bought, sold, every), sold]
    marks = chain.marks_of(_moments(world, rules, hedged))
    values, deltas = [], []
    for place in range(len(hedged)):
        call, put = marks[place]
        values.append(call.value + put.value)
        deltas.append(call.delta + put.delta)
    prices = world.index[hedged]
    # Of every delta, what the index does until the next one is paid away.
    hedge = sum(
        delta * int(after - before) for delta, before, after in zip(deltas[:-1], prices[:-1], prices[1:], strict=True)
    )
    named = REGIMES[int(world.beliefs[bought].argmax())]
    return Straddle(bought, named, values[0], values[-1] - values[0] - hedge / _DELTA_UNITS)


def _moments(world: World, rules: MarketRules, seconds: Sequence[int]) -> list[Moment]:
    quiet = quiet_seconds(rules, world)
    fixings = {_INDEX: world.index[fixing_times(_RULES, MarketTime(world.seconds))].tolist()}
    return [
        Moment(
            now=MarketTime(second),
            prices={_INDEX: int(world.index[second])},
            fixings=fixings,
            beliefs=world.beliefs[second].tolist(),
            quiet_seconds=int(quiet[second]),
            level=int(world.levels[second]),
        )
        for second in seconds
    ]


def _option(kind: str, strike: Money) -> Instrument:
    return Instrument(
        instrument_id=InstrumentId(f"{_INDEX}_{kind}"),
        kind="option",
        underlying=_INDEX,
        tick_size=Money(100),
        multiplier=100,
        option=OptionTerms("call" if kind == "call" else "put", strike, _EXPIRY),
    )
