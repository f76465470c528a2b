"""Notices to everybody: news, and announcements."""

from typing import Final

import structlog

from openoutcry.access.caller import Caller
from openoutcry.access.refusals import malformed
from openoutcry.domain.commands import Announce, PublishNews
from openoutcry.domain.day.news import DEFAULT_ODDS, NewsOdds
from openoutcry.domain.events import NewsPublished
from openoutcry.domain.identifiers import format_news_id
from openoutcry.operations.commands import accepted, perform
from openoutcry.operations.organiser.acting import carry_out, why
from openoutcry.operations.result import Result
from openoutcry.protocol.requests import AnnounceRequest, NewsRequest, Odds
from openoutcry.protocol.responses import PublishedData
from openoutcry.protocol.translation.notices import news_info
from openoutcry.runtime.exchange import Exchange

_log: Final = structlog.get_logger()


def publish_news(exchange: Exchange, caller: Caller, request: NewsRequest) -> Result[PublishedData]:
    """Tell everybody a headline. The exchange gives it its id."""
    command = PublishNews(request.headline, request.category, _odds(request.odds), None, why(caller, request))
    sequenced, events = perform(exchange, command)
    news = next(event for event in events if isinstance(event, NewsPublished))
    _log.info("news published", news_id=format_news_id(news.news_id))
    return accepted(sequenced, PublishedData(news_info(news, sequenced.time)))


def announce(exchange: Exchange, caller: Caller, request: AnnounceRequest) -> Result[None]:
    """Tell everybody something that is not part of the market."""
    return carry_out(exchange, Announce(request.text, why(caller, request)), lambda _: None, "announced")


def _odds(odds: Odds | None) -> NewsOdds:
    if odds is None:
        return DEFAULT_ODDS
    total = odds.regime_shift + odds.price_jump + odds.no_effect
    if total != 100:
        raise malformed("odds", f"odds: the three together must be 100 percent, not {total}")
    return NewsOdds(odds.regime_shift, odds.price_jump, odds.no_effect)
