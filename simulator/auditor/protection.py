"""The promises to bots that die, against the journal: every lost connection is noticed, every timer strikes in time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from openoutcry.domain.commands import GuardConnection, LoseConnection, SetCancelAfter, UnguardConnection
from openoutcry.domain.identifiers import format_team_id
from openoutcry.domain.reasons import Reject
from openoutcry.domain.types import ConnectionId, TeamId, TimestampUs
from openoutcry.journal.records import JournalRecord
from openoutcry.protocol.timestamps import format_timestamp
from simulator.auditor.findings import Findings
from simulator.auditor.ledger import Ledger

CLAIM: Final = "the orders of a bot that died are cancelled"

SECOND_US: Final = 1_000_000
MARGIN_US: Final = SECOND_US // 2
"""A bot that comes back just as its time is up may still be in time."""


Leaps = Sequence[tuple[TimestampUs, TimestampUs]]
"""From when to when the clock was set forward."""


class _Strike(NamedTuple):
    """When all orders are to be cancelled. In between, where the clock was set forward: then either is in time."""

    earliest: int
    latest: int


class _Protection:
    """One team's, folded from the journal."""

    def __init__(self, leaps: Leaps) -> None:
        self._leaps = leaps
        self.guarded: dict[ConnectionId, int] = {}
        self.running: list[_Strike] = []
        """Because connections were lost."""
        self.timer: _Strike | None = None
        self.struck_at = 0
        """What was there before this time must have been cancelled."""

    def read(self, record: JournalRecord) -> None:
        command, now = record.command, record.time
        match command:
            case SetCancelAfter():
                self.strike_until(now - MARGIN_US)
                self.timer = self._after(now, command.seconds) if command.seconds else None
            case GuardConnection():
                self.strike_until(now - MARGIN_US)
                self.running.clear()
                self.guarded[command.connection_id] = command.grace_seconds
            case UnguardConnection():
                self.guarded.pop(command.connection_id, None)
            case LoseConnection() if command.connection_id in self.guarded:
                self.running.append(self._after(now, self.guarded.pop(command.connection_id)))
            case _:
                pass

    def strike_until(self, now: int) -> None:
        due = [each.earliest for each in (self.timer, *self.running) if each is not None and each.latest <= now]
        self.struck_at = max((self.struck_at, *due))
        self.running = [each for each in self.running if each.latest > now]
        if self.timer is not None and self.timer.latest <= now:
            self.timer = None

    def _after(self, now: int, seconds: int) -> _Strike:
        earliest = latest = now + seconds * SECOND_US
        for before, after in self._leaps:
            if now <= before < latest:
                latest += after - before
        return _Strike(earliest, latest)


def check_protection(
    records: Iterable[JournalRecord],
    ledgers: dict[str, Ledger],
    now: TimestampUs,
    leaps: Leaps,
    findings: Findings,
) -> None:
    """`records` up to now, when no connection is open any more; `ledgers` by team id; `leaps` of the clock."""
    teams: defaultdict[TeamId, _Protection] = defaultdict(lambda: _Protection(leaps))
    for record in records:
        if not isinstance(record.verdict, Reject) and isinstance(
            record.command, SetCancelAfter | GuardConnection | UnguardConnection | LoseConnection
        ):
            teams[record.command.team_id].read(record)
    for team_id, protection in teams.items():
        name = format_team_id(team_id)
        findings.check(not protection.guarded, CLAIM, f"{name}: nobody noticed that {protection.guarded} were lost")
        ledger = ledgers.get(name)
        if ledger is None:
            continue
        protection.strike_until(now - MARGIN_US)
        struck_at = format_timestamp(TimestampUs(protection.struck_at))
        for order in ledger.open_orders.values():
            findings.check(
                order.ack.timestamp >= struck_at,  # equal, where the clock was set back: entered after it, then
                CLAIM,
                f"{name}: {order.ack.order_id} of {order.ack.timestamp} is open, all were to go at {struck_at}",
            )
