"""Timers and guards that cancel the orders of a bot that is gone."""

from typing import final

from msgspec import Struct

from openoutcry.domain.types import ConnectionId, TeamId, TimestampUs


@final
class SetCancelAfter(Struct, frozen=True, array_like=True, tag="set_cancel_after"):
    """Set or renew the team's dead-man timer: all its orders are cancelled `seconds` from now. 0 switches it off."""

    team_id: TeamId
    seconds: int


@final
class GuardConnection(Struct, frozen=True, array_like=True, tag="guard_connection"):
    """Cancel all of the team's orders `grace_seconds` after this connection is lost.

    Ends the grace of the team's connections that are already lost: the bot is back.
    """

    team_id: TeamId
    connection_id: ConnectionId
    grace_seconds: int


@final
class UnguardConnection(Struct, frozen=True, array_like=True, tag="unguard_connection"):
    """Remove the guard: this connection may end without cancelling orders."""

    team_id: TeamId
    connection_id: ConnectionId


@final
class LoseConnection(Struct, frozen=True, array_like=True, tag="lose_connection"):
    """A guarded connection has ended, for any reason: its grace begins."""

    team_id: TeamId
    connection_id: ConnectionId


@final
class ElapseTimer(Struct, frozen=True, array_like=True, tag="elapse_timer"):
    """A timer is due at `due`: that of a lost connection, or with `connection_id` None the dead-man timer.

    Does nothing if the timer was renewed or switched off meanwhile.
    """

    team_id: TeamId
    connection_id: ConnectionId | None
    due: TimestampUs
