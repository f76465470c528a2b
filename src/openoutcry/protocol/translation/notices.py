"""News and announcements as they are written on the wire."""

from openoutcry.domain.day.news import NewsOdds
from openoutcry.domain.events import Announced, NewsPublished
from openoutcry.domain.identifiers import format_news_id
from openoutcry.domain.types import Sequence, TimestampUs
from openoutcry.protocol import stream
from openoutcry.protocol.responses import NewsInfo, OddsInfo
from openoutcry.protocol.timestamps import format_market_time, format_timestamp


def news_message(event: NewsPublished, time: TimestampUs, sequence: Sequence) -> stream.News:
    return stream.News(
        news_id=format_news_id(event.news_id),
        headline=event.headline,
        category=event.category,
        odds=_odds(event.odds),
        market_time=_market_time(event, time),
        timestamp=format_timestamp(time),
        sequence=sequence,
    )


def announcement_message(event: Announced, time: TimestampUs, sequence: Sequence) -> stream.Announcement:
    return stream.Announcement(
        text=event.text,
        market_time=_market_time(event, time),
        timestamp=format_timestamp(time),
        sequence=sequence,
    )


def news_info(event: NewsPublished, time: TimestampUs) -> NewsInfo:
    return NewsInfo(
        news_id=format_news_id(event.news_id),
        headline=event.headline,
        category=event.category,
        odds=_odds(event.odds),
        market_time=_market_time(event, time),
        timestamp=format_timestamp(time),
    )


def _odds(odds: NewsOdds) -> OddsInfo:
    return OddsInfo(regime_shift=odds.regime_shift, price_jump=odds.price_jump, no_effect=odds.no_effect)


def _market_time(event: NewsPublished | Announced, time: TimestampUs) -> str:
    if event.market_time is None:
        return format_timestamp(time)
    return format_market_time(event.market_time, event.utc_offset)
