"""Convergence: what the balanced part of a position earned from the tracker's error, second by second."""

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from openoutcry.domain.types import PPM
from openoutcry.scoring.match.arrays import Integers, Packed, packed, unpacked
from openoutcry.scoring.match.column import Column
from openoutcry.scoring.match.exposures import Exposures
from openoutcry.scoring.match.ledger import Ledger
from openoutcry.scoring.match.marks import Marks
from openoutcry.scoring.match.part import Part
from openoutcry.scoring.match.participant import Participant
from openoutcry.scoring.match.trade import ValuedTrade

MILLI: int = 1_000


class ConvergenceState(Struct):
    earned: Packed


class Convergence(Part):
    """L x 100 x (index / 10) x (e(s + 1) - e(s)), with L and the index of the second's beginning but the positions of
    its end; 100 and 10 are the tracker's multiplier and ratio. A move of the error is worth, per unit of the tracker,
    (tracker(s + 1) x index(s) - tracker(s) x index(s + 1)) / index(s + 1), rounded to 1e-3 money units.
    """

    name = "convergence"
    state_type = ConvergenceState
    is_by_row = True

    def __init__(self, ledger: Ledger, exposures: Exposures) -> None:
        self._ledger = ledger
        self._exposures = exposures
        self._earned: Integers = np.zeros(0, dtype=np.int64)
        """Per unit of a lot, in 1e-3 money units: each second's is rounded down, and no sum of a day comes near
        2**63.
        """

    def session_began(self, *_of_session: object) -> None:
        self._earned = np.zeros_like(self._earned)

    def registered(self, participant: Participant) -> None:  # noqa: ARG002 - a part
        self._earned = np.append(self._earned, 0)

    def second_passed(self, before: Marks, seconds: int, is_continuous: bool) -> None:  # noqa: ARG002 - a part
        tracker = self._ledger.tracker
        if tracker is None or not seconds:  # at a session's start marks change, but no second has passed
            return
        moved = _error_moved(tracker, before, self._ledger.marks)
        if moved:
            self._earned += self._exposures.over(before).balanced_lots * moved // PPM

    def inputs(self, row: int, excluded: Sequence[ValuedTrade]) -> Mapping[str, int]:  # noqa: ARG002 - has no values
        tracker = self._ledger.tracker
        multiplier = 0 if tracker is None else tracker.multiplier
        return {"convergence": int(self._earned[row]) * multiplier // MILLI}

    def state(self) -> ConvergenceState:
        return ConvergenceState(packed(self._earned))

    def restore(self, state: ConvergenceState) -> None:
        self._earned = unpacked(state.earned)


def _error_moved(tracker: Column, before: Marks, now: Marks) -> int:
    """What the error's move was worth per unit of the tracker, in 1e-3 money units, to the nearest; a half goes up."""
    number = tracker.number
    if not before.is_known[number]:
        return 0
    index_before, index_now = int(before.prices[number]), int(now.prices[number])
    moved = int(now.values[number]) * index_before - int(before.values[number]) * index_now
    return (2 * MILLI * moved + index_now) // (2 * index_now)
