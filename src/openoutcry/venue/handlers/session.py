"""The session by hand: its phases, halts of all instruments or one, and skipped ids.

What is under way is done first: a phase that the organiser sets comes after the tasks that wait.
"""

from typing import Any, Final

from openoutcry.domain.commands import HaltInstrument, ResumeInstrument, SetPhase, SkipIds
from openoutcry.domain.day.phases import FOLLOWS, Phase
from openoutcry.domain.day.tasks import EnterPhase
from openoutcry.domain.reasons import ErrorCode, Reject, Verdict
from openoutcry.venue.halts import resume, resume_instrument
from openoutcry.venue.handlers.handler import ACCEPTED, Handler, accept
from openoutcry.venue.handlers.instruments import judge_instrument
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.venue import VenueState
from openoutcry.venue.tasks.slices import work_off

_BY_WAY_OF: Final[dict[tuple[Phase, Phase], Phase]] = {
    ("pre_open", "continuous"): "opening_auction",
    ("reopening_call", "continuous"): "reopening_auction",
}
"""From one phase to another: the phase between, in which the orders trade that were gathered."""


def judge_phase(state: VenueState, command: SetPhase) -> Verdict:
    """Whether the phase can follow the present one; the present one again changes nothing, and any can be closed."""
    present, wanted = state.phase, command.phase
    if wanted in (present, "closed") or _next_step(present, wanted) in FOLLOWS[present]:
        return ACCEPTED
    allowed = [phase for phase in FOLLOWS if _next_step(present, phase) in FOLLOWS[present]]
    return Reject(
        ErrorCode.MARKET_CLOSED,
        f"The phase {wanted} cannot follow {present}; {' or '.join(allowed)} can",
        {"phase": present, "allowed": allowed},
    )


def set_phase(state: VenueState, outcome: Outcome, command: SetPhase) -> None:
    if command.phase != state.phase:
        state.day.begin_last(EnterPhase(_next_step(state.phase, command.phase), "organiser"))
    work_off(state, outcome)


def judge_halt(state: VenueState, command: HaltInstrument) -> Verdict:
    """Whether there is such an instrument; a halt of all needs a market that is open."""
    if command.instrument_id is not None:
        return judge_instrument(state, command.instrument_id)
    if state.phase == "closed":
        return Reject(ErrorCode.MARKET_CLOSED, "The market is closed: there is nothing to halt", {"phase": "closed"})
    return ACCEPTED


def halt(state: VenueState, outcome: Outcome, command: HaltInstrument) -> None:
    state.day.begin_last(EnterPhase("halted", "organiser", command.instrument_id))
    work_off(state, outcome)


def judge_resume(state: VenueState, command: ResumeInstrument) -> Verdict:
    """Whether there is such an instrument; all of them are resumed after a halt of all."""
    if command.instrument_id is not None:
        return judge_instrument(state, command.instrument_id)
    if state.phase != "halted":
        return Reject(
            ErrorCode.MARKET_CLOSED,
            f"The session is not halted but in {state.phase}; an instrument that is halted alone needs its name",
            {"phase": state.phase},
        )
    return ACCEPTED


def resume_trading(state: VenueState, outcome: Outcome, command: ResumeInstrument) -> None:
    if command.instrument_id is None:
        resume(state, outcome)
    else:
        resume_instrument(state, outcome, state.markets[command.instrument_id])
    work_off(state, outcome)


def skip_ids(state: VenueState, outcome: Outcome, command: SkipIds) -> None:  # noqa: ARG001
    state.next_order_id += command.count
    state.next_trade_id += command.count


HANDLERS: Final[tuple[Handler[Any], ...]] = (
    Handler(SetPhase, judge_phase, set_phase),
    Handler(HaltInstrument, judge_halt, halt),
    Handler(ResumeInstrument, judge_resume, resume_trading),
    Handler(SkipIds, accept, skip_ids),
)


def _next_step(present: Phase, wanted: Phase) -> Phase:
    return _BY_WAY_OF.get((present, wanted), wanted)
