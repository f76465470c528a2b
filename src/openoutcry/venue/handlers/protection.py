"""Protection when a bot is gone: timers that cancel all of a team's orders unless they are renewed in time.

The venue has no clock. It keeps the due times, and the sequencing layer sends `ElapseTimer` when one has come.
"""

from typing import Any, Final

from openoutcry.domain.commands import (
    ElapseTimer,
    GuardConnection,
    LoseConnection,
    SetCancelAfter,
    UnguardConnection,
)
from openoutcry.domain.reasons import CancelReason, Verdict
from openoutcry.domain.types import TimestampUs
from openoutcry.venue.checks.sender import team_suspended
from openoutcry.venue.execution import cancel_all_in_time
from openoutcry.venue.handlers.handler import ACCEPTED, Handler, accept
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.team import Guard
from openoutcry.venue.state.venue import VenueState

SECOND_US: Final = 1_000_000


def judge_cancel_after(state: VenueState, command: SetCancelAfter) -> Verdict:
    return team_suspended() if state.team(command.team_id).suspended else ACCEPTED


def set_cancel_after(state: VenueState, outcome: Outcome, command: SetCancelAfter) -> None:
    due = TimestampUs(outcome.now + command.seconds * SECOND_US) if command.seconds else None
    state.team(command.team_id).cancel_at = due


def guard_connection(state: VenueState, outcome: Outcome, command: GuardConnection) -> None:  # noqa: ARG001
    """Guard a connection, or renew its guard; the graces of lost connections end."""
    team = state.team(command.team_id)
    team.guards = {name: guard for name, guard in team.guards.items() if guard.due is None}
    team.guards[command.connection_id] = Guard(command.grace_seconds)


def unguard_connection(state: VenueState, outcome: Outcome, command: UnguardConnection) -> None:  # noqa: ARG001
    state.team(command.team_id).guards.pop(command.connection_id, None)


def lose_connection(state: VenueState, outcome: Outcome, command: LoseConnection) -> None:
    """Start the grace of a connection that is guarded and not lost yet."""
    guard = state.team(command.team_id).guards.get(command.connection_id)
    if guard is not None and guard.due is None:
        guard.due = TimestampUs(outcome.now + guard.grace_seconds * SECOND_US)


def elapse_timer(state: VenueState, outcome: Outcome, command: ElapseTimer) -> None:
    """Cancel everything if the timer is still set to that time."""
    team = state.team(command.team_id)
    if command.connection_id is None:
        if team.cancel_at == command.due:
            team.cancel_at = None
            cancel_all_in_time(state, outcome, team, CancelReason.CANCEL_AFTER)
        return
    guard = team.guards.get(command.connection_id)
    if guard is not None and guard.due == command.due:
        del team.guards[command.connection_id]
        cancel_all_in_time(state, outcome, team, CancelReason.CANCEL_ON_DISCONNECT)


HANDLERS: Final[tuple[Handler[Any], ...]] = (
    Handler(SetCancelAfter, judge_cancel_after, set_cancel_after),
    Handler(GuardConnection, accept, guard_connection),
    Handler(UnguardConnection, accept, unguard_connection),
    Handler(LoseConnection, accept, lose_connection),
    Handler(ElapseTimer, accept, elapse_timer),
)
