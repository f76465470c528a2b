"""What positions are exposed to, for all participants at once."""

from typing import Final

import numpy as np
from msgspec import Struct

from openoutcry.domain.types import PPM
from openoutcry.scoring.match.arrays import Integers
from openoutcry.scoring.match.ledger import Ledger
from openoutcry.scoring.match.marks import Marks


class Exposure(Struct, frozen=True):
    """A number for each participant. Deltas are in contracts of the index, in parts of 1e-6 as many as the ledger's
    `parts_of_delta`.
    """

    delta: Integers
    """Of the portfolio."""
    option_delta: Integers
    """Of its options alone,"""
    option_delta_sizes: Integers
    """and the sum of the sizes of all of their deltas."""
    vega: Integers
    """Money per volatility point and unit of the underlying."""
    balanced_lots: Integers
    """Lots of the tracker, in 1e-6, to which the options' delta is opposite: sign(lots) x min(|lots|, 10 |delta|) if
    it is, else 0. 10 is the tracker's ratio.
    """


class Exposures:
    """Several parts need the same numbers of a second; they are computed once."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger: Final = ledger
        self._before: Marks | None = None
        self._over: Exposure

    def over(self, before: Marks) -> Exposure:
        """Of the seconds that end with a tick. To be asked while the tick is told and nothing has traded since."""
        if self._before is not before:
            self._before, self._over = before, self.at(before)
        return self._over

    def at(self, marks: Marks) -> Exposure:
        """Of the positions of now, at these marks."""
        ledger = self._ledger
        positions, tracker = ledger.positions, ledger.tracker
        by_option = marks.deltas * ledger.option_parts
        options = positions @ by_option
        return Exposure(
            delta=options + positions @ ledger.spot_deltas,
            option_delta=options,
            option_delta_sizes=np.abs(positions) @ np.abs(by_option),
            vega=positions @ (marks.vegas * ledger.is_option),
            balanced_lots=(
                np.zeros_like(options)
                if tracker is None
                else _balanced(positions[:, tracker.number], options, tracker.ratio, ledger.parts_of_delta)
            ),
        )


def _balanced(lots: Integers, option_delta: Integers, ratio: int, parts_of_delta: int) -> Integers:
    matched = np.minimum(np.abs(lots) * PPM, np.abs(option_delta) * ratio // parts_of_delta)
    signs = np.sign(lots)
    balanced: Integers = np.where(signs * np.sign(option_delta) < 0, signs * matched, 0)
    return balanced
