"""Inventory: how much delta and vega a team holds on average, in seconds of continuous trading."""

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from openoutcry.scoring.match.arrays import Integers, Packed, packed, unpacked, widened
from openoutcry.scoring.match.exposures import Exposures
from openoutcry.scoring.match.ledger import Ledger
from openoutcry.scoring.match.marks import Marks
from openoutcry.scoring.match.part import Part
from openoutcry.scoring.match.participant import Participant
from openoutcry.scoring.match.trade import ValuedTrade


class InventoryState(Struct):
    sums: Packed


class Inventory(Part):
    """A second's positions are those at its end, its marks those at its beginning, as for duties."""

    name = "inventory"
    state_type = InventoryState
    is_by_row = True

    def __init__(self, ledger: Ledger, exposures: Exposures) -> None:
        self._milli = ledger.parts_of_delta * 1_000
        """Parts of delta in 1e-3."""
        self._exposures = exposures
        self._sums: Integers = np.zeros((3, 0), dtype=np.int64)
        """Of sizes of delta, of sizes of vega, and of seconds."""

    def session_began(self, *_of_session: object) -> None:
        self._sums = np.zeros_like(self._sums)

    def registered(self, participant: Participant) -> None:
        self._sums = widened(self._sums, 3, participant.row + 1)

    def second_passed(self, before: Marks, seconds: int, is_continuous: bool) -> None:
        if is_continuous:
            exposure, (deltas, vegas, counted) = self._exposures.over(before), self._sums
            deltas += np.abs(exposure.delta) * seconds
            vegas += np.abs(exposure.vega) * seconds
            counted += seconds

    def inputs(self, row: int, excluded: Sequence[ValuedTrade]) -> Mapping[str, int]:  # noqa: ARG002 - has no values
        delta, vega, seconds = self._sums[:, row].tolist()
        return {"delta_sum_milli": delta // self._milli, "vega_sum": vega, "inventory_seconds": seconds}

    def state(self) -> InventoryState:
        return InventoryState(packed(self._sums))

    def restore(self, state: InventoryState) -> None:
        self._sums = unpacked(state.sums)
