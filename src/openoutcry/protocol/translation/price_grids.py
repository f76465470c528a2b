"""The price grids that translation needs; the base of its two halves."""

from collections.abc import Iterable

from openoutcry.domain.events import Level
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.types import InstrumentId
from openoutcry.protocol.responses import LevelInfo


class PriceGrids:
    """The grid of every instrument it was given."""

    def __init__(self, instruments: Iterable[Instrument]) -> None:
        self._instruments = {instrument.instrument_id: instrument for instrument in instruments}

    def _price(self, instrument_id: InstrumentId, ticks: int | None) -> float | None:
        return None if ticks is None else self._instruments[instrument_id].price_of(ticks)

    def _levels(self, instrument_id: InstrumentId, levels: Iterable[Level]) -> list[LevelInfo]:
        price_of = self._instruments[instrument_id].price_of
        return [LevelInfo(price_of(ticks), quantity) for ticks, quantity in levels]
