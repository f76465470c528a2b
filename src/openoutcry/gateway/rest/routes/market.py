"""What anyone may read."""

from typing import Final

from litestar import Response

from openoutcry.domain.reasons import ErrorCode
from openoutcry.gateway.rest.framework.endpoints import Asked, endpoint
from openoutcry.gateway.rest.routes.parameters import Depth, InstrumentPath, TradesLimit
from openoutcry.gateway.rest.terms import Terms
from openoutcry.operations import health, market
from openoutcry.protocol.queries import DEFAULT_DEPTH, DEFAULT_TRADES, DepthQuery, TradesQuery
from openoutcry.protocol.responses import (
    ApiResponse,
    HealthData,
    InstrumentsData,
    MarketData,
    OrderBookData,
    TradesData,
)

_TAG: Final = "Market"
_READ: Final = Terms("public", "reads")
_ASKED_BY_ANYBODY: Final = Terms("anybody")
_UNKNOWN: Final = (ErrorCode.INVALID_INSTRUMENT,)


@endpoint("GET", "/instruments", _READ, _TAG, "List instruments")
async def list_instruments(asked: Asked) -> Response[ApiResponse[InstrumentsData]]:
    """Reference data: kind, underlying, strike, expiry, tick, multiplier, limits."""
    return asked.answer(market.list_instruments)


@endpoint("GET", "/instruments/{instrument_id:str}", _READ, _TAG, "Get instrument", refusals=_UNKNOWN)
async def show_instrument(asked: Asked, instrument_id: InstrumentPath) -> Response[ApiResponse[InstrumentsData]]:
    """Reference data of one instrument, in the shape of the list."""
    return asked.answer(market.show_instrument, instrument_id)


@endpoint("GET", "/orderbook/{instrument_id:str}", _READ, _TAG, "Get order book", refusals=_UNKNOWN)
async def show_order_book(
    asked: Asked, instrument_id: InstrumentPath, depth: Depth = DEFAULT_DEPTH
) -> Response[ApiResponse[OrderBookData]]:
    """Depth aggregated by price, best first, with the book's own counter, `book_seq`."""
    return asked.answer(market.show_order_book, instrument_id, DepthQuery(depth=depth))


@endpoint("GET", "/trades/{instrument_id:str}", _READ, _TAG, "List trades", refusals=_UNKNOWN)
async def list_trades(
    asked: Asked,
    instrument_id: InstrumentPath,
    limit: TradesLimit = DEFAULT_TRADES,
) -> Response[ApiResponse[TradesData]]:
    """The most recent public trades, oldest first."""
    return asked.answer(market.list_trades, instrument_id, TradesQuery(limit=limit))


@endpoint("GET", "/market", _READ, _TAG, "Get market")
async def show_market(asked: Asked) -> Response[ApiResponse[MarketData]]:
    """Phase, market clock, next transition, underlyings' last prices."""
    return asked.answer(market.show_market)


@endpoint("GET", "/health", _ASKED_BY_ANYBODY, _TAG, "Get health", shapes={503: ApiResponse[HealthData]})
async def show_health(asked: Asked) -> Response[ApiResponse[HealthData]]:
    """Liveness and readiness, version, uptime, journal lag. 503, with the same `data`, while no command is taken."""
    return asked.answer(health.show_health)
