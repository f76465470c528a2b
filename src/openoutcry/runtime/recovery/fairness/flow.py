"""Whether the exchange's own flow did what it is to do: its commands, decided again from the state just before each.

A second has steps, taken in order, each at once. When a step was taken is seen in the journal only if something came of
it. So a step that is not seen may have been taken at any state between its neighbours, if it decides nothing there.

Where the journal takes nothing for a while in the middle of a step, commands of others may come before what is left of
it. They are counted; what is left still has to come, as it was decided.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import dropwhile
from typing import Final

from openoutcry.domain.commands import Command, SetQuoteProtection
from openoutcry.domain.day.quote_protection import ProtectionSettings
from openoutcry.domain.sequenced import Sequenced
from openoutcry.runtime.conduct import TEAMS_COMMANDS
from openoutcry.runtime.recovery.fairness.report import Tally
from openoutcry.simulation.flow.step import Step
from openoutcry.venue.venue import Venue


class FlowAudit:
    """Follows the seconds of one session. `venue` is always in the state before the command at hand."""

    def __init__(self, venue: Venue, pulls: ProtectionSettings | None) -> None:
        """`pulls`: how the house lets its quotes be pulled."""
        self._venue = venue
        self._pulls = pulls
        self._steps: Sequence[Step] = ()
        self._next: set[int] = {0}
        """The places that the next step may have."""
        self._decided: dict[int, list[Command]] = {}
        """By the place of a step, what it decides at the present state."""
        self._to_follow: deque[Command] = deque()
        """What the step under way has decided and has not been seen yet."""
        self._is_lost = False
        """Whether this second is not as it should be; it is told once."""
        self.tally: Final = Tally("flow")
        self.in_the_middle = 0
        """Commands of others that came in the middle of a step."""

    def begin(self, steps: Sequence[Step]) -> None:
        """The steps of the market second that has just begun."""
        self._steps, self._next, self._is_lost = steps, {0}, False
        self._decided.clear()

    def drop(self) -> None:
        """No further step of this second is taken: the exchange was started again, or the session has ended."""
        self._to_follow.clear()
        self.begin(())

    def see(self, record: Sequenced) -> None:
        """The next command of the journal, of whomever it is."""
        self._decided.clear()
        if self._is_flow(record.command):
            self._see_own(record)
        elif self._without_idle(self._to_follow):
            self.in_the_middle += 1
        else:
            self._to_follow.clear()
            self._pass_empty_steps(record)

    def end(self, record: Sequenced) -> None:
        """The second is over: `record` is of the next one."""
        self._expect_nothing_to_follow(record)
        self._pass_empty_steps(record)
        if len(self._steps) not in self._next and not self._is_lost:
            place = max(self._next)
            self._fault(record, f"before it {_told(self._without_idle(self._decide(place, record))[0])} is missing")

    def _is_flow(self, command: Command) -> bool:
        if type(command) not in TEAMS_COMMANDS:
            return False
        if type(command) is SetQuoteProtection and (command.group, command.settings) == (None, self._pulls):
            return False
        team = self._venue.queries.team(command.team_id)  # type: ignore[union-attr]
        return team is not None and not self._venue.queries.has_key(team.team_id)

    def _see_own(self, record: Sequenced) -> None:
        if self._to_follow and self._to_follow[0] != record.command:
            self._skip_idle()
        if not self._to_follow:
            self._pass_empty_steps(record)
            for place in sorted(self._next):
                decided = self._decide(place, record) if place < len(self._steps) else []
                if record.command not in decided[:1]:
                    decided = self._without_idle(decided)
                if record.command in decided[:1]:
                    self._to_follow.extend(decided)
                    self._next = {place + 1}
                    break
        if self._to_follow and self._to_follow[0] == record.command:
            self._to_follow.popleft()
            self.tally.compared += 1
        else:
            expected = f", where {_told(self._to_follow[0])} was to come" if self._to_follow else ""
            self._to_follow.clear()
            self._fault(record, f"the flow did not decide this{expected}: {_told(record.command)}")

    def _expect_nothing_to_follow(self, record: Sequenced) -> None:
        self._skip_idle()
        if self._to_follow:
            self._fault(record, f"before it {_told(self._to_follow[0])} is missing")
            self._to_follow.clear()

    def _skip_idle(self) -> None:
        """What would change nothing need not be in the journal."""
        while self._to_follow and self._venue.changes_nothing(self._to_follow[0]):
            self._to_follow.popleft()

    def _without_idle(self, decided: Iterable[Command]) -> list[Command]:
        """From the first command on that would change something."""
        return list(dropwhile(self._venue.changes_nothing, decided))

    def _pass_empty_steps(self, record: Sequenced) -> None:
        """Steps that decide nothing at this state may have been taken."""
        if self._venue.has_work:
            return
        waiting = [place for place in self._next if place + 1 not in self._next]
        while waiting:
            place = waiting.pop()
            if place < len(self._steps) and not self._without_idle(self._decide(place, record)):
                self._next.add(place + 1)
                waiting.append(place + 1)

    def _decide(self, place: int, record: Sequenced) -> list[Command]:
        """What the step decides at the state before `record`."""
        decided = self._decided.get(place)
        if decided is None:
            try:
                decided = self._steps[place].decide(self._venue.queries.shown())
            except Exception as error:  # noqa: BLE001 - what was tampered with may be a state that the flow never meets
                self._fault(record, f"the flow cannot decide before it: {error}")
                decided = []
            self._decided[place] = decided
        return decided

    def _fault(self, record: Sequenced, text: str) -> None:
        if not self._is_lost:
            self._is_lost = True
            self._next = {len(self._steps)}
            self.tally.fault(f"command {record.sequence}: {text}")


def _told(command: Command) -> str:
    text = str(command)
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}..."


_LONGEST_TEXT: Final = 200
