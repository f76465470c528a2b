"""The end of a tick: the public is told the new marks."""

from openoutcry.domain.day.tasks import PublishMarks
from openoutcry.venue.marks import newest_marks
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state import VenueState


def publish_marks(state: VenueState, outcome: Outcome, task: PublishMarks, budget: int) -> tuple[None, int]:  # noqa: ARG001 - a step
    newest = newest_marks(state)
    assert newest is not None, "a tick has a time"  # noqa: S101
    outcome.told(newest)
    return None, 1
