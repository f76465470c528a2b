"""Queries of marks: Greeks of options, and the history of underlyings."""

from typing import Final

from openoutcry.access.caller import Caller
from openoutcry.access.echoes import echo
from openoutcry.access.refusals import malformed, not_found
from openoutcry.domain.reasons import ErrorCode
from openoutcry.domain.types import MONEY_UNITS
from openoutcry.operations.result import Result
from openoutcry.protocol.queries import UnderlyingPricesQuery
from openoutcry.protocol.responses import GreeksData, GreeksInfo, UnderlyingPriceInfo, UnderlyingPricesData
from openoutcry.protocol.timestamps import format_market_time, parse_market_time
from openoutcry.protocol.translation.marks import greeks_info
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.sequencing.unavailable import Unavailable
from openoutcry.runtime.streams.mark_channels import price_of_underlying
from openoutcry.runtime.underlying_prices import UnderlyingPrices

_NO_PRICES: Final = UnderlyingPrices()
"""Of a scenario that keeps none."""


def list_greeks(exchange: Exchange, _caller: Caller) -> Result[GreeksData]:
    queries, game = exchange.sequencer.queries, exchange.scenario.rulebook.game
    marks = queries.marks()
    if marks is None:
        return Result(exchange.clock.now(), GreeksData({}, None))
    instruments = queries.instruments()
    options = [(mark, instruments[mark.place]) for mark in marks.marks if instruments[mark.place].option is not None]
    greeks: dict[str, GreeksInfo] = {
        option.instrument_id: greeks_info(mark, price_of_underlying(marks, game, option)) for mark, option in options
    }
    as_of = format_market_time(marks.market_time, marks.utc_offset)
    return Result(exchange.clock.now(), GreeksData(greeks, as_of))


def list_underlying_prices(
    exchange: Exchange, _caller: Caller, symbol: str, query: UnderlyingPricesQuery
) -> Result[UnderlyingPricesData]:
    """A page of the history, oldest first.

    Raises `Refused` (404) for an unknown underlying, `Unavailable` if the history failed and was dropped.
    """
    known = exchange.scenario.underlyings.keys() | exchange.sequencer.queries.day().underlyings.keys()
    if symbol not in known:
        raise not_found(
            ErrorCode.INVALID_INSTRUMENT,
            f"There is no underlying {echo(symbol)!r} with a price; there are {', '.join(sorted(known)) or 'none'}",
            symbol=echo(symbol),
        )
    after = None if query.after is None else parse_market_time(query.after)
    if query.after is not None and after is None:
        raise malformed(
            "after", f"after: must be a market_time, such as 2024-01-15T09:30:00-05:00, not {echo(query.after)!r}"
        )
    history = exchange.projections.running(UnderlyingPrices)
    if history is None:
        if exchange.scenario.pricing is not None:
            raise Unavailable("The history of the underlyings failed and was dropped")
        history = _NO_PRICES
    page, omitted = history.page(symbol, after, query.limit)
    prices = [
        UnderlyingPriceInfo(each.price / MONEY_UNITS, format_market_time(each.market_time, each.utc_offset))
        for each in page
    ]
    data = UnderlyingPricesData(symbol=symbol, prices=prices, omitted=omitted, forgotten=history.forgotten(symbol))
    return Result(exchange.clock.now(), data)
