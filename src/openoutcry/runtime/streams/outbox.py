"""The public messages that wait for one connection, and what happens to them if the reader is slow.

Top of book, auctions, Greeks, leaderboard: only the newest is kept. Book: updates are dropped, and a snapshot takes
their place. Trades, market and underlyings cannot be condensed: past their bound the connection is closed as too slow.
"""

from collections import deque
from collections.abc import Callable, Iterable

from openoutcry.domain.types import InstrumentId
from openoutcry.protocol.channels import ChannelKind, ChannelName
from openoutcry.runtime.streams.channel_message import ChannelMessage
from openoutcry.runtime.streams.limits import DEFAULT_LIMITS, StreamLimits


class PublicOutbox:
    """Waiting public messages of one connection, in order."""

    def __init__(self, snapshot_of: Callable[[InstrumentId], bytes], limits: StreamLimits = DEFAULT_LIMITS) -> None:
        """`snapshot_of` gives the encoded `book_snapshot` of a book as it is now."""
        self._max_book_bytes = limits.book_backlog_bytes
        self._max_kept_bytes = limits.kept_backlog_bytes
        self._snapshot_of = snapshot_of
        self._queue: deque[ChannelMessage | ChannelName] = deque()
        """A channel alone is a place whose message is chosen when its turn comes: the newest one then."""
        # By kind, then by instrument: the hash of its name is already computed.
        self._newest: dict[ChannelKind, dict[InstrumentId | None, bytes]] = {
            "top": {},
            "auction": {},
            "greeks": {},
            "leaderboard": {},
        }
        self._snapshots_due: set[InstrumentId | None] = set()
        self._book_bytes = 0
        self._kept_bytes = 0

    def push(self, message: ChannelMessage) -> bool:
        """Add a message; False when the reader is too slow for what cannot be condensed."""
        channel = message.channel
        kind = channel.kind
        newest = self._newest.get(kind)
        if newest is not None:
            if channel.instrument_id not in newest:
                self._queue.append(channel)
            newest[channel.instrument_id] = message.data
        elif kind == "book":
            # A snapshot that is due will contain this update.
            if channel.instrument_id not in self._snapshots_due:
                self._queue.append(message)
                self._book_bytes += len(message.data)
                if self._book_bytes > self._max_book_bytes:
                    self._condense_books()
        else:
            self._queue.append(message)
            self._kept_bytes += len(message.data)
        return self._kept_bytes <= self._max_kept_bytes

    def owe_snapshot(self, channel: ChannelName) -> None:
        """Send a snapshot of this book before any later update of it."""
        if channel.instrument_id not in self._snapshots_due:
            self._snapshots_due.add(channel.instrument_id)
            self._queue.append(channel)

    @property
    def waits(self) -> bool:
        """Whether there is a message to send."""
        return bool(self._queue)

    def take(self, limit_bytes: int) -> list[bytes]:
        """The next messages to send, in order: all, or at most `limit_bytes` of them and the one that exceeds that."""
        messages: list[bytes] = []
        queue, newest_by_kind = self._queue, self._newest
        while queue and limit_bytes > 0:
            entry = queue.popleft()
            if isinstance(entry, ChannelName):
                newest = newest_by_kind.get(entry.kind)
                data = self._snapshot(entry) if newest is None else newest.pop(entry.instrument_id)
            else:
                data = self._give_up(entry)
            limit_bytes -= len(data)
            messages.append(data)
        return messages

    def _snapshot(self, channel: ChannelName) -> bytes:
        assert channel.instrument_id is not None  # noqa: S101 - every book belongs to an instrument
        self._snapshots_due.remove(channel.instrument_id)
        return self._snapshot_of(channel.instrument_id)

    def _give_up(self, message: ChannelMessage) -> bytes:
        if message.channel.kind == "book":
            self._book_bytes -= len(message.data)
        else:
            self._kept_bytes -= len(message.data)
        return message.data

    def discard(self, channels: Iterable[ChannelName]) -> None:
        """Drop the waiting messages of these channels."""
        left = set(channels)
        if not left or not self._queue:
            return
        for channel in left:
            newest = self._newest.get(channel.kind)
            if newest is not None:
                newest.pop(channel.instrument_id, None)
            elif channel.kind == "book":
                self._snapshots_due.discard(channel.instrument_id)
        self._refill([entry for entry in self._queue if _channel_of(entry) not in left])

    def _condense_books(self) -> None:
        late = {channel: None for channel in map(_channel_of, self._queue) if channel.kind == "book"}
        self._refill([entry for entry in self._queue if _channel_of(entry).kind != "book"])
        self._snapshots_due.clear()
        for channel in late:
            self.owe_snapshot(channel)

    def _refill(self, entries: list[ChannelMessage | ChannelName]) -> None:
        self._queue = deque(entries)
        waiting = [entry for entry in entries if isinstance(entry, ChannelMessage)]
        self._book_bytes = sum(len(entry.data) for entry in waiting if entry.channel.kind == "book")
        self._kept_bytes = sum(len(entry.data) for entry in waiting if entry.channel.kind != "book")


def _channel_of(entry: ChannelMessage | ChannelName) -> ChannelName:
    return entry if isinstance(entry, ChannelName) else entry.channel
