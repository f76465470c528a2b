"""Compliance: seconds in which a duty counted, those outside one, and how often a level of sanctions was reached."""

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from openoutcry.domain.day.duties import Duty, DutyState
from openoutcry.domain.events import DutyJudged
from openoutcry.scoring.match.arrays import Integers, Packed, packed, unpacked, widened
from openoutcry.scoring.match.part import Part
from openoutcry.scoring.match.participant import Participant
from openoutcry.scoring.match.trade import ValuedTrade

LEAST_LEVEL: int = 2
"""From this level on it costs points to reach one."""


class Standing(Struct):
    """Of one team, as last told. A duty of which nothing was told yet is exempt."""

    duties: dict[Duty, DutyState] = {}
    level: int = 0


class ComplianceState(Struct):
    standings: list[Standing]
    sums: Packed


class Compliance(Part):
    """What is told of a duty holds for the seconds that end with its tick, and on. A second counts if any duty of the
    team is not exempt, and is outside if any is breached. Whoever raises a level, rules or organiser, it counts.
    """

    name = "compliance"
    state_type = ComplianceState
    is_by_row = True

    def __init__(self) -> None:
        self._standings: list[Standing] = []
        """They outlast a session, as the venue's do."""
        self._states: Integers = np.zeros((2, 0), dtype=np.int64)
        """By participant, 1 or 0: whether a duty counts, and whether one is breached."""
        self._sums: Integers = np.zeros((3, 0), dtype=np.int64)
        """Seconds that counted, those outside, and levels reached."""

    def session_began(self, *_of_session: object) -> None:
        self._sums = np.zeros_like(self._sums)

    def registered(self, participant: Participant) -> None:
        self._standings.append(Standing())
        self._states = widened(self._states, 2, participant.row + 1)
        self._sums = widened(self._sums, 3, participant.row + 1)

    def judged(self, row: int, event: DutyJudged) -> None:
        standing = self._standings[row]
        if event.level > standing.level and event.level >= LEAST_LEVEL:
            self._sums[2, row] += 1
        standing.level = event.level
        if event.duty is not None:
            standing.duties[event.duty] = event.state
            self._find_state(row)

    def duties_judged(self, seconds: int, is_continuous: bool) -> None:
        if is_continuous:
            self._sums[:2] += self._states * seconds

    def inputs(self, row: int, excluded: Sequence[ValuedTrade]) -> Mapping[str, int]:  # noqa: ARG002 - has no values
        judged, outside, levels = self._sums[:, row].tolist()
        return {"judged_seconds": judged, "outside_seconds": outside, "levels_reached": levels}

    def _find_state(self, row: int) -> None:
        states = self._standings[row].duties.values()
        self._states[:, row] = any(state != "exempt" for state in states), "breached" in states

    def state(self) -> ComplianceState:
        return ComplianceState(self._standings, packed(self._sums))

    def restore(self, state: ComplianceState) -> None:
        self._standings, self._sums = state.standings, unpacked(state.sums)
        self._states = np.zeros((2, len(self._standings)), dtype=np.int64)
        for row in range(len(self._standings)):
            self._find_state(row)
