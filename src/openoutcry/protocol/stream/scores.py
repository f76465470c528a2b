"""Messages of the channel of scores."""

from typing import ClassVar, Literal

from openoutcry.protocol.responses import ExclusionInfo, TeamScoreInfo
from openoutcry.protocol.stream.message import Message


class Leaderboard(Message, kw_only=True, tag="leaderboard"):
    """Everybody's score at one instant, role by role and best first; a whole new one takes the place of the last."""

    type: ClassVar[Literal["leaderboard"]] = "leaderboard"
    as_of: str
    session_date: str
    frozen: bool
    final: bool
    teams: list[TeamScoreInfo]
    exclusions: list[ExclusionInfo]
    timestamp: str
