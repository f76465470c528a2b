"""Compares the promises about protection with the journal: lost connections are noticed, timers strike in their time.

Time is the time that passed on the machine. Changes of its wall clock do not count.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from openoutcry.domain.commands import ElapseTimer, GuardConnection, LoseConnection, SetCancelAfter, UnguardConnection
from openoutcry.domain.identifiers import format_team_id
from openoutcry.domain.reasons import Reject
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import ConnectionId, TeamId, TimestampUs
from openoutcry.protocol.timestamps import format_timestamp
from proofs.chaos.auditor.findings import Findings
from proofs.chaos.auditor.ledger import Ledger
from proofs.chaos.machine.clock import SECOND_US, SimulatedClock
from proofs.chaos.machine.moments import Moments

CLAIM: Final = "the orders of a bot that died are cancelled"
IN_TIME: Final = "a timer strikes in its time"


class _Timer(NamedTuple):
    since: int
    microseconds: int

    @property
    def due(self) -> int:
        return self.since + self.microseconds


class _Protection:
    """One team's, folded from the journal."""

    def __init__(self, name: str, moments: Moments, clock: SimulatedClock, findings: Findings) -> None:
        self.guarded: dict[ConnectionId, int] = {}
        self.struck_at = 0
        """By the stamps of commands: what was there before must have been cancelled."""
        self._running: dict[ConnectionId | None, _Timer] = {}
        self._name = name
        self._moments = moments
        self._clock = clock
        self._findings = findings

    def read(self, record: Sequenced) -> None:
        command, now = record.command, self._moments.of[record.sequence]
        match command:
            case SetCancelAfter(seconds=0):
                self._running.pop(None, None)
            case SetCancelAfter():
                self._running[None] = _Timer(now, command.seconds * SECOND_US)
            case GuardConnection():
                self._running = {name: timer for name, timer in self._running.items() if name is None}
                self.guarded[command.connection_id] = command.grace_seconds
            case UnguardConnection():
                self.guarded.pop(command.connection_id, None)
            case LoseConnection() if command.connection_id in self.guarded:
                grace_seconds = self.guarded.pop(command.connection_id)
                self._running[command.connection_id] = _Timer(now, grace_seconds * SECOND_US)
            case ElapseTimer() if command.connection_id in self._running:
                timer = self._running.pop(command.connection_id)
                self.struck_at = record.time
                about = f"{self._name}, sequence {record.sequence}: {timer} strikes at {now}"
                early = now < timer.due and not any(timer.since < start <= now for start in self._moments.starts)
                self._findings.check(not early, IN_TIME, f"{about}, too early")
                self._findings.check(now <= self._latest(timer, now), IN_TIME, f"{about}, too late")
            case _:
                pass

    def end(self, now: int) -> None:
        """Nothing follows."""
        for timer in self._running.values():
            self._findings.check(now <= self._latest(timer, now), IN_TIME, f"{self._name}: {timer} has never struck")

    def _latest(self, timer: _Timer, now: int) -> int:
        """The latest time at which a timer that strikes now had to strike.

        After a restart only the wall clock tells how much time was left, at most the whole period. The exchange takes
        no command while the disk refuses it or while the machine is suspended.
        """
        moments = self._moments
        started = max((start for start in moments.starts if start <= now), default=0)
        refused = max((refusal for refusal in moments.refusals if refusal <= now), default=0)
        due = max(timer.due, started + timer.microseconds)
        latest = max(due, refused) + SECOND_US
        for began, end in self._clock.suspensions:
            if began <= latest:  # it need not have come to it between two suspensions
                latest = max(latest, end + SECOND_US)
        return latest


def check_protection(
    records: Iterable[Sequenced],
    ledgers: dict[str, Ledger],
    moments: Moments,
    clock: SimulatedClock,
    findings: Findings,
) -> None:
    """`records` up to now, when no connection is open any more; `ledgers` by team id."""
    teams: dict[TeamId, _Protection] = {}
    for record in records:
        command = record.command
        if not isinstance(record.verdict, Reject) and isinstance(
            command, SetCancelAfter | GuardConnection | UnguardConnection | LoseConnection | ElapseTimer
        ):
            if command.team_id not in teams:
                teams[command.team_id] = _Protection(format_team_id(command.team_id), moments, clock, findings)
            teams[command.team_id].read(record)
    for team_id, protection in teams.items():
        name = format_team_id(team_id)
        findings.check(not protection.guarded, CLAIM, f"{name}: nobody noticed that {protection.guarded} were lost")
        protection.end(clock.elapsed())
        ledger = ledgers.get(name)
        if ledger is None:
            continue
        struck_at = format_timestamp(TimestampUs(protection.struck_at))
        for order in ledger.open_orders.values():
            findings.check(
                order.ack.timestamp >= struck_at,  # equal: entered after it, in the same microsecond
                CLAIM,
                f"{name}: {order.ack.order_id} of {order.ack.timestamp} is open, all were to go at {struck_at}",
            )
