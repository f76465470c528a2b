"""Notices to everybody: news, and announcements of the organisers."""

from typing import Any, Final

from openoutcry.domain.commands import Announce, PublishNews
from openoutcry.domain.events import Announced, NewsPublished
from openoutcry.domain.reasons import Accepted, Verdict
from openoutcry.domain.types import NewsId
from openoutcry.venue.handlers.handler import Handler, accept
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state import VenueState


def judge_news(state: VenueState, command: PublishNews) -> Verdict:  # noqa: ARG001 - a judge
    return Accepted(state.next_news_id)


def publish_news(state: VenueState, outcome: Outcome, command: PublishNews) -> None:
    day = state.day
    outcome.told(
        NewsPublished(
            state.next_news_id, command.headline, command.category, command.odds, day.market_time, day.utc_offset
        )
    )
    state.next_news_id = NewsId(state.next_news_id + 1)
    day.last_news = day.market_time


def announce(state: VenueState, outcome: Outcome, command: Announce) -> None:
    outcome.told(Announced(command.text, state.day.market_time, state.day.utc_offset))


HANDLERS: Final[tuple[Handler[Any], ...]] = (
    Handler(PublishNews, judge_news, publish_news),
    Handler(Announce, accept, announce),
)
