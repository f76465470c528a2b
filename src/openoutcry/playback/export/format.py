"""What is in the file: a ZIP archive of JSON, with one member for the whole and one for each stretch."""

from typing import Final

from msgspec import Raw, Struct

from openoutcry.playback.chronicle import TeamShown
from openoutcry.playback.moments import Moment, SavedSession
from openoutcry.playback.timeline import LargeTrade, Mark, PricePoints

FORMAT: Final = 1
"""Counts changes after which an older version cannot read the file."""

CONTENTS: Final = "contents.json"


def stretch_name(place: int) -> str:
    return f"stretches/{place:06}.json"


class ShownOfSession(Struct, frozen=True):
    """Of a session's timeline."""

    session: int
    prices: dict[str, PricePoints]
    largest_trades: list[LargeTrade]
    """Largest first."""


class Contents(Struct, frozen=True, kw_only=True):
    format: int
    scenario: str
    title: str
    keyframe_seconds: int
    team: TeamShown
    is_running: bool
    moments: list[SavedSession]
    marks: list[Mark]
    prices_count: int
    timeline: list[ShownOfSession]
    stretches: int
    """How many."""


class Told(Struct, frozen=True):
    """To everybody, and to the team: messages with their moments."""

    everybody: list[Raw]
    team: list[Raw]


class StretchKept(Struct, frozen=True):
    """`team` of the answers is None before the team is registered."""

    moment: Moment
    beginning: Told
    answers_to_everybody: dict[str, Raw]
    answers_to_team: dict[str, Raw] | None
    told: Told
