"""The clock of frequent batch auctions."""

from openoutcry.domain.day.tasks import RunBatch
from openoutcry.domain.day.timers import BatchDue
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.venue import VenueState


def run_due_batch(state: VenueState, outcome: Outcome, timer: BatchDue) -> None:  # noqa: ARG001 - what comes due
    """Hold one auction, and set the next to the first instant of the session's row that is still to come."""
    day, batch = state.day, state.rulebook.game.batch
    assert batch is not None, "only batch auctions have this timer"  # noqa: S101
    assert day.market_time is not None, "timers are due in a session"  # noqa: S101
    interval = batch.interval_seconds
    number = (day.market_time - day.batch_instant(0, interval)) // interval + 1
    day.timers.set(day.batch_instant(number, interval), BatchDue(number))
    day.begin(RunBatch(timer.number))
