"""The timetable of the session, and the ends of halts and calls."""

from openoutcry.domain.day.timers import PhaseDue
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.phases import enter_own_phase, enter_phase
from openoutcry.venue.state.venue import VenueState


def enter_due_phase(state: VenueState, outcome: Outcome, timer: PhaseDue) -> None:
    if not state.is_wanted(timer):
        return
    if timer.instrument_id is None:
        enter_phase(state, outcome, timer.phase, "schedule")
    else:
        enter_own_phase(state, outcome, state.markets[timer.instrument_id], timer.phase, "schedule")
