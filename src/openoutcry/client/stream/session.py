"""The event stream without I/O: the next private event, the place to resume, and what holds across connections.

Each private event passes once and in order. If that is impossible, the connection must be dropped and resumed.
"""

from collections.abc import Iterable, Iterator
from copy import copy
from typing import Final

from openoutcry.client.events import Event, RawEvent, StreamReset, private_seq
from openoutcry.protocol.stream import (
    MAX_MESSAGE_BYTES,
    MAX_SUBSCRIPTIONS,
    CancelOnDisconnect,
    Heartbeat,
    ServerMessage,
    StreamError,
    Subscribe,
    Welcome,
)
from openoutcry.protocol.stream_errors import StreamErrorCode

RESTORING: Final = "restore-"
"""Prefix of the `request_id` of messages that the client repeats on a new connection."""

_CHANNELS_PER_MESSAGE: Final = MAX_MESSAGE_BYTES // 128
"""How many channels fit into one message even if their names are of the greatest length."""

_PASSING: Final = frozenset({StreamErrorCode.SERVICE_UNAVAILABLE, StreamErrorCode.RATE_LIMIT_EXCEEDED})
"""Refusals of `cancel_on_disconnect` after which another attempt may succeed."""


class OutOfStepError(Exception):
    """A message does not follow on what was delivered. The connection must be dropped, and the stream resumed."""


class StreamSession:
    """`after_seq` is the last private event that was delivered. None before the first `welcome`."""

    def __init__(self) -> None:
        self.after_seq: int | None = None
        self.welcome: Welcome | None = None
        self.resumed = False
        """Whether the latest `welcome` resumes the stream, so that older events follow it and earlier state holds."""
        self.guard: CancelOnDisconnect | None = None
        """The last request for `cancel_on_disconnect`."""
        self._channels: dict[str, None] = {}
        self._last: ServerMessage | RawEvent | None = None
        self._lost_after: int | None = None
        self._silent_at: int | None = None

    @property
    def heartbeat_seconds(self) -> float | None:
        return None if self.welcome is None else self.welcome.heartbeat_seconds

    @property
    def resume_query(self) -> str:
        """The query string of the stream's address.

        It asks for the last delivered event once more, only to compare it. After a loss of power the exchange may
        have lost that event and given its number to another.
        """
        if self.after_seq is None:
            return ""
        return f"?after_seq={self.after_seq if self._last is None else self.after_seq - 1}"

    def start_after(self, after_seq: int) -> None:
        """Start with the event after `after_seq`."""
        self.after_seq, self._last, self.welcome = after_seq, None, None

    def connecting(self) -> None:
        """Note that a new connection is about to open. The heartbeats of the last one no longer count."""
        self._silent_at = None

    def accept(self, message: ServerMessage | RawEvent) -> tuple[Event, ...]:
        """The events to deliver after `message`. Raises `OutOfStepError`."""
        seq = private_seq(message)
        if seq is not None:
            return (message,) if self._is_next(seq, message) else ()
        match message:
            case Welcome():
                return self._accept_welcome(message)
            case Heartbeat(seq=int(last)):
                self._accept_heartbeat(last)
            case StreamError(code=code) if code == StreamErrorCode.RESUME_AHEAD:
                self._start_over()
            case StreamError(op="cancel_on_disconnect", request_id=str(name), code=code) if (
                code in _PASSING and name.startswith(RESTORING)
            ):
                raise OutOfStepError("the exchange could not renew cancel_on_disconnect for this connection")
            case _:
                pass
        return (message,)

    def subscribe(self, channels: Iterable[str]) -> list[str]:
        """Remember channels for every connection. Returns those that are new.

        Raises `ValueError` beyond the limit of subscriptions.
        """
        new = [channel for channel in dict.fromkeys(channels) if channel not in self._channels]
        wanted = {**self._channels, **dict.fromkeys(new)}
        if len(wanted) > MAX_SUBSCRIPTIONS:
            raise ValueError(
                f"{len(wanted)} channels are more than the {MAX_SUBSCRIPTIONS} that one connection may hold:"
                " '*' in place of an instrument stands for all of them"
            )
        self._channels = wanted
        return new

    def unsubscribe(self, channels: Iterable[str]) -> None:
        for channel in channels:
            self._channels.pop(channel, None)

    def restoring_messages(self) -> Iterator[Subscribe | CancelOnDisconnect]:
        """The messages after a `welcome` that restore protection and public channels.

        Protection is first, since it also stops the grace period that the loss of the last connection began.
        """
        if self.guard is not None and self.guard.enabled:
            yield copy(self.guard)
        for channels in portions(self._channels):
            yield Subscribe(channels=channels)

    def _is_next(self, seq: int, message: ServerMessage | RawEvent) -> bool:
        if self.after_seq is None:
            raise OutOfStepError(f"private event {seq} came before the welcome")
        if seq <= self.after_seq:
            if seq == self.after_seq and self._last is not None and self._last != message:
                self._start_over()
            return False
        if seq > self.after_seq + 1:
            raise OutOfStepError(f"private event {seq} came after {self.after_seq}")
        self.after_seq, self._last = seq, message
        return True

    def _accept_welcome(self, welcome: Welcome) -> tuple[Event, ...]:
        if welcome.next_seq is not None:
            if self.after_seq is None:
                self.after_seq = welcome.next_seq - 1
            elif self.after_seq >= welcome.next_seq:
                self._start_over()
        self.resumed = self.welcome is not None and self._lost_after is None
        self.welcome = welcome
        if self._lost_after is None:
            return (welcome,)
        lost_after, self._lost_after = self._lost_after, None
        return (StreamReset(lost_after, welcome), welcome)

    def _accept_heartbeat(self, last_seq: int) -> None:
        """If two heartbeats in a row name an event that has not come, it is lost and not late."""
        if self.after_seq is not None and self._silent_at is not None and self.after_seq < self._silent_at:
            raise OutOfStepError(f"private event {self._silent_at} never came")
        self._silent_at = last_seq

    def _start_over(self) -> None:
        self._lost_after, self.after_seq, self._last = self.after_seq, None, None
        raise OutOfStepError(f"the exchange does not know private event {self._lost_after}")


def portions(channels: Iterable[str]) -> Iterator[list[str]]:
    """The channels in lists that each fit into one message."""
    waiting = list(channels)
    for start in range(0, len(waiting), _CHANNELS_PER_MESSAGE):
        yield waiting[start : start + _CHANNELS_PER_MESSAGE]
