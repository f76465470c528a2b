"""What the event stream delivers: the protocol's messages, and the few that the client adds about the stream itself."""

from typing import Any, ClassVar, Final, Literal, get_args

import msgspec
from msgspec import Struct

from openoutcry.protocol.stream import (
    Ack,
    Heartbeat,
    Message,
    ServerMessage,
    StreamError,
    Welcome,
)


class RawEvent(Struct, frozen=True):
    """A message newer than this client: its fields, as decoded JSON, are in `fields` and are attributes too."""

    type: str
    fields: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.fields[name]
        except KeyError:
            raise AttributeError(f"a message of type {self.type!r} has no field {name!r}") from None


class StreamReset(Message, tag="stream_reset"):
    """The exchange no longer knows private events that were delivered here, up to `after_seq`: its machine lost power.

    `welcome` is the state from which the stream goes on.
    """

    type: ClassVar[Literal["stream_reset"]] = "stream_reset"
    after_seq: int
    welcome: Welcome


class Disconnected(Message, tag="disconnected"):
    """The stream was interrupted. With `reconnecting`, what happens meanwhile is delivered once it is back.

    Where the bot fell too far behind, `held_by` names what held the stream up most, such as a handler, and
    `held_seconds` says how long.
    """

    type: ClassVar[Literal["disconnected"]] = "disconnected"
    reason: str
    close_code: int | None
    reconnecting: bool
    held_by: str | None = None
    held_seconds: float | None = None


Event = ServerMessage | RawEvent | StreamReset | Disconnected

EventType = Literal[
    "new_order_ack",
    "execution_report",
    "order_cancelled",
    "order_amended",
    "position_update",
    "book_snapshot",
    "book_update",
    "top_of_book",
    "trade",
    "session_status",
    "welcome",
    "heartbeat",
    "ack",
    "error",
    "stream_reset",
    "disconnected",
]
EVENT_TYPES: Final[tuple[EventType, ...]] = get_args(EventType)
"""Every `type` that this client knows."""

_decode: Final = msgspec.json.Decoder(ServerMessage).decode


def decode_event(text: str | bytes) -> ServerMessage | RawEvent | None:
    """The message in `text`; a `RawEvent` where this client does not know its type or a value in it.

    None for anything that is no message: an object with a `type`.
    """
    try:
        message: ServerMessage = _decode(text)
    except msgspec.ValidationError:
        fields = msgspec.json.decode(text)
        if not isinstance(fields, dict) or not isinstance(fields.get("type"), str):
            return None
        return RawEvent(fields["type"], fields)
    except msgspec.DecodeError:
        return None
    return message


def private_seq(event: ServerMessage | RawEvent) -> int | None:
    """Its place in the team's private stream; None for every other message.

    Of the others only a heartbeat has a `seq`, that of the last private event: an unknown type with a `seq` is private.
    """
    if isinstance(event, RawEvent):
        seq = event.fields.get("seq")
        return seq if isinstance(seq, int) else None
    if isinstance(event, Heartbeat):
        return None
    return getattr(event, "seq", None)


def is_about_the_connection(event: Event) -> bool:
    """Whether it is the client's own business, delivered only to handlers that ask for its type."""
    return isinstance(event, Heartbeat | Ack | StreamError)
