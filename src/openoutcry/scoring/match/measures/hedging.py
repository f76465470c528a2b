"""Hedging: squares of the portfolio's delta, beside those of what its options' deltas are without regard to sign."""

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from openoutcry.domain.types import MarketTime
from openoutcry.scoring.match.arrays import Integers, Packed, packed, unpacked, widened
from openoutcry.scoring.match.exposures import Exposures
from openoutcry.scoring.match.ledger import Ledger
from openoutcry.scoring.match.marks import Marks
from openoutcry.scoring.match.part import Part
from openoutcry.scoring.match.participant import Participant
from openoutcry.scoring.match.trade import ValuedTrade

MOST_MILLI: int = 10_000_000
"""More delta than 10,000 contracts counts as so much: squares of it in 86,400 seconds stay below 2**63."""


class HedgingState(Struct):
    opening_at: MarketTime
    sums: Packed


class Hedging(Part):
    """Every second from the opening to the close counts, halts among them. A second's positions are those at its end,
    its marks those at its beginning. Sizes are rounded down to 1e-3 contracts before they are squared.
    """

    name = "hedging"
    state_type = HedgingState
    is_by_row = True

    def __init__(self, ledger: Ledger, exposures: Exposures) -> None:
        self._ledger = ledger
        self._exposures = exposures
        self._milli = ledger.parts_of_delta * 1_000
        """Parts of delta in 1e-3."""
        self._opening_at = MarketTime(0)
        self._sums: Integers = np.zeros((2, 0), dtype=np.int64)
        """Of squares of the net and of the gross delta."""

    def session_began(self, opening_at: MarketTime, *_of_session: object) -> None:
        self._opening_at = opening_at
        self._sums = np.zeros_like(self._sums)

    def registered(self, participant: Participant) -> None:
        self._sums = widened(self._sums, 2, participant.row + 1)

    def second_passed(self, before: Marks, seconds: int, is_continuous: bool) -> None:  # noqa: ARG002 - a part
        now = self._ledger.marks.market_time
        if now is not None and now - seconds >= self._opening_at:
            exposure, (net, gross) = self._exposures.over(before), self._sums
            net += self._squares(exposure.delta) * seconds
            gross += self._squares(exposure.option_delta_sizes) * seconds

    def inputs(self, row: int, excluded: Sequence[ValuedTrade]) -> Mapping[str, int]:  # noqa: ARG002 - has no values
        net, gross = self._sums[:, row].tolist()
        return {"net_delta_squares": net, "gross_delta_squares": gross}

    def _squares(self, deltas: Integers) -> Integers:
        sizes: Integers = np.minimum(np.abs(deltas) // self._milli, MOST_MILLI)
        return sizes * sizes

    def state(self) -> HedgingState:
        return HedgingState(self._opening_at, packed(self._sums))

    def restore(self, state: HedgingState) -> None:
        self._opening_at, self._sums = state.opening_at, unpacked(state.sums)
