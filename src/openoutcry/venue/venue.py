"""The venue: commands in, verdicts and events out."""

from collections.abc import Iterable
from typing import Final, assert_never

from openoutcry.domain.claims import claim
from openoutcry.domain.commands import (
    AmendOrder,
    CancelOrder,
    Command,
    ElapseTimer,
    GuardConnection,
    HaltInstrument,
    LoseConnection,
    MassCancel,
    RegisterTeam,
    ReinstateTeam,
    ReplaceQuotes,
    ResumeInstrument,
    RotateKey,
    SetCancelAfter,
    SetPhase,
    SkipIds,
    SubmitOrder,
    SuspendTeam,
    UnguardConnection,
    terms_of,
)
from openoutcry.domain.events import (
    Event,
    InstrumentHalted,
    InstrumentResumed,
    PhaseChanged,
    TeamKeyRotated,
    TeamRegistered,
    TeamReinstated,
    TeamSuspended,
)
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.orders import SIDES
from openoutcry.domain.reasons import Accepted, CancelReason, Verdict
from openoutcry.domain.rulebook import Rulebook
from openoutcry.domain.types import Sequence, TeamId, TimestampUs
from openoutcry.venue import order_execution, protection
from openoutcry.venue.capture import capture, restore
from openoutcry.venue.no_change import changes_nothing
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.queries import Queries
from openoutcry.venue.quote_execution import replace_quote
from openoutcry.venue.snapshot import VenueSnapshot
from openoutcry.venue.state import Team, VenueState
from openoutcry.venue.state_hash import live_hash, state_hash
from openoutcry.venue.validator import (
    judge_amend,
    judge_cancel,
    judge_instrument,
    judge_mass_cancel,
    judge_order,
    judge_quotes,
    judge_registration,
    judge_team,
    judge_timer,
)

# Looked up once, as in `order_execution`.
order_terms: Final = terms_of
accepted: Final = Accepted
USER_REQUESTED: Final = CancelReason.USER_REQUESTED

ACCEPTED: Final = Accepted()


