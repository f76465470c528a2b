"""Prices from the wire: the number that a client wrote, as ticks where it is on the grid."""

from openoutcry.domain.commands import Price
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.types import Ticks


def price_from_wire(instrument: Instrument | None, price: float) -> Price:
    """`price` as asked: on the grid iff the nearest grid price reads back as the same number.

    Without an instrument there is no grid; the validator refuses the instrument before it looks at the price.
    """
    if instrument is None:
        return Price(Ticks(0))
    nearest = instrument.nearest_ticks(price)
    return Price(nearest) if instrument.price_of(nearest) == price else Price(nearest, repr(price))
