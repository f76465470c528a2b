"""One row of the tasks' table."""

from collections.abc import Callable
from typing import Any

from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.venue import VenueState

Step = Callable[[VenueState, Outcome, Any, int], tuple[Any, int]]
"""Takes a task further, by about as many orders as the budget says, at least by something.

Returns what is left of the task, None if it is done, and how much of the budget it took.
"""
