"""Prices from the wire: whether there may be one, and the number as written in ticks, where it is on the grid."""

from openoutcry.domain.commands import Price
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.reasons import ErrorCode
from openoutcry.domain.types import MONEY_UNITS, Ticks
from openoutcry.gateway.refusals import Refused


def price_from_wire(instrument: Instrument | None, price: float) -> Price:
    """`price` as asked: on the grid iff the nearest grid price reads back as the same number.

    Without an instrument there is no grid; the validator refuses the instrument before it looks at the price.
    """
    if instrument is None:
        return Price(Ticks(0))
    # `Instrument.price_of` written out, as every order has a price.
    tick_size = instrument.tick_size
    nearest: Ticks = round(price * MONEY_UNITS / tick_size)  # type: ignore[assignment]
    return Price(nearest, None if nearest * tick_size / MONEY_UNITS == price else repr(price))


def unfitting_price(price: float | None) -> Refused:
    """The refusal of a limit order without a price, or of a market order with this one."""
    if price is None:
        return Refused(
            ErrorCode.MISSING_PRICE,
            'A limit order needs a price. An order that is to trade at any price says so: "order_type":"market"',
            {"field": "price"},
        )
    return Refused(
        ErrorCode.INVALID_PRICE,
        f"A market order has no price, but this one has {price}: leave the price out, or send a limit order",
        {"field": "price", "price": price},
    )
