"""Does the tasks that wait, a slice at a time."""

from typing import Final

from openoutcry.venue.outcome import Outcome
from openoutcry.venue.quote_fills import judge_quote_fills
from openoutcry.venue.state.venue import VenueState
from openoutcry.venue.tasks.table import STEPS

SLICE: Final = 500
"""Orders that one command executes or cancels, about: so no turn of the loop takes long, however many there are."""


def work_off(state: VenueState, outcome: Outcome, budget: int = SLICE) -> None:
    """One slice of the tasks that wait, first things first. Every command that begins a task ends with this."""
    day = state.day
    tasks = day.tasks
    _queue_begun(state)
    left = budget
    while tasks and left > 0:
        task = tasks.popleft()
        rest, spent = STEPS[type(task)](state, outcome, task, left)
        if rest is not None:
            tasks.appendleft(rest)
        _queue_begun(state)
        left -= spent
    if outcome.quote_fills or state.groups_to_judge:
        judge_quote_fills(state, outcome)


def _queue_begun(state: VenueState) -> None:
    """What was begun comes before what waits."""
    day = state.day
    day.tasks.extendleft(reversed(day.begun))
    day.begun.clear()
