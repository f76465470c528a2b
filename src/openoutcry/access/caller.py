"""Who asks, and what pays for it."""

from typing import Final

from openoutcry.access.rate_limits import Bucket
from openoutcry.domain.types import TeamId

NO_TEAM: Final = TeamId(0)
"""Whose request it is before a key was checked, and where none was needed."""


class Caller:
    """One request's. The gate fills it in; whoever needs no gate names the team, and no bucket pays."""

    __slots__ = ("bucket", "team_id")

    def __init__(self, team_id: TeamId = NO_TEAM, bucket: Bucket | None = None) -> None:
        self.team_id = team_id
        self.bucket = bucket
