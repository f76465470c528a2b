"""A team's private stream: a log that any number of connections read, each at its own place."""

from collections import deque
from typing import Final, Protocol

from openoutcry.runtime.streams.event_logs.log import EventLog

RECENT_EVENTS: Final = 1_024
"""Newest events of a team that are read from memory; older ones come from its log on disk."""

READ_BYTES: Final = 64 * 1024
"""How much a connection takes at once: all that a replay of any length holds in memory."""


class StreamReader(Protocol):
    def private_event_added(self, seq: int, size: int) -> None:
        """The stream has grown by the event `seq` of `size` bytes."""


class TeamStream:
    """The events of one team in order of `seq`, from 1, without a gap. Each is encoded once, for all readers."""

    def __init__(self, log: EventLog | None) -> None:
        """Without a `log` the newest `RECENT_EVENTS` are all that can be read."""
        self._log = log
        self._recent: deque[bytes] = deque(maxlen=RECENT_EVENTS)
        self.readers: dict[StreamReader, None] = {}
        self.last_seq = 0 if log is None else log.last_seq

    def append(self, seq: int, message: bytes) -> None:
        """Add the event `seq`, the one after the last, and tell the readers."""
        if self._log is not None:
            self._log.append(seq, message)
        self.last_seq = seq
        self._recent.append(message)
        for reader in self.readers:
            reader.private_event_added(seq, len(message))

    def read(self, after_seq: int) -> list[bytes]:
        """The next events after `after_seq`, oldest first; about `READ_BYTES` of them, at least one if there is one.

        Raises `OSError` when they are on disk and the disk cannot be read, or when they are not kept any more.
        """
        count = self.last_seq - after_seq
        if count <= 0:
            return []
        if count > len(self._recent):
            if self._log is None:
                raise OSError(f"only the newest {RECENT_EVENTS} events of a team are kept")
            return self._log.read(after_seq, READ_BYTES)
        messages: list[bytes] = []
        remaining_bytes = READ_BYTES
        for place in range(-count, 0):
            message = self._recent[place]
            remaining_bytes -= len(message)
            if remaining_bytes < 0 and messages:
                break
            messages.append(message)
        return messages

    def truncate(self, last_seq: int) -> None:
        """Forget events after `last_seq`, which the recovered venue never made. Raises `OSError`."""
        if last_seq >= self.last_seq or self._log is None:
            return
        self._log.truncate(last_seq)
        self.last_seq = self._log.last_seq
        self._recent.clear()
