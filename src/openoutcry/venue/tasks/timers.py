"""Timers that are due, one after the other."""

from openoutcry.domain.day.tasks import RunTimers
from openoutcry.venue.due.table import COMES_DUE
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.venue import VenueState


def run_timers(state: VenueState, outcome: Outcome, task: RunTimers, budget: int) -> tuple[RunTimers | None, int]:  # noqa: ARG001 - a step
    """Carry out the next timer that is due. What it begins is done before the one after it."""
    now = state.day.market_time
    timer = None if now is None else state.day.timers.pop_due(now)
    if timer is None:
        return None, 0
    COMES_DUE[type(timer)](state, outcome, timer)
    return task, 1
