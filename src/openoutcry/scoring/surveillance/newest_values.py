"""The values at which teams could have known an instrument when they acted, and how far off them prices may be."""

from collections import deque
from functools import reduce
from typing import Final

import numpy as np
from msgspec import Struct

from openoutcry.domain.day.game_rules import BandRules, GameRules
from openoutcry.domain.types import PPM
from openoutcry.scoring.match.arrays import Integers, Packed, packed, unpacked
from openoutcry.scoring.match.ledger import Ledger

MILLIPOINTS: Final = 1_000
"""In a volatility point."""


class ValuesState(Struct):
    values: list[Packed]
    """Of the newest seconds, oldest first."""


class NewestValues:
    """Values of the last seconds: a bot acts on what it has been told, and that may just have changed."""

    def __init__(self, ledger: Ledger, game: GameRules, off_market_ppm: int, late_seconds: int) -> None:
        """A scenario without price bands is judged by those of the default game."""
        self._ledger: Final = ledger
        self._band: Final = game.band or BandRules()
        self._off_market_ppm: Final = off_market_ppm
        self._values: deque[Integers] = deque(maxlen=late_seconds + 1)
        self.best: tuple[list[int | None], list[int | None]] = ([], [])
        """By side and column: the value, of the last seconds, that is most in favour of a team that trades on this side
        now; None: it has had no mark.
        """
        self.begin()

    def begin(self) -> None:
        """There are other columns, or another session: only the newest values are known."""
        self._values.clear()
        self.passed()

    def passed(self) -> None:
        """The ledger has new marks."""
        self._values.append(self._ledger.marks.values)
        if self._ledger.participants:
            self._look()

    def registered(self) -> None:
        """There is a participant more: until the first, nobody asks for values."""
        self._look()

    def width(self, column: int) -> int:
        """So far off the value of now a price may be, and give nothing away. In money, per unit."""
        return self._band_width(column) * self._off_market_ppm // PPM

    def _band_width(self, number: int) -> int:
        ledger, band = self._ledger, self._band
        column, marks = ledger.columns[number], ledger.marks
        if not column.is_option:
            return band.spot_instrument_ppm * int(marks.values[number]) // PPM
        of_vega = band.volatility_millipoints * int(marks.vegas[number]) // MILLIPOINTS
        spot = int(marks.prices[number]) // column.ratio
        of_delta = band.spot_ppm * spot * abs(int(marks.deltas[number])) // (PPM * PPM)
        return max(of_vega + of_delta, band.minimum_ticks * column.tick_size)

    def state(self) -> ValuesState:
        return ValuesState([packed(each) for each in self._values])

    def restore(self, state: ValuesState) -> None:
        self._values.clear()
        self._values.extend(unpacked(each) for each in state.values)
        if self._values:
            self._look()

    def _look(self) -> None:
        is_known = self._ledger.marks.is_known
        highest: Integers = reduce(np.maximum, self._values)
        lowest: Integers = reduce(np.minimum, self._values)
        self.best = highest.tolist(), lowest.tolist()
        if not is_known.all():
            for column in np.flatnonzero(~is_known).tolist():
                self.best[0][column] = self.best[1][column] = None
