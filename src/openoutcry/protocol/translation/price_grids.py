"""The price grids that translation needs; the base of its two halves."""

from collections.abc import Callable, Iterable

from openoutcry.domain.events import Level
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.types import MONEY_UNITS, InstrumentId, Money
from openoutcry.protocol.responses import LevelInfo

FindInstrument = Callable[[InstrumentId], Instrument | None]


class PriceGrids:
    """The price grid of every instrument."""

    def __init__(self, find_instrument: FindInstrument) -> None:
        """`find_instrument` is called once for each instrument, at its first use: a listed instrument does not
        change.
        """
        self._instruments = _Instruments(find_instrument)

    def average_price(self, instrument_id: InstrumentId, quantity: int, cost_basis: Money) -> float | None:
        """What a position has cost per unit; None if it is flat."""
        if not quantity:
            return None
        return cost_basis / (quantity * self._instruments[instrument_id].multiplier * MONEY_UNITS)


def levels_of(instrument: Instrument, levels: Iterable[Level]) -> list[LevelInfo]:
    """Levels of the instrument's book as wire messages show them."""
    # `Instrument.price_of`, inlined: every change of a book passes here.
    tick_size = instrument.tick_size
    return [LevelInfo(ticks * tick_size / MONEY_UNITS, quantity) for ticks, quantity in levels]


class _Instruments(dict[InstrumentId, Instrument]):
    """The grids used so far. A repeated look-up costs no more than in any dictionary."""

    def __init__(self, find: FindInstrument) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, instrument_id: InstrumentId) -> Instrument:
        instrument = self._find(instrument_id)
        if instrument is None:
            raise KeyError(instrument_id)
        self[instrument_id] = instrument
        return instrument
