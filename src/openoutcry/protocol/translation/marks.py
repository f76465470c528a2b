"""Marks as they are written on the wire."""

from openoutcry.domain.day.marks import Mark, UnderlyingMark
from openoutcry.domain.types import MONEY_UNITS, PPM, TimestampUs
from openoutcry.protocol import stream
from openoutcry.protocol.responses import GreeksInfo
from openoutcry.protocol.timestamps import format_timestamp

_BILLIONTHS = 1_000_000_000


def underlying_price(mark: UnderlyingMark, market_time: str, time: TimestampUs) -> stream.UnderlyingPrice:
    return stream.UnderlyingPrice(
        symbol=mark.symbol,
        price=mark.price / MONEY_UNITS,
        market_time=market_time,
        timestamp=format_timestamp(time),
    )


def greeks_info(mark: Mark, underlying_price: float) -> GreeksInfo:
    """`underlying_price`: what the option's value rests on."""
    volatility = mark.volatility
    return GreeksInfo(
        theoretical=mark.value / MONEY_UNITS,
        implied_volatility=volatility / PPM if volatility else None,
        implied_volatility_reason=None if volatility else "no_time",
        delta=mark.delta / PPM,
        gamma=mark.gamma / _BILLIONTHS,
        vega=mark.vega / MONEY_UNITS,
        theta=mark.theta / MONEY_UNITS,
        underlying_price=underlying_price,
    )


def greeks(
    instrument_id: str, mark: Mark, underlying_price: float, market_time: str, time: TimestampUs
) -> stream.Greeks:
    volatility = mark.volatility
    return stream.Greeks(
        instrument_id=instrument_id,
        theoretical=mark.value / MONEY_UNITS,
        implied_volatility=volatility / PPM if volatility else None,
        implied_volatility_reason=None if volatility else "no_time",
        delta=mark.delta / PPM,
        gamma=mark.gamma / _BILLIONTHS,
        vega=mark.vega / MONEY_UNITS,
        theta=mark.theta / MONEY_UNITS,
        underlying_price=underlying_price,
        market_time=market_time,
        timestamp=format_timestamp(time),
    )
