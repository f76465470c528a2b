"""What the organisers did, and what they told everybody."""

from typing import Any

from msgspec import Struct

from openoutcry.protocol.responses.response import ApiError


class ActionInfo(Struct, kw_only=True):
    """What an organiser did, or tried to do. `terms`: the command's, by name."""

    sequence: int
    timestamp: str
    action: str
    terms: dict[str, Any]
    by: str | None
    reason: str | None
    error: ApiError | None


class ActionsData(Struct):
    """Oldest first. `omitted`: how many come after these; ask again with the last one's `sequence` as `after`.

    `forgotten`: how many older ones are no longer kept; they are in the journal.
    """

    actions: list[ActionInfo]
    omitted: int
    forgotten: int


class OddsInfo(Struct, kw_only=True):
    """Chances of each effect of a headline, in percent, together 100."""

    regime_shift: int
    price_jump: int
    no_effect: int


class NewsInfo(Struct, kw_only=True):
    """A headline, as on the channel `market`."""

    news_id: str
    headline: str
    category: str
    odds: OddsInfo
    market_time: str
    timestamp: str


class PublishedData(Struct):
    news: NewsInfo


class NewsData(Struct):
    """Oldest first. `omitted`: how many come after these; ask again with the last one's id as `after`.

    `forgotten`: how many older ones are no longer kept.
    """

    news: list[NewsInfo]
    omitted: int
    forgotten: int
