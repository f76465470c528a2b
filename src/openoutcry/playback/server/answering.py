"""The answers of the replay's server, each in JSON."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec
from msgspec import Struct

from openoutcry.playback.chronicle import TeamShown
from openoutcry.playback.moments import Moment, SessionSpan
from openoutcry.playback.server.asking import (
    FrameQuery,
    HistoryQuery,
    MarksQuery,
    MessagesQuery,
    SessionQuery,
    books_of,
    moment_of,
    read_query,
    team_of,
    types_of,
)
from openoutcry.playback.source import Source, State

_encode: Final = msgspec.json.Encoder().encode


class SessionShown(SessionSpan, frozen=True):
    is_running: bool


class Replay(Struct, frozen=True, kw_only=True):
    """What there is to see, as far as it was read. The counts grow: then there is more to be asked for."""

    scenario: str
    title: str
    directory: str
    state: State
    problem: str | None
    note: str | None
    progress: dict[str, int]
    first: Moment | None
    last: Moment | None
    sessions: list[SessionShown]
    teams: list[TeamShown]
    marks_count: int
    prices_count: int
    keyframe_seconds: int


def show_replay(source: Source, _query: bytes) -> bytes:
    chronicle = source.chronicle
    moments = chronicle.moments
    spans = moments.sessions()
    shown = Replay(
        scenario=chronicle.scenario_name,
        title=chronicle.title,
        directory=source.name,
        state=source.state,
        problem=source.problem,
        note=source.note,
        progress=source.progress,
        first=moments.first,
        last=None if moments.first is None else moments.last,
        sessions=[
            SessionShown(
                **{name: getattr(span, name) for name in SessionSpan.__struct_fields__},
                is_running=span is spans[-1] and chronicle.is_running,
            )
            for span in spans
        ],
        teams=list(chronicle.teams),
        marks_count=len(chronicle.timeline.marks),
        prices_count=chronicle.timeline.prices_count,
        keyframe_seconds=chronicle.keyframe_seconds,
    )
    return _encode(shown)


def show_marks(source: Source, query: bytes) -> bytes:
    asked = read_query(query, MarksQuery)
    return _encode({"marks": source.chronicle.timeline.marks[asked.after :]})


def show_prices(source: Source, query: bytes) -> bytes:
    asked = read_query(query, SessionQuery)
    return _encode({"symbols": source.chronicle.timeline.prices(asked.session, asked.after)})


def show_largest_trades(source: Source, query: bytes) -> bytes:
    asked = read_query(query, SessionQuery)
    return _encode({"trades": source.chronicle.timeline.largest_trades(asked.session)})


def show_frame(source: Source, query: bytes) -> bytes:
    chronicle, asked = source.chronicle, read_query(query, FrameQuery)
    frame = chronicle.frame(moment_of(chronicle, asked.at), team_of(chronicle, asked.team), books_of(asked.books))
    return b'{"moment":%s,"keyframe":%s,"answers":%s,"messages":%s}' % (
        _encode(frame.moment),
        _encode(frame.keyframe),
        _object(frame.answers),
        _list(frame.lines),
    )


def show_messages(source: Source, query: bytes) -> bytes:
    chronicle, asked = source.chronicle, read_query(query, MessagesQuery)
    begins, ends = moment_of(chronicle, asked.after), moment_of(chronicle, asked.to)
    found = chronicle.slice(begins, ends, team_of(chronicle, asked.team), books_of(asked.books))
    return b'{"from":%s,"to":%s,"is_end":%s,"messages":%s,"answers":%s}' % (
        _encode(found.begins),
        _encode(found.ends),
        _encode(found.ends == chronicle.moments.last),
        _list(found.lines),
        b"null" if found.answers is None else _object(found.answers),
    )


def show_history(source: Source, query: bytes) -> bytes:
    chronicle, asked = source.chronicle, read_query(query, HistoryQuery)
    lines = chronicle.history.newest(
        team_of(chronicle, asked.team),
        types_of(asked.types),
        moment_of(chronicle, asked.to),
        asked.instrument_id,
        asked.limit,
    )
    return b'{"messages":%s}' % _list(lines)


ANSWERS: Final[Mapping[str, Callable[[Source, bytes], bytes]]] = {
    "/replay": show_replay,
    "/replay/marks": show_marks,
    "/replay/prices": show_prices,
    "/replay/largest-trades": show_largest_trades,
    "/replay/frame": show_frame,
    "/replay/messages": show_messages,
    "/replay/history": show_history,
}
"""By path: what is asked of a source with a query string. Each raises `Refusal`."""


def _list(lines: Iterable[bytes]) -> bytes:
    return b"[%s]" % b",".join(lines)


def _object(parts: Mapping[str, bytes]) -> bytes:
    return b"{%s}" % b",".join(b"%s:%s" % (_encode(name), value) for name, value in parts.items())
