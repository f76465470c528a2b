"""Who asks, and what pays for it."""

from typing import Final

from openoutcry.access.rate_limits import Bucket
from openoutcry.domain.types import TeamId

NO_TEAM: Final = TeamId(0)
"""The team of a request before its key was checked, or if it needs none."""


class Caller:
    """The caller of one request. The gate fills it in; code that needs no gate names the team, and no bucket pays."""

    __slots__ = ("bucket", "team_id")

    def __init__(self, team_id: TeamId = NO_TEAM, bucket: Bucket | None = None) -> None:
        self.team_id = team_id
        self.bucket = bucket

    @property
    def admin_name(self) -> str | None:
        """Which of the organisers asks, in their own word; None if it was not told. Raises `Refused`."""
        return None
