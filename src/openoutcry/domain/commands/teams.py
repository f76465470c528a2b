"""Teams: who they are, and what the organiser does with them."""

from typing import Final, final

from msgspec import Struct

from openoutcry.domain.commands.why import Why
from openoutcry.domain.types import TeamId

NO_KEY: Final = b""
"""In place of a key's hash: no client can act as this team. The exchange itself acts for it, and keeps no private
stream for it."""


@final
class RegisterTeam(Struct, frozen=True, array_like=True, tag="register_team"):
    """Register a team. `key_hash` is the SHA-256 of its key, or `NO_KEY`; `owner` groups teams of one person or
    group; `nonce` is the team's part in the seeds of later sessions.
    """

    team_name: str
    role: str
    key_hash: bytes
    owner: str | None = None
    nonce: str | None = None
    why: Why | None = None


@final
class RotateKey(Struct, frozen=True, array_like=True, tag="rotate_key"):
    """Replace a team's key; the old one stops working."""

    team_id: TeamId
    key_hash: bytes
    why: Why | None = None


@final
class SuspendTeam(Struct, frozen=True, array_like=True, tag="suspend_team"):
    """Cancel all of a team's orders and refuse its commands until it is reinstated."""

    team_id: TeamId
    why: Why | None = None


@final
class ReinstateTeam(Struct, frozen=True, array_like=True, tag="reinstate_team"):
    """Let a suspended team trade again."""

    team_id: TeamId
    why: Why | None = None


@final
class Sanction(Struct, frozen=True, array_like=True, tag="sanction"):
    """Bring a team to this level of the ladder of sanctions, from 1 on."""

    team_id: TeamId
    level: int
    why: Why | None = None


@final
class Pardon(Struct, frozen=True, array_like=True, tag="pardon"):
    """Take a team off the ladder of sanctions."""

    team_id: TeamId
    why: Why | None = None
