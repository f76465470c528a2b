"""The session and its day: phases, starts and ends, ticks, slices."""

from typing import final

from msgspec import Struct

from openoutcry.domain.commands.why import Why
from openoutcry.domain.day.marks import Mark, ScenarioValues, UnderlyingMark
from openoutcry.domain.day.news import NewsItem
from openoutcry.domain.day.phases import Phase
from openoutcry.domain.simulation.headlines import Regime
from openoutcry.domain.simulation.signals import SignalToRole
from openoutcry.domain.types import MarketTime, TimestampUs


@final
class SetPhase(Struct, frozen=True, array_like=True, tag="set_phase"):
    """Move the session to another phase; to `continuous` by way of an auction, if orders were gathered."""

    phase: Phase
    why: Why | None = None


@final
class SkipIds(Struct, frozen=True, array_like=True, tag="skip_ids"):
    """Move the order and trade counters on, so that ids promised before an unclean stop are never given again."""

    count: int


class PhaseAt(Struct, frozen=True, array_like=True):
    """A line of a session's timetable: `phase` begins `at` this instant.

    `earliest` is when it may begin as far as anybody is told; the instant of a random end is not given away.
    """

    phase: Phase
    at: MarketTime
    earliest: MarketTime


@final
class StartSession(Struct, frozen=True, array_like=True, tag="start_session"):
    """Begin a trading session, in the first phase of its timetable and at its instant.

    `date`: ISO. `utc_offset`: seconds, of the exchange's time zone on that date. `speed`: thousandths of market seconds
    a wall second. `random_word`: 64 bits from the session's seed, for all that the venue decides by chance.
    `world_digest`: SHA-256, in hexadecimal, of the world that was drawn for it.
    """

    date: str
    utc_offset: int
    timetable: tuple[PhaseAt, ...]
    speed: int
    random_word: int
    world_digest: str | None = None
    why: Why | None = None


@final
class PlanSession(Struct, frozen=True, array_like=True, tag="plan_session"):
    """A session is to start at this instant of wall time; None: it is not."""

    at: TimestampUs | None
    why: Why | None = None


@final
class SetSpeed(Struct, frozen=True, array_like=True, tag="set_speed"):
    """Let the market time of the session under way go faster or slower: thousandths of market seconds a wall second."""

    speed: int
    why: Why | None = None


@final
class EndSession(Struct, frozen=True, array_like=True, tag="end_session"):
    """End the trading session now."""

    why: Why | None = None


@final
class AdvanceMarket(Struct, frozen=True, array_like=True, tag="advance_market"):
    """The tick, and the only thing that moves market time: to `market_time`, with all that this market second brings:
    new marks, news, signals.

    `regime`: the one of volatility that begins with it, if another does. Nobody is told; scores are made from it.
    """

    market_time: MarketTime
    underlyings: tuple[UnderlyingMark, ...] = ()
    marks: tuple[Mark, ...] = ()
    news: tuple[NewsItem, ...] = ()
    signals: tuple[SignalToRole, ...] = ()
    regime: Regime | None = None


@final
class TakeScenarioValues(Struct, frozen=True, array_like=True, tag="take_scenario_values"):
    """What instruments would be worth in the scenarios of the cash check, at the instant of the newest marks.

    Those that are not among them keep their last values.
    """

    values: tuple[ScenarioValues, ...]


@final
class ContinueWork(Struct, frozen=True, array_like=True, tag="continue_work"):
    """Take the tasks that wait further by one slice, of about `budget` orders."""

    budget: int
