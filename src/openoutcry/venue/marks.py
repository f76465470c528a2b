"""The newest marks, as everybody may know them once they are published."""

from openoutcry.domain.day.marks import UnderlyingMark
from openoutcry.domain.events import MarksPublished
from openoutcry.venue.state.venue import VenueState


def newest_marks(state: VenueState) -> MarksPublished | None:
    """None before the first market second."""
    day = state.day
    if day.market_time is None:
        return None
    underlyings = tuple(UnderlyingMark(symbol, price) for symbol, price in day.underlyings.items())
    marks = tuple([market.mark for market in state.markets.values() if market.mark is not None])
    return MarksPublished(day.market_time, day.utc_offset, underlyings, marks)
