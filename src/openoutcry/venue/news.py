"""News: told to everybody, with an id of the exchange's own."""

from openoutcry.domain.day.news import NewsItem
from openoutcry.domain.events import NewsPublished
from openoutcry.domain.types import NewsId
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.venue import VenueState


def tell_news(state: VenueState, outcome: Outcome, item: NewsItem) -> None:
    day, news_id = state.day, state.next_news_id
    outcome.told(NewsPublished(news_id, item.text, item.category, item.odds, day.market_time, day.utc_offset))
    state.next_news_id = NewsId(news_id + 1)
    day.last_news = day.market_time
