"""What of the public channels waits for one connection, and what becomes of it when the reader is slow.

Top of book: only the newest is kept. Book: updates are dropped and a snapshot follows when its turn comes.
Trades and market cannot be condensed: past their bound the connection is closed as too slow.
"""

from collections import deque
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from openoutcry.domain.types import InstrumentId
from openoutcry.protocol.channels import ChannelName

BOOK_BACKLOG_BYTES: Final = 512 * 1024
KEPT_BACKLOG_BYTES: Final = 1024 * 1024
"""Bound on waiting trades and market messages."""


class ChannelMessage(Struct, frozen=True, gc=False):
    """An encoded message of one channel, shared by all its readers."""

    channel: ChannelName
    text: str


class _Due(Struct, frozen=True, gc=False):
    """A place in the queue whose message is chosen when its turn comes: the newest there is then."""

    channel: ChannelName


class PublicOutbox:
    """Waiting public messages of one connection, in order."""

    def __init__(self, snapshot_of: Callable[[InstrumentId], str]) -> None:
        """`snapshot_of` gives the encoded `book_snapshot` of a book as it is now."""
        self._snapshot_of = snapshot_of
        self._queue: deque[ChannelMessage | _Due] = deque()
        self._newest_top: dict[ChannelName, str] = {}
        self._snapshots_due: set[ChannelName] = set()
        self._book_bytes = 0
        self._kept_bytes = 0

    def push(self, message: ChannelMessage) -> bool:
        """Add a message; False when the reader is too slow for what cannot be condensed."""
        channel = message.channel
        if channel.kind == "top":
            if channel not in self._newest_top:
                self._queue.append(_Due(channel))
            self._newest_top[channel] = message.text
        elif channel.kind == "book":
            # A snapshot that is due will show what this update says.
            if channel not in self._snapshots_due:
                self._queue.append(message)
                self._book_bytes += len(message.text)
                if self._book_bytes > BOOK_BACKLOG_BYTES:
                    self._condense_books()
        else:
            self._queue.append(message)
            self._kept_bytes += len(message.text)
        return self._kept_bytes <= KEPT_BACKLOG_BYTES

    def owe_snapshot(self, channel: ChannelName) -> None:
        """Send a snapshot of this book before any later update of it."""
        if channel not in self._snapshots_due:
            self._snapshots_due.add(channel)
            self._queue.append(_Due(channel))

    def take(self) -> str | None:
        """The next message to send, None when nothing waits."""
        if not self._queue:
            return None
        entry = self._queue.popleft()
        channel = entry.channel
        if isinstance(entry, _Due):
            if channel.kind == "top":
                return self._newest_top.pop(channel)
            self._snapshots_due.remove(channel)
            assert channel.instrument_id is not None  # noqa: S101 - every book belongs to an instrument
            return self._snapshot_of(channel.instrument_id)
        if channel.kind == "book":
            self._book_bytes -= len(entry.text)
        else:
            self._kept_bytes -= len(entry.text)
        return entry.text

    def discard(self, channel: ChannelName) -> None:
        """Forget what waits of a channel."""
        kept = [entry for entry in self._queue if entry.channel != channel]
        self._newest_top.pop(channel, None)
        self._snapshots_due.discard(channel)
        self._refill(kept)

    def _condense_books(self) -> None:
        late = {entry.channel: None for entry in self._queue if entry.channel.kind == "book"}
        self._refill([entry for entry in self._queue if entry.channel.kind != "book"])
        self._snapshots_due.clear()
        for channel in late:
            self.owe_snapshot(channel)

    def _refill(self, entries: list[ChannelMessage | _Due]) -> None:
        self._queue = deque(entries)
        waiting = [entry for entry in entries if isinstance(entry, ChannelMessage)]
        self._book_bytes = sum(len(entry.text) for entry in waiting if entry.channel.kind == "book")
        self._kept_bytes = sum(len(entry.text) for entry in waiting if entry.channel.kind != "book")
