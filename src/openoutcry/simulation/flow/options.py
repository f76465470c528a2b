"""The options that retail traders choose from, by expiry, type and moneyness."""

from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import Final

from openoutcry.domain.instruments import Instrument
from openoutcry.domain.types import Money
from openoutcry.simulation.flow.chances import number_of, one_of
from openoutcry.simulation.words import WORDS


class Option:
    """What is read of an option with every order, looked up once."""

    __slots__ = (
        "expiry",
        "instrument_id",
        "is_call",
        "maximum_ticks",
        "strike",
        "tick_size",
        "tick_value",
        "underlying",
    )

    def __init__(self, instrument: Instrument) -> None:
        terms = instrument.option
        assert terms is not None, "an option has terms"  # noqa: S101
        self.instrument_id = instrument.instrument_id
        self.underlying = instrument.underlying
        self.expiry = terms.expiry
        self.is_call = terms.option_type == "call"
        self.strike: int = terms.strike
        self.tick_size: int = instrument.tick_size
        self.tick_value: int = instrument.tick_value
        self.maximum_ticks: int = instrument.maximum_ticks

    def is_out_of_the_money(self, spot: int) -> bool:
        """At the money is not."""
        return self.strike > spot if self.is_call else self.strike < spot


class Options:
    """Those of a session."""

    def __init__(self, instruments: Iterable[Instrument], expiries_ppm: tuple[int, ...]) -> None:
        """`expiries_ppm`: chances of the expiries, nearest first. Where there are fewer, theirs in proportion; options
        of those beyond, or without a chance, are never chosen.
        """
        self.all: Final = [Option(instrument) for instrument in instruments if instrument.option is not None]
        every = sorted({option.expiry for option in self.all})
        chances = {expiry: ppm for expiry, ppm in zip(every, expiries_ppm, strict=False) if ppm}
        self._groups: Final = [
            {
                is_call: [option for option in self.all if (option.expiry, option.is_call) == (expiry, is_call)]
                for is_call in (True, False)
            }
            for expiry in chances
        ]
        shares = list(accumulate(chances.values()))
        self._bounds: Final = [share * WORDS // shares[-1] for share in shares[:-1]]

    def choose(
        self, is_call: bool, is_out_of_the_money: bool, spots: Mapping[str, Money], expiry_word: int, word: int
    ) -> Option | None:
        """One of an expiry by its chance, then any one of those on this side of the money; if there is none, any one
        on the other side. None: there are no such options at all.
        """
        if not self._groups:
            return None
        group = self._groups[number_of(self._bounds, expiry_word)][is_call]
        wanted = [
            option
            for option in group
            if option.is_out_of_the_money(spots.get(option.underlying, 0)) == is_out_of_the_money
        ]
        chosen = wanted or group
        return chosen[one_of(len(chosen), word)] if chosen else None
