"""The end of a tick: the public is told the new marks, then the news, and roles their signals."""

from openoutcry.domain.day.tasks import PublishMarks, TellNews, TellSignal
from openoutcry.domain.types import TeamId
from openoutcry.venue.marks import newest_marks
from openoutcry.venue.news import tell_news
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.venue import VenueState


def publish_marks(state: VenueState, outcome: Outcome, task: PublishMarks, budget: int) -> tuple[None, int]:  # noqa: ARG001 - a step
    newest = newest_marks(state)
    assert newest is not None, "a tick has a time"  # noqa: S101
    outcome.told(newest)
    return None, 1


def tell_headline(state: VenueState, outcome: Outcome, task: TellNews, budget: int) -> tuple[None, int]:  # noqa: ARG001 - a step
    tell_news(state, outcome, task.news)
    return None, 1


def tell_signal(state: VenueState, outcome: Outcome, task: TellSignal, budget: int) -> tuple[TellSignal | None, int]:
    """Telling one team takes as long as cancelling an order, about."""
    day, role = state.day, task.signal.role
    assert day.market_time is not None, "a tick has a time"  # noqa: S101
    spent = 0
    for team_id in range(task.team_id, len(state.teams) + 1):
        team = state.teams[team_id - 1]
        if team.role == role:
            if spent >= budget:
                return TellSignal(task.signal, TeamId(team_id)), spent
            outcome.signalled(team, task.signal.signal, day.market_time, day.utc_offset)
            spent += 1
    return None, spent
