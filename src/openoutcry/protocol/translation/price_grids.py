"""The price grids that translation needs; the base of its two halves."""

from collections.abc import Callable, Iterable

from openoutcry.domain.events import Level
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.types import InstrumentId
from openoutcry.protocol.responses import LevelInfo

FindInstrument = Callable[[InstrumentId], Instrument | None]


class PriceGrids:
    """The grid of every instrument that there is."""

    def __init__(self, find_instrument: FindInstrument) -> None:
        """`find_instrument` is asked once for each instrument, when it is met first: what is listed does not change."""
        self._instruments = _Instruments(find_instrument)

    def _price(self, instrument_id: InstrumentId, ticks: int | None) -> float | None:
        return None if ticks is None else self._instruments[instrument_id].price_of(ticks)

    def _levels(self, instrument_id: InstrumentId, levels: Iterable[Level]) -> list[LevelInfo]:
        price_of = self._instruments[instrument_id].price_of
        return [LevelInfo(price_of(ticks), quantity) for ticks, quantity in levels]


class _Instruments(dict[InstrumentId, Instrument]):
    """Those that were met so far. One that is met again costs no more than in any other dictionary."""

    def __init__(self, find: FindInstrument) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, instrument_id: InstrumentId) -> Instrument:
        instrument = self._find(instrument_id)
        if instrument is None:
            raise KeyError(instrument_id)
        self[instrument_id] = instrument
        return instrument
