"""Queries that anyone may make: instruments, books, trades, the session."""

from datetime import UTC, datetime
from typing import NoReturn
from zoneinfo import ZoneInfo

from openoutcry.access.caller import Caller
from openoutcry.access.echoes import echo
from openoutcry.access.refusals import malformed, not_found
from openoutcry.domain.events import NewsPublished
from openoutcry.domain.identifiers import NO_ID, parse_news_id
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.reasons import ErrorCode
from openoutcry.domain.types import MONEY_UNITS, NewsId, TimestampUs
from openoutcry.operations.result import Result
from openoutcry.protocol.queries import DepthQuery, NewsQuery, TradesQuery
from openoutcry.protocol.responses import (
    InstrumentInfo,
    InstrumentsData,
    MarketData,
    NewsData,
    OrderBookData,
    TradesData,
)
from openoutcry.protocol.timestamps import format_market_time, format_timestamp
from openoutcry.protocol.translation.notices import news_info
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.notices import Notices
from openoutcry.runtime.sequencing.unavailable import Unavailable


def list_instruments(exchange: Exchange, _caller: Caller) -> Result[InstrumentsData]:
    instruments = exchange.sequencer.queries.instruments()
    return Result(
        exchange.clock.now(),
        InstrumentsData([_instrument_info(exchange, instrument) for instrument in instruments]),
    )


def show_instrument(exchange: Exchange, _caller: Caller, instrument_id: str) -> Result[InstrumentsData]:
    """The same shape as the list, with one instrument in it."""
    data = instrument_data(exchange, instrument_id)
    return Result(exchange.clock.now(), data)


def instrument_data(exchange: Exchange, instrument_id: str) -> InstrumentsData:
    """Raises `Refused` (404)."""
    instrument = exchange.sequencer.queries.instrument(instrument_id)
    if instrument is None:
        _refuse_unknown(instrument_id)
    return InstrumentsData([_instrument_info(exchange, instrument)])


def show_order_book(
    exchange: Exchange, _caller: Caller, instrument_id: str, query: DepthQuery
) -> Result[OrderBookData]:
    view = exchange.sequencer.queries.depth(instrument_id, query.depth)
    if view is None:
        _refuse_unknown(instrument_id)
    return Result(exchange.clock.now(), exchange.translator.order_book(view))


def list_trades(exchange: Exchange, _caller: Caller, instrument_id: str, query: TradesQuery) -> Result[TradesData]:
    """The most recent trades, oldest first."""
    trades = exchange.sequencer.queries.trades(instrument_id, query.limit)
    if trades is None:
        _refuse_unknown(instrument_id)
    data = TradesData([exchange.translator.trade_info(trade) for trade in trades])
    return Result(exchange.clock.now(), data)


def list_news(exchange: Exchange, _caller: Caller, query: NewsQuery) -> Result[NewsData]:
    """A page of the news, oldest first. Raises `Unavailable` if the list failed and was dropped."""
    notices = exchange.projections.running(Notices)
    if notices is None:
        raise Unavailable("The list of the news failed and was dropped")
    after = NewsId(NO_ID) if query.after is None else parse_news_id(query.after)
    if query.after is not None and after == NO_ID:
        raise malformed("after", f"after: must be the id of news, such as NEWS_7, not {echo(query.after)!r}")
    page, omitted = notices.page(after, query.limit)
    shown = [news_info(notice.event, notice.time) for notice in page if isinstance(notice.event, NewsPublished)]
    return Result(exchange.clock.now(), NewsData(shown, omitted, notices.forgotten))


def show_market(exchange: Exchange, _caller: Caller) -> Result[MarketData]:
    now = exchange.clock.now()
    return Result(now, market_data(exchange, now))


def market_data(exchange: Exchange, now: TimestampUs) -> MarketData:
    """The session as it stands. Before the first one, the market clock is the wall clock."""
    queries, scenario = exchange.sequencer.queries, exchange.scenario
    market, day = queries.market(), queries.day()
    market_time, next_at = day.market_time, market.next_at
    next_text = None if next_at is None else format_market_time(next_at, day.utc_offset)
    return MarketData(
        session_date=day.session_date or scenario.session_date or _today(scenario.time_zone, now),
        trading_session=market.trading_session,
        phase=market.phase,
        market_time=format_timestamp(now) if market_time is None else format_market_time(market_time, day.utc_offset),
        speed=day.speed / 1_000,
        next_phase=market.next_phase,
        next_at=next_text,
        next_transition=next_text,
        starts_at=None if day.planned_start is None else format_timestamp(day.planned_start),
        halted=list(market.halted),
        instrument_phases=dict(market.instrument_phases.items()),
        underlyings=scenario.underlyings | {symbol: price / MONEY_UNITS for symbol, price in day.underlyings.items()},
    )


def _today(time_zone: str, now: TimestampUs) -> str:
    return datetime.fromtimestamp(now / 1_000_000, UTC).astimezone(ZoneInfo(time_zone)).date().isoformat()


def _instrument_info(exchange: Exchange, instrument: Instrument) -> InstrumentInfo:
    queries, here = exchange.sequencer.queries, instrument.instrument_id
    return exchange.translator.instrument_info(
        instrument, exchange.scenario.rulebook.roles, queries.status(here), queries.settlement(here)
    )


def _refuse_unknown(instrument_id: str) -> NoReturn:
    raise not_found(
        ErrorCode.INVALID_INSTRUMENT,
        f"There is no instrument {echo(instrument_id)!r}; GET /instruments lists those there are",
        instrument_id=echo(instrument_id),
    )
