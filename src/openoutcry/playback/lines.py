"""Messages as they are kept: each a line of JSON, `[sequence, ms, message]`, with the moment at which it was told."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from openoutcry.domain.types import TeamId
from openoutcry.playback.moments import Moment

_TYPE_BEGINS: Final = len(b'{"type":"')
_QUOTE: Final = ord('"')
_COMMA: Final = b","

_NEWEST_ONLY: Final = frozenset({b"top_of_book", b"greeks", b"auction_indicative"})
"""Of these messages, whose first field names the instrument, the newest says all."""
_FIELDS_OF_NAME: Final = 7
"""Quotes up to the end of the instrument's name in such a message."""

_OF_BOOKS: Final = frozenset({b"book_snapshot", b"book_update"})

KEPT_PUBLIC: Final = frozenset(
    {
        "trade",
        "trade_busted",
        "session_status",
        "news",
        "announcement",
        "settlement",
        "instrument_expired",
        "leaderboard",
    }
)
"""Types of messages of which the history of a session consists."""
KEPT_PRIVATE: Final = frozenset({"execution_report", "signal", "duty_status", "protection_triggered"})
"""The same, of a team."""
_KEPT: Final = frozenset(name.encode() for name in KEPT_PUBLIC | KEPT_PRIVATE)


def line_of(moment: Moment, message: bytes) -> bytes:
    return b"[%d,%d,%s]" % (moment.sequence, moment.ms, message)


def sequence_of(line: bytes) -> int:
    return int(line[1 : line.index(_COMMA)])


def type_of(message: bytes) -> bytes:
    return message[_TYPE_BEGINS : message.index(_QUOTE, _TYPE_BEGINS)]


def message_of(line: bytes) -> bytes:
    return line[line.index(_COMMA, line.index(_COMMA) + 1) + 1 : -1]


def up_to(lines: Sequence[bytes], sequence: int) -> Sequence[bytes]:
    """Those of commands up to this one; `lines` are in order."""
    return lines[: bisect_right(lines, sequence, key=sequence_of)]


def after(lines: Sequence[bytes], sequence: int) -> Sequence[bytes]:
    """Those of commands after this one."""
    return lines[bisect_right(lines, sequence, key=sequence_of) :]


def of_books(lines: Iterable[bytes], books: Collection[str] | None) -> Iterable[bytes]:
    """Without messages of the books of other instruments than `books`; None: of all of them."""
    if books is None:
        return lines
    names = {name.encode() for name in books}
    return (line for line in lines if _is_wanted(message_of(line), names))


def _is_wanted(message: bytes, names: Collection[bytes]) -> bool:
    return type_of(message) not in _OF_BOOKS or message.split(b'"', _FIELDS_OF_NAME + 1)[_FIELDS_OF_NAME] in names


def condensed(lines: Iterable[bytes]) -> list[bytes]:
    """Of tops, Greeks and auctions only the newest of each instrument, at its place; of all else everything."""
    found: dict[object, bytes] = {}
    for number, line in enumerate(lines):
        message = message_of(line)
        key: object = number
        if type_of(message) in _NEWEST_ONLY:
            key = tuple(message.split(b'"', _FIELDS_OF_NAME + 1)[:-1])
            found.pop(key, None)
        found[key] = line
    return list(found.values())


class History:
    """Messages of the kept types from the first command on."""

    def __init__(self) -> None:
        self._lines: defaultdict[tuple[TeamId | None, bytes], list[bytes]] = defaultdict(list)

    def note(self, team_id: TeamId | None, message: bytes, line: bytes) -> None:
        kind = type_of(message)
        if kind in _KEPT:
            self._lines[team_id, kind].append(line)

    def newest(
        self, team_id: TeamId | None, types: Iterable[str], to: Moment, instrument_id: str | None, limit: int
    ) -> list[bytes]:
        """The newest `limit` messages of these types to everybody, and to the team, up to a moment, oldest first."""
        found: list[bytes] = []
        named = None if instrument_id is None else f'"instrument_id":"{instrument_id}"'.encode()
        for name in types:
            whose = None if name in KEPT_PUBLIC else team_id
            if whose is None and name not in KEPT_PUBLIC:
                continue
            lines = up_to(self._lines.get((whose, name.encode()), []), to.sequence)
            found += lines[-limit:] if named is None else [line for line in lines if named in line][-limit:]
        return sorted(found, key=sequence_of)[-limit:]
