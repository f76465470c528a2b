"""Coverage: what the samples of a market maker's quotes have found."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from openoutcry.domain.events import CoverageSampled
from openoutcry.domain.types import PPM
from openoutcry.scoring.match.part import Part
from openoutcry.scoring.match.participant import Participant
from openoutcry.scoring.match.trade import ValuedTrade


class CoverageState(Struct):
    sums: list[tuple[int, int]]


class Coverage(Part):
    """The venue takes samples in seconds that are not exempt. Each share is rounded down to ppm."""

    name = "coverage"
    state_type = CoverageState

    def __init__(self) -> None:
        self._sums: list[tuple[int, int]] = []
        """Of each participant: of shares in ppm, and how many samples."""

    def session_began(self, *_of_session: object) -> None:
        self._sums = [(0, 0)] * len(self._sums)

    def registered(self, participant: Participant) -> None:  # noqa: ARG002 - a part
        self._sums.append((0, 0))

    def covered(self, row: int, event: CoverageSampled) -> None:
        total, samples = self._sums[row]
        self._sums[row] = total + event.covered * PPM // event.counted, samples + 1

    def inputs(self, row: int, excluded: Sequence[ValuedTrade]) -> Mapping[str, int]:  # noqa: ARG002 - has no values
        total, samples = self._sums[row]
        return {"coverage_sum_ppm": total, "coverage_samples": samples}

    def state(self) -> CoverageState:
        return CoverageState(self._sums)

    def restore(self, state: CoverageState) -> None:
        self._sums = state.sums
