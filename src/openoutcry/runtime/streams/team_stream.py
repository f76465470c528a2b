"""A team's private stream: a log that any number of connections read, each at its own place."""

from collections import deque
from typing import Protocol

from openoutcry.runtime.streams.event_logs.log import EventLog
from openoutcry.runtime.streams.limits import DEFAULT_LIMITS, StreamLimits


class StreamReader(Protocol):
    def private_event_added(self, seq: int, size: int) -> None:
        """The stream has grown by the event `seq` of `size` bytes."""


class TeamStream:
    """The events of one team in order of `seq`, from 1, without a gap. Each is encoded once, for all readers."""

    def __init__(self, log: EventLog | None, limits: StreamLimits = DEFAULT_LIMITS) -> None:
        """Without a `log` the newest `recent_events` are all that can be read."""
        self._log = log
        self._read_bytes = limits.read_bytes
        self._recent: deque[bytes] = deque(maxlen=limits.recent_events)
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
        """The next events after `after_seq`, oldest first; about `read_bytes` of them, at least one if there is one.

        Raises `OSError` if they are on disk and the disk cannot be read, or if they are no longer kept.
        """
        count = self.last_seq - after_seq
        if count <= 0:
            return []
        if count > len(self._recent):
            if self._log is None:
                raise OSError(f"only the newest {self._recent.maxlen} events of a team are kept")
            return self._log.read(after_seq, self._read_bytes)
        messages: list[bytes] = []
        remaining_bytes = self._read_bytes
        for place in range(-count, 0):
            message = self._recent[place]
            remaining_bytes -= len(message)
            if remaining_bytes < 0 and messages:
                break
            messages.append(message)
        return messages

    def truncate(self, last_seq: int) -> None:
        """Drop events after `last_seq`, which the recovered venue has not made. Raises `OSError`."""
        if last_seq >= self.last_seq or self._log is None:
            return
        self._log.truncate(last_seq)
        self.last_seq = self._log.last_seq
        self._recent.clear()
