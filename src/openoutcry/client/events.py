"""What the event stream delivers: the messages of the protocol, and events that the client adds about the stream."""

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
    """A message of a newer exchange. Its fields are decoded JSON, in `fields` and as attributes."""

    type: str
    fields: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.fields[name]
        except KeyError:
            raise AttributeError(f"a message of type {self.type!r} has no field {name!r}") from None


class StreamReset(Message, tag="stream_reset"):
    """The exchange has lost private events that this client delivered, up to `after_seq`, after its machine lost power.

    The stream goes on from the state in `welcome`.
    """

    type: ClassVar[Literal["stream_reset"]] = "stream_reset"
    after_seq: int
    welcome: Welcome


class Disconnected(Message, tag="disconnected"):
    """The stream was interrupted. If `reconnecting`, the events in between are delivered after the next connection.

    If the bot fell too far behind, `held_by` names what held the stream up longest, such as a handler, and
    `held_seconds` says for how long.
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
    "protection_triggered",
    "position_update",
    "trade_busted",
    "duty_status",
    "signal",
    "book_snapshot",
    "book_update",
    "top_of_book",
    "auction_indicative",
    "trade",
    "session_status",
    "instrument_listed",
    "news",
    "announcement",
    "greeks",
    "leaderboard",
    "instrument_expired",
    "settlement",
    "underlying_price",
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
    """The message in `text`. It is a `RawEvent` if this client does not know its type or one of its values.

    None if `text` is not a JSON object with a `type`.
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
    """The event's place in the team's private stream. None for every other message.

    A heartbeat is not private; its `seq` is that of the last private event. An unknown type with a `seq` is private.
    """
    if isinstance(event, RawEvent):
        seq = event.fields.get("seq")
        return seq if isinstance(seq, int) else None
    if isinstance(event, Heartbeat):
        return None
    return getattr(event, "seq", None) or None  # a public message about a busted trade has 0 for none


def is_about_the_connection(event: Event) -> bool:
    """Whether the event concerns the connection only. Such events go only to handlers of their type."""
    return isinstance(event, Heartbeat | Ack | StreamError)
