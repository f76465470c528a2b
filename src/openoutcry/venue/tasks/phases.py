"""Phases that come after other tasks."""

from openoutcry.domain.day.tasks import EnterPhase, JoinSession
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.phases import enter_own_phase, enter_phase
from openoutcry.venue.state.venue import VenueState


def enter_next_phase(state: VenueState, outcome: Outcome, task: EnterPhase, budget: int) -> tuple[None, int]:  # noqa: ARG001 - a step
    if task.instrument_id is None:
        enter_phase(state, outcome, task.phase, task.reason)
    else:
        enter_own_phase(state, outcome, state.markets[task.instrument_id], task.phase, task.reason)
    return None, 1


def join_session(state: VenueState, outcome: Outcome, task: JoinSession, budget: int) -> tuple[None, int]:  # noqa: ARG001 - a step
    enter_own_phase(state, outcome, state.markets[task.instrument_id], None, task.reason)
    return None, 1
