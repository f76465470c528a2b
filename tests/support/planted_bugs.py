"""Planted bugs. Each is a subclass of a part, and takes its place when the exchange is assembled."""

import asyncio
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

import conserved_money

from openoutcry.bootstrap import market, wiring
from openoutcry.bootstrap import server as bootstrap
from openoutcry.domain.commands import AdvanceMarket, CancelOrder, ResumeInstrument, SubmitOrder
from openoutcry.domain.day.phases import PHASE_RULES
from openoutcry.domain.reasons import Accepted, CancelReason, Duplicate
from openoutcry.gateway.stream import protocol as stream_protocol
from openoutcry.gateway.stream.protocol import StreamProtocol
from openoutcry.journal import writer
from openoutcry.journal.records import UNKNOWN_HASH
from openoutcry.journal.sync import GroupSync
from openoutcry.journal.writer import JournalWriter
from openoutcry.runtime.projections import Projections
from openoutcry.runtime.recovery import rerun
from openoutcry.runtime.recovery.snapshots import finding as snapshots
from openoutcry.runtime.sequencing.protection import Protection
from openoutcry.runtime.sequencing.release import DurableRelease
from openoutcry.runtime.session.driver import MarketDriver
from openoutcry.runtime.streams.connections import Connections
from openoutcry.runtime.streams.public_channels import PublicChannels
from openoutcry.venue.duties.sampling import Seconds
from openoutcry.venue.venue import Venue


class EventSkippedAtResume(Connections):
    """A reader that is behind is put one event too far."""

    def follow(self, connection, team_id, stream, after_seq):
        is_behind = 0 < after_seq < stream.last_seq
        super().follow(connection, team_id, stream, after_seq + is_behind)


class EventRepeatedAtResume(Connections):
    def follow(self, connection, team_id, stream, after_seq):
        is_behind = 0 < after_seq < stream.last_seq
        super().follow(connection, team_id, stream, after_seq - is_behind)


class VerdictBeforeJournal(JournalWriter):
    """Each record is written when the next one comes. No seal notes the state, or the next start would find out."""

    _waiting = None

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options | {"live_hash": lambda: UNKNOWN_HASH})

    def append(self, record):
        waiting, self._waiting = self._waiting, record
        if waiting is not None:
            super().append(waiting)

    def close(self, *, clean=True):
        if clean and self._waiting is not None:
            super().append(self._waiting)
        super().close(clean=clean)


class WorkingOrdersIgnored(Venue):
    """Limits are checked as if nothing were open."""

    def validate(self, command):
        if not isinstance(command, SubmitOrder):
            return super().validate(command)
        holding = self._state.team(command.team_id).holdings.get(command.instrument_id)
        if holding is None:
            return super().validate(command)
        counted, holding.open_quantity = holding.open_quantity, [0, 0]
        try:
            return super().validate(command)
        finally:
            holding.open_quantity = counted


class RetryExecutedAgain(Venue):
    """A known client order id is taken for a new one."""

    def validate(self, command):
        verdict = super().validate(command)
        return Accepted(self._state.next_order_id) if isinstance(verdict, Duplicate) else verdict


class EventsBeforeSync(DurableRelease):
    """Events do not wait for the disk, though answers do."""

    def deliver(self, sequenced, events):
        self._publish(sequenced, events)


class NamedTooEarly(GroupSync):
    """A segment gets its own name though the one before it may not be on the disk."""

    def _hand_over(self, successor):
        self._files.rename(successor.provisional_path, successor.path)
        self._files.close(self._descriptor)
        self._descriptor = successor.descriptor


class TimersByTheWall(Protection):
    """Timers run by the clock that anybody can set."""

    def __init__(self, sequencer, clock, call_later):
        super().__init__(sequencer, clock, call_later)
        self._elapsed = clock.now


class SuspensionsNotCounted(Protection):
    """A timer stands still while the machine is suspended."""

    def __init__(self, sequencer, clock, call_later):
        super().__init__(sequencer, clock, call_later)
        self._elapsed = lambda: round(asyncio.get_running_loop().time() * 1_000_000)


class EndsWhenEverythingIsRead(StreamProtocol):
    """A reader that answers no ping must take what waits for it before its connection ends."""

    def keepalive_timeout(self):
        self.transport.close()

    def be_swept(self):
        pass

    def abort(self):
        self.transport.close()


class ProjectionsBeginAnew(Projections):
    """What a snapshot holds of them is forgotten."""

    def restore(self, captured):
        pass


class SettlementsPaidAgain(Venue):
    """What was paid out before a snapshot is paid out once more after it."""

    def __init__(self, rulebook, instruments=(), snapshot=None, **options):
        super().__init__(rulebook, instruments, snapshot, **options)
        self._pays_again = snapshot is not None

    def execute(self, sequence, now, command):
        if self._pays_again:
            self._pays_again = False
            for market in self._state.markets.values():
                for team in self._state.teams if market.settlement is not None else ():
                    team.account.cash += market.settlement.settlement_price * market.tick_value
        return super().execute(sequence, now, command)


class LateCancelForgotten(Venue):
    """In a call, a cancel is told, but the auction trades the order all the same."""

    def execute(self, sequence, now, command):
        if isinstance(command, CancelOrder):
            team = self._state.team(command.team_id)
            order = team.open_orders[command.order_id]
            if PHASE_RULES[self._state.markets[order.instrument_id].phase].is_call:
                self._outcome.now = now
                self._outcome.cancelled(team, order, CancelReason.USER_REQUESTED)
                return self._outcome.events()
        return super().execute(sequence, now, command)


class HaltLostAtRestart(MarketDriver):
    """A new process has the market in the timetable's phase, whatever was halted."""

    def start(self):
        super().start()
        market = self._sequencer.queries.market()
        if self.has_day and market.phase == "halted":
            self._change(ResumeInstrument(None))


class DutiesByTheWall(Venue):
    """A tick counts for duties if a second of the wall clock ends with it."""

    def execute(self, sequence, now, command):
        if not isinstance(command, AdvanceMarket):
            return super().execute(sequence, now, command)
        tick_us = 1_000_000_000 // self._state.day.speed
        seconds = now // 1_000_000 - (now - tick_us) // 1_000_000
        with patch.object(Seconds, "number", seconds):
            return super().execute(sequence, now, command)


class NoticeLeftOut(PublicChannels):
    """Nobody is told of the opening auction."""

    def _tell_session_status(self, event, time, sequence):
        if event.phase != "opening_auction":
            super()._tell_session_status(event, time, sequence)


@contextmanager
def planted(bug):
    """While inside, every exchange is put together with the bug in it. Whoever looks for it is to find it alone."""
    correct = bug.__base__.__name__
    with ExitStack() as plants:
        plants.enter_context(conserved_money.unchecked())
        for module in (bootstrap, market, wiring, rerun, snapshots, stream_protocol, writer):
            if hasattr(module, correct):
                plants.enter_context(patch.object(module, correct, bug))
        yield
