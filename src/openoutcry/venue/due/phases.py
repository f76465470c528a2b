"""The timetable of the session."""

from openoutcry.domain.timers import PhaseDue
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.phases import enter_phase
from openoutcry.venue.state import VenueState


def enter_due_phase(state: VenueState, outcome: Outcome, timer: PhaseDue) -> None:
    enter_phase(state, outcome, timer.phase)
