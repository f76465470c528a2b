"""The answers of the replay's server, each in JSON."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec
from msgspec import Struct

from openoutcry.domain.identifiers import format_team_id
from openoutcry.playback.moments import Moment, SessionSpan
from openoutcry.playback.reading import Reading, State
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
from openoutcry.protocol.stream import Trade

_encode: Final = msgspec.json.Encoder().encode


class SessionShown(SessionSpan, frozen=True):
    is_running: bool


class TeamShown(Struct, frozen=True):
    """`has_stream` False: it is one of the exchange's own, which is told nothing."""

    team_id: str
    team_name: str
    role: str
    registered: Moment
    has_stream: bool


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


class LargestTrade(Struct, frozen=True):
    moment: Moment
    message: Trade


def show_replay(reading: Reading, _query: bytes) -> bytes:
    playback, progress = reading.playback, reading.journal.progress
    queries, moments = playback.exchange.sequencer.queries, playback.moments
    spans = moments.sessions()
    shown = Replay(
        scenario=playback.scenario.name,
        title=playback.scenario.title,
        directory=reading.directory.name,
        state=reading.state,
        problem=reading.problem,
        note=reading.journal.cut,
        progress={
            "commands": moments.last.sequence,
            "bytes": progress.bytes_read,
            "of_bytes": progress.bytes_total,
        },
        first=moments.first,
        last=None if moments.first is None else moments.last,
        sessions=[
            SessionShown(
                **{name: getattr(span, name) for name in SessionSpan.__struct_fields__},
                is_running=span is spans[-1] and queries.day().is_running,
            )
            for span in spans
        ],
        teams=[
            TeamShown(
                format_team_id(team.team_id),
                team.team_name,
                team.role,
                playback.registered[team.team_id],
                playback.has_stream(team.team_id),
            )
            for team in queries.teams()
        ],
        marks_count=len(playback.timeline.marks),
        prices_count=playback.timeline.prices_count,
        keyframe_seconds=playback.keyframe_seconds,
    )
    return _encode(shown)


def show_marks(reading: Reading, query: bytes) -> bytes:
    asked = read_query(query, MarksQuery)
    return _encode({"marks": reading.playback.timeline.marks[asked.after :]})


def show_prices(reading: Reading, query: bytes) -> bytes:
    asked = read_query(query, SessionQuery)
    return _encode({"symbols": reading.playback.timeline.prices(asked.session, asked.after)})


def show_largest_trades(reading: Reading, query: bytes) -> bytes:
    playback, asked = reading.playback, read_query(query, SessionQuery)
    write = playback.exchange.translator.trade
    largest = playback.timeline.largest_trades(asked.session)
    return _encode(
        {"trades": [LargestTrade(each.moment, write(each.trade, each.time, each.moment.sequence)) for each in largest]}
    )


def show_frame(reading: Reading, query: bytes) -> bytes:
    playback, asked = reading.playback, read_query(query, FrameQuery)
    frame = playback.frame(moment_of(playback, asked.at), team_of(playback, asked.team), books_of(asked.books))
    return b'{"moment":%s,"keyframe":%s,"answers":%s,"messages":%s}' % (
        _encode(frame.moment),
        _encode(frame.keyframe),
        _object(frame.answers),
        _list(frame.lines),
    )


def show_messages(reading: Reading, query: bytes) -> bytes:
    playback, asked = reading.playback, read_query(query, MessagesQuery)
    begins, ends = moment_of(playback, asked.after), moment_of(playback, asked.to)
    found = playback.slice(begins, ends, team_of(playback, asked.team), books_of(asked.books))
    return b'{"from":%s,"to":%s,"is_end":%s,"messages":%s,"answers":%s}' % (
        _encode(found.begins),
        _encode(found.ends),
        _encode(found.ends == playback.moments.last),
        _list(found.lines),
        b"null" if found.answers is None else _object(found.answers),
    )


def show_history(reading: Reading, query: bytes) -> bytes:
    playback, asked = reading.playback, read_query(query, HistoryQuery)
    lines = playback.history.newest(
        team_of(playback, asked.team),
        types_of(asked.types),
        moment_of(playback, asked.to),
        asked.instrument_id,
        asked.limit,
    )
    return b'{"messages":%s}' % _list(lines)


ANSWERS: Final[Mapping[str, Callable[[Reading, bytes], bytes]]] = {
    "/replay": show_replay,
    "/replay/marks": show_marks,
    "/replay/prices": show_prices,
    "/replay/largest-trades": show_largest_trades,
    "/replay/frame": show_frame,
    "/replay/messages": show_messages,
    "/replay/history": show_history,
}
"""By path: what is asked of a reading with a query string. Each raises `Refusal`."""


def _list(lines: Iterable[bytes]) -> bytes:
    return b"[%s]" % b",".join(lines)


def _object(parts: Mapping[str, bytes]) -> bytes:
    return b"{%s}" % b",".join(b"%s:%s" % (_encode(name), value) for name, value in parts.items())
