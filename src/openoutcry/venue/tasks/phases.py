"""A phase that comes after other tasks."""

from openoutcry.domain.tasks import EnterPhase
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.phases import enter_phase
from openoutcry.venue.state import VenueState


def enter_next_phase(state: VenueState, outcome: Outcome, task: EnterPhase, budget: int) -> tuple[None, int]:  # noqa: ARG001 - a step
    enter_phase(state, outcome, task.phase)
    return None, 1
