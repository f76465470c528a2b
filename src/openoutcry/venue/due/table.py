"""Every kind of timer, with what is done when it comes due."""

from collections.abc import Callable
from typing import Any, Final

from openoutcry.domain.day.timers import BatchDue, PhaseDue
from openoutcry.venue.due.batches import run_due_batch
from openoutcry.venue.due.phases import enter_due_phase
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.venue import VenueState

COMES_DUE: Final[dict[type, Callable[[VenueState, Outcome, Any], None]]] = {
    PhaseDue: enter_due_phase,
    BatchDue: run_due_batch,
}
"""One for each of the union `MarketTimer`."""
