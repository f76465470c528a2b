"""The session: its phases, halts of instruments, and ids that are never given."""

from typing import Any, Final

from openoutcry.domain.commands import HaltInstrument, ResumeInstrument, SetPhase, SkipIds
from openoutcry.domain.events import InstrumentHalted, InstrumentResumed, PhaseChanged
from openoutcry.domain.reasons import CancelReason, Verdict
from openoutcry.venue import execution
from openoutcry.venue.checks.market import unknown_instrument
from openoutcry.venue.handlers.handler import ACCEPTED, Handler, accept
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state import VenueState


def set_phase(state: VenueState, outcome: Outcome, command: SetPhase) -> None:
    if command.phase == state.phase:
        return
    state.phase = command.phase
    if command.phase == "closed":
        for team in state.teams:
            execution.cancel_all(state, outcome, team, CancelReason.SESSION_CLOSE)
    else:
        # A trading session is the scope of client order ids.
        state.trading_session += 1
        for team in state.teams:
            team.claims.clear()
    outcome.told(PhaseChanged(state.phase, state.trading_session))


def judge_instrument(state: VenueState, command: HaltInstrument | ResumeInstrument) -> Verdict:
    """Whether there is such an instrument."""
    return ACCEPTED if command.instrument_id in state.markets else unknown_instrument(command.instrument_id)


def halt(state: VenueState, outcome: Outcome, command: HaltInstrument) -> None:
    state.markets[command.instrument_id].halted = True
    outcome.told(InstrumentHalted(command.instrument_id))


def resume(state: VenueState, outcome: Outcome, command: ResumeInstrument) -> None:
    state.markets[command.instrument_id].halted = False
    outcome.told(InstrumentResumed(command.instrument_id))


def skip_ids(state: VenueState, outcome: Outcome, command: SkipIds) -> None:  # noqa: ARG001
    state.next_order_id += command.count
    state.next_trade_id += command.count


HANDLERS: Final[tuple[Handler[Any], ...]] = (
    Handler(SetPhase, accept, set_phase),
    Handler(HaltInstrument, judge_instrument, halt),
    Handler(ResumeInstrument, judge_instrument, resume),
    Handler(SkipIds, accept, skip_ids),
)
