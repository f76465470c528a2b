"""What a request asks for: parameters as types, moments as text."""

import re
from typing import Annotated, Final, TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec import Meta, Struct

from openoutcry.domain.identifiers import NO_ID, parse_team_id
from openoutcry.domain.types import TeamId
from openoutcry.playback.chronicle import Chronicle
from openoutcry.playback.lines import KEPT_PRIVATE, KEPT_PUBLIC
from openoutcry.playback.moments import Moment

MAX_HISTORY: Final = 5_000
_MOMENT: Final = re.compile(r"([0-9]{1,9}):([0-9]{1,15})(?::([0-9]{1,15}))?")

Q = TypeVar("Q", bound=Struct)


class Refusal(Exception):  # noqa: N818 - named for what it is
    """The request is not carried out; the text says why."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class MarksQuery(Struct, forbid_unknown_fields=True):
    after: Annotated[int, Meta(ge=0)] = 0


class SessionQuery(Struct, forbid_unknown_fields=True):
    session: Annotated[int, Meta(ge=0)]
    after: Annotated[int, Meta(ge=0)] = 0


class FrameQuery(Struct, forbid_unknown_fields=True):
    at: str
    team: str | None = None
    books: str | None = None


class MessagesQuery(Struct, forbid_unknown_fields=True):
    after: str
    to: str
    team: str | None = None
    books: str | None = None


class HistoryQuery(Struct, forbid_unknown_fields=True):
    types: str
    to: str
    team: str | None = None
    instrument_id: str | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_HISTORY)] = 200


def read_query(query_string: bytes, kind: type[Q]) -> Q:
    """Raises `Refusal` (400)."""
    values = dict(parse_qsl(query_string.decode("latin-1"), keep_blank_values=True))
    try:
        return msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Refusal(400, "MALFORMED_REQUEST", f"The query is not understood: {error}") from None


def moment_of(chronicle: Chronicle, text: str) -> Moment:
    """What `SESSION:MS` or `SESSION:MS:SEQUENCE` names. Raises `Refusal` (400, or 404 while there is no moment)."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise Refusal(
            400,
            "INVALID_MOMENT",
            f"{text[:64]!r} is no moment: it must be SESSION:MS or SESSION:MS:SEQUENCE, such as 1:60000",
        )
    if chronicle.moments.first is None:
        raise Refusal(404, "NOTHING_READ", "There is no moment yet: no command has been read")
    session, ms, sequence = found.groups()
    if sequence is not None:
        return chronicle.moments.after(int(sequence))
    return chronicle.moments.at(int(session), int(ms))


def team_of(chronicle: Chronicle, text: str | None) -> TeamId | None:
    """The team of this id that can be chosen; None if none was. Raises `Refusal` (404)."""
    if text is None:
        return None
    team_id = parse_team_id(text)
    if team_id == NO_ID or not chronicle.has_stream(team_id):
        raise Refusal(
            404, "TEAM_NOT_FOUND", f"{text[:64]!r} is no team that was told anything; GET /replay lists the teams"
        )
    return team_id


def books_of(text: str | None) -> list[str] | None:
    return None if text is None else text.split(",")


def types_of(text: str) -> list[str]:
    """Raises `Refusal` (400)."""
    types = text.split(",")
    for name in types:
        if name not in KEPT_PUBLIC and name not in KEPT_PRIVATE:
            known = ", ".join(sorted(KEPT_PUBLIC | KEPT_PRIVATE))
            raise Refusal(400, "INVALID_TYPE", f"There is no history of {name[:64]!r}: it must be one of {known}")
    return types
