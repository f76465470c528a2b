"""The fold of a match: whatever the exchange did, told to the ledger, to the trades, and to every part."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import msgspec
from msgspec import Struct

from openoutcry.domain.commands import (
    AdvanceMarket,
    BustTrade,
    Command,
    RegisterTeam,
    ReplaceQuotes,
    SettleInstrument,
    StartSession,
    SubmitOrder,
)
from openoutcry.domain.day.phases import PHASE_RULES
from openoutcry.domain.events import (
    CoverageSampled,
    DutyJudged,
    Event,
    InstrumentListed,
    InstrumentSettled,
    OrderExecuted,
    PhaseChanged,
    PositionUpdated,
    TeamRegistered,
    TradeBusted,
)
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.rulebook import Rulebook
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import InstrumentId, Money
from openoutcry.scoring.match.ledger import Ledger, LedgerState
from openoutcry.scoring.match.listeners import Listeners, Tell, joined
from openoutcry.scoring.match.part import Part
from openoutcry.scoring.match.participant import Participant
from openoutcry.scoring.match.session import Session
from openoutcry.scoring.match.trade import ValuedTrade
from openoutcry.scoring.match.trades import Trades, TradesState


class MatchState(Struct):
    session: Session
    settled: list[InstrumentId]
    ledger: LedgerState
    trades: TradesState
    parts: dict[str, msgspec.Raw]


class Match:
    """Fed every command from the first on. Not a projection by itself: `Scores` is, which says what it is fed.

    A match is what is done from a session's start to its close, and the settlement of what expires with it; trades of
    it can be undone until the next one. What else happens before, between and after sessions (an organiser opens the
    market by hand, settles what expired on a day without one, undoes a trade of an earlier one) is nobody's P&L: the
    ledger knows it, and no part is told.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        instruments: Iterable[Instrument],
        horizon_seconds: int,
        parts_of: Callable[[Ledger, Trades], Iterable[Part]],
    ) -> None:
        self.session = Session()
        self.ledger: Final = Ledger(rulebook, instruments)
        self.trades: Final = Trades(self.ledger, horizon_seconds)
        self.parts: Final = tuple(parts_of(self.ledger, self.trades))
        self._listeners: Final = Listeners(self.parts)
        self._settled: set[InstrumentId] = set()
        self._half: OrderExecuted | None = None
        """The first fill of a trade whose second is still to be told."""
        self._sequenced: Sequenced
        self._has_ended = False
        """With the command that is told."""
        self._is_busting = False
        """Whether that undoes a trade of the match."""
        self._meant: Final[dict[type, Tell]] = {
            OrderExecuted: self._fill,
            PositionUpdated: self._position,
            DutyJudged: self._judged,
            CoverageSampled: self._covered,
            TeamRegistered: self._registered,
            InstrumentListed: self._listed,
            InstrumentSettled: self._settle,
            PhaseChanged: self._phase,
            TradeBusted: self._busted,
        }
        """By event, what tells what it means."""
        self._heard_and_meant: Final = joined((self._listeners.heard, self._meant))

    # ---- one command --------------------------------------------------------------------------------------------

    def apply(self, sequenced: Sequenced, events: list[Event]) -> None:
        command = sequenced.command
        if self._is_nothing_to_participants(command):
            return
        self._sequenced = sequenced
        for part in self._listeners.command_came:
            part.command_came(sequenced)
        if type(command) is AdvanceMarket:
            if type(sequenced.verdict) is Accepted:
                self._tick(command, events)
            return
        if type(command) is StartSession and type(sequenced.verdict) is Accepted:
            _tell(events, self._listeners.heard)
            self._begin(command)
            _tell(events, self._meant)
        else:
            if type(command) is SettleInstrument or type(command) is BustTrade:
                # Public events come last, but parts are told first why positions change.
                events = sorted(events, key=_is_of_position)
            _tell(events, self._heard_and_meant)
        if self._has_ended:
            self._end()

    def _is_nothing_to_participants(self, command: Command) -> bool:
        """The exchange's own quotes are most of what happens, and trade with nothing as they come. Where nobody
        participates, its own orders have nobody to trade with.
        """
        if type(command) is ReplaceQuotes:
            return command.team_id not in self.ledger.row_of
        return type(command) is SubmitOrder and not self.ledger.participants

    def _begin(self, command: StartSession) -> None:
        kept = self.ledger.drop_columns(self._settled)
        self._settled.clear()
        for part in self.parts:
            part.columns_dropped(kept)
            part.session_starts(command)
        phases = {line.phase: line.at for line in command.timetable}
        first = command.timetable[0].at
        opening, close = phases.get("opening_auction", first), command.timetable[-1].at
        self.session = Session(
            number=self.session.number + 1,
            date=command.date,
            opening_at=opening,
            close_at=close,
            market_time=first,
            utc_offset=command.utc_offset,
            is_running=True,
            phase=self.session.phase,
            teams=len(self.ledger.participants),
        )
        self.ledger.begin_session(first)
        self.trades.begin_session()
        for part in self.parts:
            part.session_began(opening, close)

    def _tick(self, command: AdvanceMarket, events: list[Event]) -> None:
        session, listeners = self.session, self._listeners
        has_participants = bool(self.ledger.participants)
        if has_participants:
            _tell(events, listeners.heard)
        seconds = command.market_time - session.market_time
        session.market_time = command.market_time
        is_continuous = PHASE_RULES[session.phase].matches
        before = self.ledger.take_marks(command)
        for part in listeners.second_passed if has_participants else listeners.second_passed_by:
            part.second_passed(before, seconds, is_continuous)
        if command.regime is not None:
            for part in listeners.regime_began:
                part.regime_began(command.regime)
        for signal in command.signals:
            for part in listeners.signalled:
                part.signalled(signal)
        self._tell_valued(self.trades.due(command.market_time))
        _tell(events, self._meant)
        if has_participants:
            for part in listeners.duties_judged:
                part.duties_judged(seconds, is_continuous)
        if self._has_ended:
            self._end()

    # ---- its events ---------------------------------------------------------------------------------------------

    def _fill(self, event: OrderExecuted) -> None:
        """Both fills of a trade are told by one command, one after the other."""
        half, self._half = self._half, None
        if half is None or half.trade_id != event.trade_id:
            self._half = event
            return
        if not self.session.is_running:
            return
        trade = self.trades.take(self._sequenced.sequence, half, event)
        if trade is None:
            return
        for part in self._listeners.traded:
            part.traded(trade)
        valued = self.trades.value_or_wait(trade)
        if valued is not None:
            self._tell_valued([valued])

    def _position(self, event: PositionUpdated) -> None:
        if not self._is_of_match(event):
            self.ledger.take_position_outside(event)
            return
        moved = self.ledger.take_position(event)
        if moved is not None:
            for part in self._listeners.position_changed:
                part.position_changed(*moved, event)

    def _is_of_match(self, event: PositionUpdated) -> bool:
        """Whether the change is a part of the match."""
        session = self.session
        if type(self._sequenced.command) is BustTrade:
            return self._is_busting
        if session.is_running:
            return True
        number = self.ledger.column_of[event.instrument_id]
        return event.instrument_id in self._settled and self.ledger.columns[number].expiry == session.expiry

    def _judged(self, event: DutyJudged) -> None:
        row = self.ledger.row_of.get(event.team_id)
        if row is not None:
            for part in self._listeners.judged:
                part.judged(row, event)

    def _covered(self, event: CoverageSampled) -> None:
        row = self.ledger.row_of.get(event.of_team_id)
        if row is not None:
            for part in self._listeners.covered:
                part.covered(row, event)

    def _registered(self, event: TeamRegistered) -> None:
        command = self._sequenced.command
        participant = self.ledger.register(event, command.owner if isinstance(command, RegisterTeam) else None)
        if participant is not None:
            self.session.teams += self.session.is_running
            for part in self.parts:
                part.registered(participant)

    def _listed(self, event: InstrumentListed) -> None:
        self.ledger.list_instrument(event.instrument)
        for part in self.parts:
            part.listed()

    def _settle(self, event: InstrumentSettled) -> None:
        self._settled.add(event.instrument_id)
        number = self.ledger.column_of[event.instrument_id]
        for part in self.parts:
            part.settled(number)
        value = Money(event.settlement.settlement_price * self.ledger.columns[number].tick_size)
        self._tell_valued(self.trades.due_at_settlement(number, value))

    def _phase(self, event: PhaseChanged) -> None:
        if event.instrument_id is not None:
            return
        session = self.session
        session.phase = event.phase
        if event.phase == "closed" and session.is_running:
            session.is_running = False
            self._has_ended = True

    def _end(self) -> None:
        self._has_ended = False
        expiry = self.session.expiry
        expiring = frozenset(each.number for each in self.ledger.columns if each.expiry == expiry)
        self._tell_valued(self.trades.due_at_close(expiring))
        for part in self.parts:
            part.session_ended()

    def _busted(self, event: TradeBusted) -> None:
        trade = self.trades.forget(event.trade_id)
        self._is_busting = trade is not None
        if trade is not None:
            for part in self.parts:
                part.busted(trade)

    def _tell_valued(self, trades: Iterable[ValuedTrade]) -> None:
        for trade in trades:
            for part in self._listeners.valued:
                part.valued(trade)

    @property
    def participants(self) -> Sequence[Participant]:
        """Those that are in it."""
        return self.ledger.participants[: self.session.teams]

    @property
    def is_settled(self) -> bool:
        """Whether whatever expired with the session is settled and paid out."""
        ledger, today = self.ledger, self.session.expiry
        expired = [column for column in ledger.columns if column.expiry == today]
        return all(column.instrument_id in self._settled for column in expired) and not any(
            ledger.positions[:, column.number].any() for column in expired
        )

    # ---- captures -----------------------------------------------------------------------------------------------

    def capture(self) -> bytes:
        parts = {part.name: msgspec.Raw(msgspec.msgpack.encode(part.state())) for part in self.parts}
        return msgspec.msgpack.encode(
            MatchState(self.session, sorted(self._settled), self.ledger.state(), self.trades.state(), parts)
        )

    def restore(self, state: memoryview) -> None:
        restored = msgspec.msgpack.decode(state, type=MatchState)
        self.session, self._settled = restored.session, set(restored.settled)
        self.ledger.restore(restored.ledger)
        self.trades.restore(restored.trades)
        for part in self.parts:
            part.restore(msgspec.msgpack.decode(restored.parts[part.name], type=part.state_type))


def _tell(events: list[Event], tellers: Mapping[type, Tell]) -> None:
    for event in events:
        tell = tellers.get(type(event))
        if tell is not None:
            tell(event)


def _is_of_position(event: Event) -> bool:
    return isinstance(event, PositionUpdated)
