"""Which phase each instrument was in, by what was told of phases."""

from bisect import bisect_left, bisect_right
from typing import Final

from openoutcry.domain.day.phases import Phase
from openoutcry.domain.events import PhaseChanged
from proofs.chaos.auditor.history import History

CALLS: Final = ("pre_open", "reopening_call")
AUCTIONS: Final = ("opening_auction", "reopening_auction")
ENTERING: Final = (*CALLS, "continuous")
"""In these, orders may enter, and be amended."""
CANCELLING: Final = (*ENTERING, "halted", "closed")

Changes = list[tuple[int, Phase]]
"""By sequence."""


class Timeline:
    """`session` and `of`: the changes of the session's phase, and of each instrument's."""

    def __init__(self, history: History) -> None:
        self.told: Final[list[tuple[int, PhaseChanged]]] = []
        self.session: Final[Changes] = [(0, "closed")]
        self.of: Final[dict[str, Changes]] = {each: [(0, "closed")] for each in history.instruments}
        own: dict[str, Phase] = {}
        for record, events in history.steps:
            sequence = int(record.sequence)
            for event in events:
                if isinstance(event, PhaseChanged):
                    self.told.append((sequence, event))
                    self._follow(sequence, event, own)

    def phases_in(self, instrument_id: str, sequence: int) -> set[Phase]:
        """In which it was before this command, and came to by it."""
        return _phases_in(self.of[instrument_id], sequence)

    def session_phases_in(self, sequence: int) -> set[Phase]:
        return _phases_in(self.session, sequence)

    def session_before(self, sequence: int) -> Phase:
        return self.session[bisect_left(self.session, sequence, key=_first) - 1][1]

    def auctions_of(self, instrument_id: str) -> list[tuple[int, int | None]]:
        """From which command to which one it was in an auction; None: it still is."""
        changes = self.of[instrument_id]
        return [
            (sequence, changes[place + 1][0] if place + 1 < len(changes) else None)
            for place, (sequence, phase) in enumerate(changes)
            if phase in AUCTIONS and changes[place - 1][1] not in AUCTIONS
        ]

    def _follow(self, sequence: int, event: PhaseChanged, own: dict[str, Phase]) -> None:
        if event.instrument_id is None:
            self.session.append((sequence, event.phase))
            if event.phase != "continuous":
                for each in [each for each, phase in own.items() if phase == "reopening_call"]:
                    del own[each]  # its call is the session's now
        elif event.phase == self.session[-1][1] and event.instrument_id in own:
            del own[event.instrument_id]
        else:
            own[event.instrument_id] = event.phase
        for each, changes in self.of.items():
            phase = own.get(each, self.session[-1][1])
            if changes[-1][1] != phase:
                changes.append((sequence, phase))


def _phases_in(changes: Changes, sequence: int) -> set[Phase]:
    first, end = bisect_left(changes, sequence, key=_first), bisect_right(changes, sequence, key=_first)
    return {phase for _, phase in changes[max(first - 1, 0) : end]}


def _first(change: tuple[int, Phase]) -> int:
    return change[0]
