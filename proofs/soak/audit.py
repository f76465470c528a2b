"""Compares every bot's notes with the journal that the server left: event by event, order by order.

Both are read side by side and never held whole, however long the soak was.
"""

from array import array
from collections.abc import Iterator
from pathlib import Path

from openoutcry.domain.events import OrderAcknowledged, PrivateEvent
from openoutcry.domain.identifiers import format_order_id
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import OrderId, TeamId
from openoutcry.protocol.stream import PrivateMessage
from proofs.played_journal import PlayedJournal
from proofs.report import Report
from proofs.soak.notes import REFUSED, UNKNOWN, noted_teams, read_events, read_verdicts


class Audit:
    """Adds its checks to `report`. `data`: the directory of a server that has ended cleanly, with `state_hash`."""

    def __init__(self, report: Report, data: Path, notes: Path) -> None:
        self._events = _EventChecks(report)
        self._orders = _OrderChecks(report)
        self._state = report.check("state hash: the server's at its end = replay")
        self._journal = PlayedJournal(data)
        self._notes = notes
        self._teams: dict[TeamId, _TeamAudit] = {}
        self._unread = set(noted_teams(notes))

    def carry_out(self, state_hash: str) -> None:
        self._journal.play(self._check)
        for team in self._teams.values():
            team.conclude()
        for name in sorted(self._unread):
            self._events.told_beyond.differ(f"{name} is not in the journal")
        self._state.equal("state", expected=self._journal.venue.state_hash(), found=state_hash)

    @property
    def commands(self) -> int:
        """The number of orders in the journal."""
        return self._journal.reader.end.last_sequence

    def _check(self, _sequenced: Sequenced, told: list[tuple[PrivateEvent, PrivateMessage]]) -> None:
        for event, message in told:
            team = self._team(event.team_id)
            if isinstance(event, OrderAcknowledged) and event.client_order_id is not None:
                team.check_order(int(event.client_order_id), event.order_id)
            team.check_event(message)

    def _team(self, team_id: TeamId) -> "_TeamAudit":
        team = self._teams.get(team_id)
        if team is None:
            view = self._journal.venue.queries.team(team_id)
            assert view is not None, "it has events"  # noqa: S101
            self._unread.discard(view.team_name)
            team = self._teams[team_id] = _TeamAudit(view.team_name, self._notes, self._events, self._orders)
        return team


class _EventChecks:
    def __init__(self, report: Report) -> None:
        self.heard = report.check("private events of the journal were heard, none is lost")
        self.told_beyond = report.check("none was heard twice, out of order, or beyond the journal")
        self.fields = report.check("every field of theirs is the replay's")


class _OrderChecks:
    def __init__(self, report: Report) -> None:
        self.journaled = report.check("orders in the journal were acknowledged under the same id")
        self.acknowledged = report.check("orders acknowledged are in the journal")


class _TeamAudit:
    """One team's notes, read as far as the journal has been."""

    def __init__(self, name: str, notes: Path, events: _EventChecks, orders: _OrderChecks) -> None:
        self._name = name
        self._event_checks = events
        self._order_checks = orders
        self._told: Iterator[PrivateMessage] = read_events(notes, name)
        self._next = next(self._told, None)
        self._verdicts = array("q", [note.order_id for note in read_verdicts(notes, name)])
        """By the order's number less 1; orders found in the journal are removed."""

    def check_event(self, true: PrivateMessage) -> None:
        checks = self._event_checks
        while self._next is not None and self._next.seq < true.seq:
            checks.told_beyond.differ(f"{self._name} heard its event {self._next.seq} once too often, or too late")
            self._advance()
        checks.told_beyond.compared += 1
        heard = self._next is not None and self._next.seq == true.seq
        checks.heard.equal(f"{self._name}'s event {true.seq}, {true}", expected=True, found=heard)
        if heard:
            checks.fields.equal(f"{self._name}'s event {true.seq}", expected=true, found=self._next)
            self._advance()

    def check_order(self, number: int, order_id: int) -> None:
        told = self._verdicts[number - 1] if number <= len(self._verdicts) else None
        if told != UNKNOWN:
            self._order_checks.journaled.equal(f"{self._name}'s order {number}", expected=order_id, found=told)
        if told is not None:
            self._verdicts[number - 1] = REFUSED

    def conclude(self) -> None:
        while self._next is not None:
            self._event_checks.told_beyond.differ(f"{self._name} heard an event {self._next.seq}, which never was")
            self._advance()
        check = self._order_checks.acknowledged
        check.compared += len(self._verdicts)
        for number, order_id in enumerate(self._verdicts, start=1):
            if order_id not in (REFUSED, UNKNOWN):
                check.differ(
                    f"{self._name}'s order {number}, {format_order_id(OrderId(order_id))}, is not in the journal"
                )

    def _advance(self) -> None:
        self._next = next(self._told, None)
