"""What the exchange's values say between two of their publications: moved on with the price of the index."""

from collections.abc import Mapping
from typing import Final

from openoutcry.protocol.responses import InstrumentInfo
from openoutcry.protocol.stream import Greeks


class Values:
    """Theoretical values and deltas as of the latest prices of underlyings.

    Deltas are counted in units of the index: the underlying that is not traded itself. A tracker, and options on it,
    count with the share of the index at which the tracker stands.
    """

    def __init__(
        self, instruments: Mapping[str, InstrumentInfo], greeks: Mapping[str, Greeks], underlyings: Mapping[str, float]
    ) -> None:
        """The mappings are read, and kept up to date by their owner."""
        self._instruments: Final = instruments
        self._greeks: Final = greeks
        self._underlyings: Final = underlyings
        self._index: str | None = None

    def value_of(self, instrument_id: str) -> float | None:
        """Of an option: its last published value, and by delta and gamma what the index has moved since. Of another
        instrument: the fair value of its underlying. None where neither is known.
        """
        greeks = self._greeks.get(instrument_id)
        if greeks is None:
            instrument = self._instruments.get(instrument_id)
            if instrument is None or instrument.kind == "option":
                return None
            return self._underlyings.get(instrument.underlying)
        move = self._move(greeks)
        return max(0.0, greeks.theoretical + move * (greeks.delta + move * greeks.gamma / 2))

    def delta_of(self, instrument_id: str) -> float:
        """Of one contract or lot, in units of the index; 0 where it is not known."""
        index = self._underlyings.get(self._index_symbol())
        if not index:
            return 0.0
        greeks = self._greeks.get(instrument_id)
        if greeks is not None:
            delta = greeks.delta + self._move(greeks) * greeks.gamma
            return max(-1.0, min(1.0, delta)) / round(index / greeks.underlying_price)
        instrument = self._instruments.get(instrument_id)
        if instrument is None or instrument.kind == "option":
            return 0.0
        price = self._underlyings.get(instrument.underlying)
        return 1 / round(index / price) if price else 0.0

    def _move(self, greeks: Greeks) -> float:
        """Of the price on which the option's value rests, since its Greeks were published."""
        index = self._underlyings.get(self._index_symbol())
        if index is None:
            return 0.0
        return index / round(index / greeks.underlying_price) - greeks.underlying_price

    def _index_symbol(self) -> str:
        """Empty while it is not known."""
        if self._index is None:
            traded = {each.underlying for each in self._instruments.values() if each.kind != "option"}
            self._index = next((symbol for symbol in self._underlyings if symbol not in traded), None)
        return self._index or ""
