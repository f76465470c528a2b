"""Notices to everybody: news, and announcements."""

from typing import Final

import structlog

from openoutcry.access.caller import Caller
from openoutcry.access.refusals import malformed
from openoutcry.domain.commands import Announce, PublishNews
from openoutcry.domain.day.news import DEFAULT_ODDS, NewsOdds
from openoutcry.domain.events import NewsPublished
from openoutcry.domain.identifiers import format_news_id
from openoutcry.domain.reasons import Reject
from openoutcry.domain.simulation.headlines import REGIMES, NewsEffect
from openoutcry.operations.commands import accepted, perform, rejected
from openoutcry.operations.organiser.acting import carry_out, why
from openoutcry.operations.result import Result
from openoutcry.protocol.requests import AnnounceRequest, NewsRequest, Odds
from openoutcry.protocol.responses import PublishedData
from openoutcry.protocol.translation.notices import news_info
from openoutcry.runtime.exchange import Exchange

_log: Final = structlog.get_logger()

_PPM_OF_PERCENT: Final = 10_000


def publish_news(exchange: Exchange, caller: Caller, request: NewsRequest) -> Result[PublishedData]:
    """Tell everybody a headline. The exchange gives it its id. What it does to the simulated market nobody is told."""
    effect, odds = _effect(exchange, request), _odds(request.odds)
    _check_possible(effect, odds)
    command = PublishNews(request.headline, request.category, odds, effect, why(caller, request))
    sequenced, events = perform(exchange, command)
    if isinstance(sequenced.verdict, Reject):
        return rejected(sequenced, sequenced.verdict)
    news = next(event for event in events if isinstance(event, NewsPublished))
    _log.info("news published", news_id=format_news_id(news.news_id))
    return accepted(sequenced, PublishedData(news_info(news, sequenced.time)))


def announce(exchange: Exchange, caller: Caller, request: AnnounceRequest) -> Result[None]:
    """Tell everybody something that is not part of the market."""
    return carry_out(exchange, Announce(request.text, why(caller, request)), lambda _: None, "announced")


def _effect(exchange: Exchange, request: NewsRequest) -> NewsEffect | None:
    """In a session of a simulated market every headline has one, if only that the rest of the world is drawn anew: the
    time that this takes would tell one that moves prices from one that does not.
    """
    if request.regime is None and request.jump_percent is None:
        has_world = exchange.scenario.market is not None and exchange.sequencer.queries.day().is_running
        return NewsEffect() if has_world else None
    named = "regime" if request.regime is not None else "jump_percent"
    if exchange.scenario.market is None:
        raise malformed(named, f"{named}: this scenario has no simulated market that news could move; leave it out")
    regime = next((regime for regime in REGIMES if regime == request.regime), None)
    if regime != request.regime:
        raise malformed(
            "regime", f"regime must be one of {', '.join(REGIMES)}, not {request.regime!r}", allowed=list(REGIMES)
        )
    jump_ppm = None if request.jump_percent is None else round(request.jump_percent * _PPM_OF_PERCENT)
    if jump_ppm == 0:
        raise malformed(
            "jump_percent", "jump_percent must be at least 0.0001 percent, up or down; without a jump leave it out"
        )
    return NewsEffect(regime, jump_ppm)


def _check_possible(effect: NewsEffect | None, odds: NewsOdds) -> None:
    """What a headline does must be possible by its odds: teams are told them, and theoretical values come from them."""
    if effect is None:
        return
    for given, field, chance, name in (
        (effect.regime, "regime", odds.regime_shift, "regime_shift"),
        (effect.jump_ppm, "jump_percent", odds.price_jump, "price_jump"),
    ):
        if given is not None and chance == 0:
            raise malformed(
                "odds",
                f"odds: everybody would be told that {name} has a chance of 0, and {field} makes it happen; give {name}"
                f" 1 percent or more, or leave {field} out",
            )


def _odds(odds: Odds | None) -> NewsOdds:
    if odds is None:
        return DEFAULT_ODDS
    total = odds.regime_shift + odds.price_jump + odds.no_effect
    if total != 100:
        raise malformed("odds", f"odds: the three together must be 100 percent, not {total}")
    return NewsOdds(odds.regime_shift, odds.price_jump, odds.no_effect)
