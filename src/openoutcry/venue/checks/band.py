"""The price band around the instrument's mark: no buy above it, no sell below it.

A market order passes: it trades no further than the band's edge. So does an amendment that keeps price and does not
grow, wherever the band has moved meanwhile.
"""

from openoutcry.domain.instruments import Instrument
from openoutcry.domain.reasons import ErrorCode, Finding, Reject
from openoutcry.domain.types import Ticks
from openoutcry.venue.bands import band_of
from openoutcry.venue.checks.context import OrderContext


def check_band(context: OrderContext) -> Finding:
    market, price = context.market, context.price
    band = band_of(context.state, market)
    if price is None or band is None:
        return None
    lowest, highest = band
    ticks = price.ticks
    is_buy = context.side == "buy"
    if ticks <= highest if is_buy else ticks >= lowest:
        return None
    replaced = context.replaced
    if replaced is not None and ticks == replaced.price and context.quantity <= replaced.quantity:
        return None
    if is_buy:
        return _out_of_band(market.instrument, ticks, "buy", Ticks(1), highest, highest)
    return _out_of_band(market.instrument, ticks, "sell", lowest, market.maximum_ticks, lowest)


def _out_of_band(
    instrument: Instrument, ticks: Ticks, side: str, lowest: Ticks, highest: Ticks, nearest: Ticks
) -> Reject:
    edge = instrument.price_of(nearest)
    limit = f"at most {edge}" if side == "buy" else f"at least {edge}"
    return Reject(
        ErrorCode.PRICE_OUT_OF_BAND,
        f"A {side} at {instrument.price_of(ticks)} is too far from the theoretical value: it must be {limit} now",
        {"minimum": instrument.price_of(lowest), "maximum": instrument.price_of(highest), "nearest": edge},
    )
