"""What a market second brings, made from its world and from the venue as it stands before it.

Nothing is kept and nothing is done here. So the exchange, and whoever checks it afterwards, make the same.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from openoutcry.domain.commands import AdvanceMarket
from openoutcry.domain.day.marks import Mark, ScenarioValues, UnderlyingMark
from openoutcry.domain.day.news import NewsItem
from openoutcry.domain.simulation.headlines import Regime
from openoutcry.domain.simulation.signals import SignalToRole
from openoutcry.domain.types import MarketTime
from openoutcry.simulation.flow.step import Flow, Step
from openoutcry.venue.reading.queries import Queries

Marks = tuple[tuple[UnderlyingMark, ...], tuple[Mark, ...]]
MakeMarks = Callable[[MarketTime], Marks]
"""The marks of a market second."""

ValuesDue = Callable[[MarketTime, bool], tuple[ScenarioValues, ...]]
"""What instruments are worth in the scenarios of the cash check, at the market seconds at which it is to be told; these
depend on whether there is news.
"""


class Told(NamedTuple):
    """What a market second brings beside its prices: news for everybody, signals for the teams of a role, and the
    regime that begins with it, if another does.
    """

    news: tuple[NewsItem, ...] = ()
    signals: tuple[SignalToRole, ...] = ()
    regime: Regime | None = None


NOTHING_TOLD: Final = Told()

ToldAt = Callable[[MarketTime], Told]


def nothing_told(_market_time: MarketTime) -> Told:
    """Of a scenario without a simulated market."""
    return NOTHING_TOLD


def no_marks(_market_time: MarketTime) -> Marks:
    """Of a scenario without pricing."""
    return (), ()


def no_values(_market_time: MarketTime, _has_news: bool) -> tuple[ScenarioValues, ...]:
    """Of a scenario without a cash check."""
    return ()


class MadeSecond(NamedTuple):
    tick: AdvanceMarket
    values: tuple[ScenarioValues, ...]
    steps: Sequence[Step]
    """In the order in which they are taken."""


class SecondMaker:
    def __init__(
        self,
        queries: Queries,
        make_marks: MakeMarks = no_marks,
        values_due: ValuesDue = no_values,
        told_at: ToldAt = nothing_told,
        flow: Flow | None = None,
    ) -> None:
        self._queries = queries
        self._make_marks = make_marks
        self._values_due = values_due
        self._told_at = told_at
        self._flow = flow

    def make(self, market_time: MarketTime) -> MadeSecond:
        """The next market second of the session under way, or its first. Whatever it is made with may raise."""
        news, signals, regime = self._told_at(market_time)
        underlyings, marks = self._make_marks(market_time)
        # What an organiser's news does comes with the second after it.
        last_news = self._queries.day().last_news
        values = self._values_due(market_time, bool(news) or last_news == market_time - 1)
        steps = () if self._flow is None else self._flow.steps(market_time)
        return MadeSecond(AdvanceMarket(market_time, underlyings, marks, news, signals, regime), values, steps)
