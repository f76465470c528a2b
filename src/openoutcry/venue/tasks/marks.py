"""The end of a tick: the public is told the new marks."""

from openoutcry.domain.events import MarksPublished
from openoutcry.domain.marks import UnderlyingMark
from openoutcry.domain.tasks import PublishMarks
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state import VenueState


def publish_marks(state: VenueState, outcome: Outcome, task: PublishMarks, budget: int) -> tuple[None, int]:  # noqa: ARG001 - a step
    market_time = state.day.market_time
    assert market_time is not None, "a tick has a time"  # noqa: S101
    underlyings = tuple(UnderlyingMark(symbol, price) for symbol, price in state.day.underlyings.items())
    marks = tuple(market.mark for market in state.markets.values() if market.mark is not None)
    outcome.told(MarksPublished(market_time, underlyings, marks))
    return None, 1
