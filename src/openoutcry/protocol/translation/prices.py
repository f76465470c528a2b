"""Prices from the wire: the number in ticks, if it is on the grid, and as it was written otherwise."""

from openoutcry.domain.commands import Price
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.types import MONEY_UNITS, Ticks


def price_from_wire(instrument: Instrument | None, price: float) -> Price:
    """`price` as asked for. It is on the grid if and only if the nearest grid price reads back as the same number.

    Without an instrument there is no grid; the validator refuses the instrument before it looks at the price.
    """
    if instrument is None:
        return Price(Ticks(0))
    # `Instrument.price_of`, inlined: every order has a price.
    tick_size = instrument.tick_size
    nearest: Ticks = round(price * MONEY_UNITS / tick_size)  # type: ignore[assignment]
    return Price(nearest, None if nearest * tick_size / MONEY_UNITS == price else repr(price))
