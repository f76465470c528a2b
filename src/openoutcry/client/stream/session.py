"""The event stream without I/O: which private event comes next, where to resume, what holds across connections.

Each private event is let through once and in order; whatever else would happen is a reason to reconnect and resume.
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
"""How the `request_id` begins of what the client says by itself on a new connection."""

_CHANNELS_PER_MESSAGE: Final = MAX_MESSAGE_BYTES // 128
"""As many of the longest names as one message surely holds."""

_PASSING: Final = frozenset({StreamErrorCode.SERVICE_UNAVAILABLE, StreamErrorCode.RATE_LIMIT_EXCEEDED})
"""Refusals of a guard that another attempt may not meet."""


class OutOfStepError(Exception):
    """What came does not follow on what was delivered: drop the connection and resume."""


class StreamSession:
    """`after_seq`: the last private event delivered; None until the first `welcome` says where the stream stands."""

    def __init__(self) -> None:
        self.after_seq: int | None = None
        self.welcome: Welcome | None = None
        self.resumed = False
        """Whether events follow the latest `welcome` that it has in it already: what came before stays valid."""
        self.guard: CancelOnDisconnect | None = None
        """What was last asked about the loss of a connection."""
        self._channels: dict[str, None] = {}
        self._last: ServerMessage | RawEvent | None = None
        self._lost_after: int | None = None
        self._silent_at: int | None = None

    @property
    def heartbeat_seconds(self) -> float | None:
        return None if self.welcome is None else self.welcome.heartbeat_seconds

    @property
    def resume_query(self) -> str:
        """What to append to the stream's address.

        The last event delivered is asked for again, and not delivered again: it must be the same. After a loss of
        power the exchange may have forgotten it and given its number to another.
        """
        if self.after_seq is None:
            return ""
        return f"?after_seq={self.after_seq if self._last is None else self.after_seq - 1}"

    def start_after(self, after_seq: int) -> None:
        """Begin anew, with the event after `after_seq`."""
        self.after_seq, self._last, self.welcome = after_seq, None, None

    def connecting(self) -> None:
        """A new connection knows nothing of the silence of the last."""
        self._silent_at = None

    def accept(self, message: ServerMessage | RawEvent) -> tuple[Event, ...]:
        """What to deliver now that `message` has come.

        Raises `OutOfStepError`.
        """
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
        """Remember channels, to be restored after every reconnect; those that are new.

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
        """What to send after a `welcome`, so that protection and public channels go on.

        Protection first: it also calls off what the loss of the last connection has set going.
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
        """Two heartbeats in a row that name an event which never came: it was lost, not late."""
        if self.after_seq is not None and self._silent_at is not None and self.after_seq < self._silent_at:
            raise OutOfStepError(f"private event {self._silent_at} never came")
        self._silent_at = last_seq

    def _start_over(self) -> None:
        self._lost_after, self.after_seq, self._last = self.after_seq, None, None
        raise OutOfStepError(f"the exchange does not know private event {self._lost_after}")


def portions(channels: Iterable[str]) -> Iterator[list[str]]:
    """The channels, as many at a time as one message holds."""
    waiting = list(channels)
    for start in range(0, len(waiting), _CHANNELS_PER_MESSAGE):
        yield waiting[start : start + _CHANNELS_PER_MESSAGE]
