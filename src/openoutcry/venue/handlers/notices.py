"""Notices to everybody: news, and announcements of the organisers."""

from typing import Any, Final

from openoutcry.domain.commands import Announce, PublishNews
from openoutcry.domain.day.news import NewsItem
from openoutcry.domain.events import Announced
from openoutcry.domain.reasons import Accepted, ErrorCode, Reject, Verdict
from openoutcry.venue.handlers.handler import Handler, accept
from openoutcry.venue.news import tell_news
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.venue import VenueState


def judge_news(state: VenueState, command: PublishNews) -> Verdict:
    if command.effect is not None and not state.day.is_running:
        return Reject(ErrorCode.MARKET_CLOSED, "No session is under way: there are no prices that news could move")
    return Accepted(state.next_news_id)


def publish_news(state: VenueState, outcome: Outcome, command: PublishNews) -> None:
    tell_news(state, outcome, NewsItem(command.headline, command.category, command.odds))
    day = state.day
    if command.effect is not None:
        assert day.market_time is not None, "a session is under way"  # noqa: S101
        day.effects.append((day.market_time, command.effect))


def announce(state: VenueState, outcome: Outcome, command: Announce) -> None:
    outcome.told(Announced(command.text, state.day.market_time, state.day.utc_offset))


HANDLERS: Final[tuple[Handler[Any], ...]] = (
    Handler(PublishNews, judge_news, publish_news),
    Handler(Announce, accept, announce),
)
