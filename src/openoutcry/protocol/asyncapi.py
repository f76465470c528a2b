"""The AsyncAPI 3.0 document of `/ws`, generated from the message types that the server encodes and decodes."""

from collections.abc import Iterable
from inspect import cleandoc
from typing import Any, Final, get_args

import msgspec
from msgspec import Struct

from openoutcry import __version__
from openoutcry.domain.types import BOOK_DEPTH, Ticks
from openoutcry.protocol import stream
from openoutcry.protocol.channels import CHANNELS_OFFERED
from openoutcry.protocol.checksum import book_checksum
from openoutcry.protocol.descriptions.schemas import describe
from openoutcry.protocol.stream_errors import StreamErrorCode
from openoutcry.protocol.stream_examples import EXAMPLES

_PRIVATE: Final = get_args(stream.PrivateMessage)
_PUBLIC: Final = get_args(stream.PublicMessage)
_CONNECTION: Final = get_args(stream.ConnectionMessage)
_CLIENT: Final = get_args(stream.ClientMessage)

_ASKS: Final = ((Ticks(2010), 20), (Ticks(2020), 3))
_BIDS: Final = ((Ticks(2000), 7), (Ticks(1999), 12))

_DESCRIPTION: Final = f"""
One connection carries a team's private stream and any public channels it subscribed to.

Log in with the header `X-API-Key`, or with a `login` message; without either, a connection gets public channels only.
`/ws?after_seq=N` starts the private stream at N+1; without it, it starts at `next_seq` of `welcome`.

Public channels: {CHANNELS_OFFERED}.

To the server: at most {stream.MAX_MESSAGE_BYTES} bytes a message, {stream.MAX_MESSAGES_PER_SECOND} messages a second,
{stream.MAX_FRAMES_PER_SECOND} frames a second (pings, pongs and fragments count) after the first {stream.FRAME_BURST},
{stream.MAX_SUBSCRIPTIONS} subscriptions. A message counts once more for each full {stream.COUNTED_BYTES} bytes of it.
Channels that a connection asks for or leaves are counted singly, `*` as every instrument: {stream.MAX_SUBSCRIPTIONS}
names and `*` of every kind at once, and {stream.CHANNELS_PER_SECOND} more with each second. What goes beyond is
`RATE_LIMIT_EXCEEDED`. Clients ignore fields and types that they do not know.

A book is kept from a `book_snapshot` and every `book_update` after it: set the levels that an update names, remove
those with quantity 0, keep the {BOOK_DEPTH} best of each side. `prev_book_seq` must be the `book_seq` that the reader
has, and `checksum` that of its levels; otherwise subscribe to the book again. The checksum is the CRC-32 of
a text: the {stream.CHECKSUM_DEPTH} best asks, then the {stream.CHECKSUM_DEPTH} best bids, best first, each as its price
in ticks (price / tick_size, rounded) and its quantity, in decimal, with nothing between. With a tick of 0.05, asks of
20 at 100.5 and 3 at 101.0, bids of 7 at 100.0 and 12 at 99.95: the text is `2010202020320007199912`, its checksum is
{book_checksum(_ASKS, _BIDS)}.
"""

_CLOSE_CODES: Final = {
    stream.CloseCode.GOING_AWAY: "The server is going away: reconnect with `after_seq`.",
    stream.CloseCode.INTERNAL_ERROR: "Something failed in the server: reconnect with `after_seq`.",
    stream.CloseCode.TRY_AGAIN_LATER: "The exchange takes no requests now: see GET /health.",
    stream.CloseCode.AUTHENTICATION_FAILED: "The key is not, or no longer, the key of a team.",
    stream.CloseCode.NOT_PERMITTED: "The page's origin is not among those the exchange takes connections from.",
    stream.CloseCode.TOO_SLOW: "The reader fell too far behind: reconnect with `after_seq`; nothing private is lost.",
    stream.CloseCode.TOO_MANY_CONNECTIONS: "The team, or the exchange, has reached its limit of connections.",
    stream.CloseCode.PROTOCOL_ERROR: "What was sent is not this protocol, or was sent far too fast.",
}


def asyncapi_document() -> dict[str, Any]:
    """The document, as JSON values."""
    messages = (*_PRIVATE, *_PUBLIC, *_CONNECTION, *_CLIENT)
    _, schemas = msgspec.json.schema_components(messages, ref_template="#/components/schemas/{name}")
    describe(schemas)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Open Outcry: the stream",
            "version": __version__,
            "description": cleandoc(_DESCRIPTION),
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        "channels": {
            "stream": {
                "address": stream.STREAM_PATH,
                "description": "One WebSocket; JSON in text frames, one message a frame.",
                "messages": {_name(message): _ref("messages", _name(message)) for message in messages},
                "bindings": {"ws": _handshake()},
                "x-close-codes": {str(code): meaning for code, meaning in _CLOSE_CODES.items()},
            }
        },
        "operations": {
            "sendPrivateStream": _operation(
                "send", "Events of the team's own orders, positions and duties, gap-free by `seq`.", _PRIVATE
            ),
            "sendPublicChannels": _operation("send", "What the subscribed channels tell.", _PUBLIC),
            "sendConnectionMessages": _operation("send", "The connection's own messages.", _CONNECTION),
            "receiveClientMessages": {
                **_operation("receive", "What a client can ask; each is answered by `ack` or `error`.", _CLIENT),
                "reply": {
                    "channel": {"$ref": "#/channels/stream"},
                    "messages": _messages((stream.Ack, stream.StreamError)),
                },
            },
        },
        "components": {
            "messages": {_name(message): _message(message) for message in messages},
            "schemas": schemas,
        },
        "x-error-codes": [code.value for code in StreamErrorCode],
    }


def _name(message: type[Struct]) -> str:
    return str(message.__struct_config__.tag)


def _ref(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def _message(message: type[Struct]) -> dict[str, Any]:
    name = _name(message)
    return {
        "name": name,
        "title": message.__name__,
        "summary": cleandoc(message.__doc__ or ""),
        "payload": _ref("schemas", message.__name__),
        "examples": [{"payload": msgspec.to_builtins(example)} for example in EXAMPLES if isinstance(example, message)],
    }


def _messages(messages: Iterable[type[Struct]]) -> list[dict[str, str]]:
    return [{"$ref": f"#/channels/stream/messages/{_name(message)}"} for message in messages]


def _operation(action: str, summary: str, messages: Iterable[type[Struct]]) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": "#/channels/stream"},
        "summary": summary,
        "messages": _messages(messages),
    }


def _handshake() -> dict[str, Any]:
    return {
        "method": "GET",
        "query": {
            "type": "object",
            "properties": {
                "after_seq": {
                    "type": "integer",
                    "minimum": 0,
                    "description": "The last private event that the client has.",
                }
            },
            "additionalProperties": False,
        },
        "headers": {
            "type": "object",
            "properties": {"X-API-Key": {"type": "string", "description": "The team's key. Never in the address."}},
        },
        "bindingVersion": "0.1.0",
    }
