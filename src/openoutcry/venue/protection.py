"""Protection of the bot that dies: timers that cancel all of a team's orders unless somebody shows up in time.

The venue has no clock: it keeps the due times, and whoever has a clock sends `ElapseTimer` when one has come.
"""

from collections.abc import Iterator

from openoutcry.domain.commands import ElapseTimer, GuardConnection, LoseConnection, SetCancelAfter
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.types import TimestampUs
from openoutcry.domain.views import TimerView
from openoutcry.venue.order_execution import cancel_all
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state import Guard, Team, VenueState

SECOND_US = 1_000_000


def set_cancel_after(team: Team, now: TimestampUs, command: SetCancelAfter) -> None:
    team.cancel_at = TimestampUs(now + command.seconds * SECOND_US) if command.seconds else None


def guard_connection(team: Team, command: GuardConnection) -> None:
    """Guard a connection, anew if it is guarded already; what was lost before has been found again."""
    team.guards = {name: guard for name, guard in team.guards.items() if guard.due is None}
    team.guards[command.connection_id] = Guard(command.grace_seconds)


def lose_connection(team: Team, now: TimestampUs, command: LoseConnection) -> None:
    """Start the grace of a connection that is guarded and not lost yet."""
    guard = team.guards.get(command.connection_id)
    if guard is not None and guard.due is None:
        guard.due = TimestampUs(now + guard.grace_seconds * SECOND_US)


def elapse_timer(state: VenueState, outcome: Outcome, command: ElapseTimer) -> None:
    """Cancel everything if the timer is still set to that time."""
    team = state.team(command.team_id)
    if command.connection_id is None:
        if team.cancel_at == command.due:
            team.cancel_at = None
            cancel_all(state, outcome, team, CancelReason.CANCEL_AFTER)
        return
    guard = team.guards.get(command.connection_id)
    if guard is not None and guard.due == command.due:
        del team.guards[command.connection_id]
        cancel_all(state, outcome, team, CancelReason.CANCEL_ON_DISCONNECT)


def timers(state: VenueState) -> Iterator[TimerView]:
    """All that are running, by team; of one team the dead-man timer first, then its lost connections."""
    for team in state.teams:
        if team.cancel_at is not None:
            yield TimerView(team_id=team.team_id, connection_id=None, due=team.cancel_at)
        for connection_id, guard in team.guards.items():
            if guard.due is not None:
                yield TimerView(team_id=team.team_id, connection_id=connection_id, due=guard.due)