class Venue:
    """The whole exchange as a state machine: a fold over its commands.

    One writer calls `validate` and, where the verdict is `Accepted`, `execute` before it validates anything else.
    """

    def __init__(
        self, rulebook: Rulebook, instruments: Iterable[Instrument], snapshot: VenueSnapshot | None = None
    ) -> None:
        """A new venue, or one that goes on from `snapshot`, which was taken under the same rules and instruments."""
        self._state = (
            VenueState(rulebook, instruments) if snapshot is None else restore(snapshot, rulebook, instruments)
        )
        self._outcome = Outcome()
        self.queries = Queries(self._state)

    def validate(self, command: Command) -> Verdict:
        """The verdict on `command` as things stand. Reads state and changes none of it."""
        state = self._state
        # Types are compared, not matched: a class pattern takes ten times as long on a msgspec Struct.
        if type(command) is SubmitOrder:
            finding = judge_order(state, command)
            return accepted(state.next_order_id) if finding is None else finding
        if type(command) is CancelOrder:
            return judge_cancel(state, command) or ACCEPTED
        if type(command) is AmendOrder:
            return judge_amend(state, command) or ACCEPTED
        if type(command) is ReplaceQuotes:
            return judge_quotes(state, command) or ACCEPTED
        if type(command) is MassCancel:
            return judge_mass_cancel(state, command) or ACCEPTED
        match command:
            case SetCancelAfter():
                return judge_timer(state, command) or ACCEPTED
            case RegisterTeam():
                return judge_registration(state, command) or Accepted(len(state.teams) + 1)
            case HaltInstrument() | ResumeInstrument():
                return judge_instrument(state, command) or ACCEPTED
            case RotateKey() | SuspendTeam() | ReinstateTeam():
                return judge_team(state, command) or ACCEPTED
            case GuardConnection() | UnguardConnection() | LoseConnection() | ElapseTimer() | SetPhase() | SkipIds():
                return ACCEPTED
            case _:
                assert_never(command)

    def changes_nothing(self, command: Command) -> bool:
        """Whether `command`, if it is accepted, would change no state and cause no private event. Cheap."""
        return changes_nothing(self._state, command)

    def execute(self, sequence: Sequence, now: TimestampUs, command: Command) -> list[Event]:  # noqa: ARG002
        """Carry out a command that was accepted against the present state, and say what happened.

        Events come in the order in which they are told: private ones (ack, reports, cancels, then one position update
        per team and instrument), then public ones.
        """
        state, outcome = self._state, self._outcome
        outcome.now = now
        if type(command) is SubmitOrder:
            (team_id, instrument_id, side_name, quantity, price, time_in_force, post_only, client_order_id) = (
                order_terms(command)
            )
            team = state.teams[team_id - 1]
            order = order_execution.enter(
                state,
                outcome,
                team,
                state.markets[instrument_id],
                SIDES[side_name],
                None if price is None else price.ticks,
                quantity,
                time_in_force,  # type: ignore[arg-type]  # the validator has checked it
                post_only,
                client_order_id,
            )
            if client_order_id is not None:
                team.claims[client_order_id] = claim(order.order_id, command)
        elif type(command) is CancelOrder:
            team = state.teams[command.team_id - 1]
            order = team.open_orders[command.order_id]
            market = state.markets[order.instrument_id]
            order_execution.cancel(outcome, team, market, order, USER_REQUESTED)
        elif type(command) is AmendOrder:
            self._amend_order(outcome, command)
        elif type(command) is ReplaceQuotes:
            for quote in command.quotes:
                replace_quote(state, outcome, state.team(command.team_id), quote)
        elif type(command) is MassCancel:
            team = state.team(command.team_id)
            side = SIDES[command.side] if command.side is not None else None
            order_execution.cancel_all(state, outcome, team, CancelReason.MASS_CANCEL, command.instrument_id, side)
        elif type(command) is SetCancelAfter:
            protection.set_cancel_after(state.team(command.team_id), now, command)
        elif type(command) is GuardConnection:
            protection.guard_connection(state.team(command.team_id), command)
        elif type(command) is UnguardConnection:
            state.team(command.team_id).guards.pop(command.connection_id, None)
        elif type(command) is LoseConnection:
            protection.lose_connection(state.team(command.team_id), now, command)
        elif type(command) is ElapseTimer:
            protection.elapse_timer(state, outcome, command)
        elif type(command) is RegisterTeam:
            self._register_team(outcome, command)
        elif type(command) is RotateKey:
            self._rotate_key(outcome, command)
        elif type(command) is SetPhase:
            self._set_phase(outcome, command)
        elif type(command) is HaltInstrument:
            state.markets[command.instrument_id].halted = True
            outcome.told(InstrumentHalted(command.instrument_id))
        elif type(command) is ResumeInstrument:
            state.markets[command.instrument_id].halted = False
            outcome.told(InstrumentResumed(command.instrument_id))
        elif type(command) is SuspendTeam:
            team = state.team(command.team_id)
            team.suspended = True
            order_execution.cancel_all(state, outcome, team, CancelReason.TEAM_SUSPENDED)
            outcome.told(TeamSuspended(team.team_id))
        elif type(command) is ReinstateTeam:
            state.team(command.team_id).suspended = False
            outcome.told(TeamReinstated(command.team_id))
        elif type(command) is SkipIds:
            state.next_order_id += command.count
            state.next_trade_id += command.count
        else:
            assert_never(command)
        return outcome.events()

    def snapshot(self) -> VenueSnapshot:
        """The whole state as it is now, as data."""
        return capture(self._state)

    def state_hash(self) -> str:
        """SHA-256, in hexadecimal, of the whole state in one canonical form."""
        return state_hash(capture(self._state))

    def live_hash(self) -> str:
        """The same of what is at work, with history by its length: cheap while few orders are open."""
        return live_hash(self._state)

    @property
    def open_orders(self) -> int:
        """How many orders are open, of all teams together: a live hash takes its time for them."""
        return sum(len(team.open_orders) for team in self._state.teams)

    def _amend_order(self, outcome: Outcome, command: AmendOrder) -> None:
        state = self._state
        team = state.team(command.team_id)
        order = team.open_orders[command.order_id]
        market = state.markets[order.instrument_id]
        assert order.price is not None, "only limit orders rest"  # noqa: S101
        quantity = order.quantity if command.quantity is None else command.quantity
        price = order.price if command.price is None else command.price.ticks
        if price == order.price and quantity == order.quantity:
            return
        if price == order.price and quantity < order.quantity:
            order_execution.reduce(outcome, team, market, order, quantity)
        else:
            order_execution.replace(state, outcome, team, market, order, quantity, price)

    def _register_team(self, outcome: Outcome, command: RegisterTeam) -> None:
        state = self._state
        team_id = TeamId(len(state.teams) + 1)
        # An owner goes by the id of its first team; a team that names no owner is its own.
        owner = team_id if command.owner is None else state.owners.setdefault(command.owner, team_id)
        rules = state.rulebook.roles[command.role]
        team = Team(team_id, command.team_name, command.role, rules, owner, command.key_hash, state.rulebook.history)
        state.add_team(team)
        outcome.told(TeamRegistered(team_id, team.name, team.role))

    def _rotate_key(self, outcome: Outcome, command: RotateKey) -> None:
        team = self._state.team(command.team_id)
        del self._state.team_of_key[team.key_hash]
        team.key_hash = command.key_hash
        self._state.team_of_key[team.key_hash] = team
        outcome.told(TeamKeyRotated(team.team_id))

    def _set_phase(self, outcome: Outcome, command: SetPhase) -> None:
        state = self._state
        if command.phase == state.phase:
            return
        state.phase = command.phase
        if command.phase == "closed":
            for team in state.teams:
                order_execution.cancel_all(state, outcome, team, CancelReason.SESSION_CLOSE)
        else:
            # A trading session is the scope of client order ids.
            state.trading_session += 1
            for team in state.teams:
                team.claims.clear()
        outcome.told(PhaseChanged(state.phase, state.trading_session))
