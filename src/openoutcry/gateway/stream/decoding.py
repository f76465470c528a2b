"""From the texts that clients send to `/ws` to typed messages, with helpful error texts."""

from typing import Any, Final, get_args

import msgspec
from msgspec import Struct

from openoutcry.access.echoes import echo
from openoutcry.gateway.http.explanations import explain
from openoutcry.gateway.http.query_strings import MAX_QUERY_BYTES, is_whole_number, read_query
from openoutcry.gateway.http.receipts import MAX_REQUEST_ID
from openoutcry.gateway.http.repeated_keys import repeated_key
from openoutcry.gateway.stream.refusals import StreamRefused
from openoutcry.protocol.channels import CHANNELS_OFFERED, ChannelName, parse_channel
from openoutcry.protocol.stream import MAX_MESSAGE_BYTES, ClientMessage, CloseCode
from openoutcry.protocol.stream_errors import StreamErrorCode

OPERATIONS: Final[dict[str, type[Struct]]] = {
    str(message.__struct_config__.tag): message for message in get_args(ClientMessage)
}
"""Every `op` that a client can send."""

_decoder: Final = msgspec.json.Decoder(ClientMessage)
_EXAMPLE: Final = '{"op":"subscribe","channels":["market"]}'


class Envelope(Struct):
    """The parts of a message that can be read even if it is refused: its `op` and its `request_id`."""

    op: str | None = None
    request_id: str | None = None


def decode_message(text: str, envelope: Envelope) -> ClientMessage:
    """The message in `text`; `envelope` learns its `op` and `request_id`. Raises `StreamRefused`."""
    if len(text) > MAX_MESSAGE_BYTES or len(text.encode()) > MAX_MESSAGE_BYTES:
        raise StreamRefused(
            StreamErrorCode.PAYLOAD_TOO_LARGE,
            f"A message has at most {MAX_MESSAGE_BYTES} bytes; spread the channels over several messages",
            {"limit": MAX_MESSAGE_BYTES},
        )
    try:
        message: ClientMessage = _decoder.decode(text)
    except msgspec.ValidationError as error:
        raise _explain(str(error), text, envelope) from None
    except (ValueError, RecursionError) as error:
        raise _unreadable(error) from None
    envelope.op = str(message.__struct_config__.tag)
    envelope.request_id = message.request_id
    repeated = repeated_key(text.encode())
    if repeated is not None:
        shown = echo(repeated)
        raise _malformed(f"The key {shown!r} stands more than once in an object; send it once", {"field": shown})
    return message


def decode_channels(texts: list[str]) -> list[ChannelName]:
    """The channels named, each once. Raises `StreamRefused` for the first text that names no channel."""
    channels: dict[ChannelName, None] = {}
    for text in texts:
        channel = parse_channel(text)
        if channel is None:
            raise StreamRefused(
                StreamErrorCode.INVALID_CHANNEL,
                f"There is no channel {echo(text)!r}; there are {CHANNELS_OFFERED}",
                {"channel": echo(text)},
            )
        channels[channel] = None
    return list(channels)


def decode_query(query: bytes) -> int | None:
    """`after_seq` of the URL; None if there is no query. Raises `StreamRefused`, which ends the connection."""
    after_seq: int | None = None
    given = read_query(query)
    if given is None:
        raise _bad_address(
            f"The address has a query of more than {MAX_QUERY_BYTES} bytes; its only parameter is after_seq"
        )
    for name, value in given:
        if name != "after_seq":
            raise _bad_address(
                f"There is no parameter {echo(name)!r} in the address; there is after_seq. A key goes"
                " into the header X-API-Key or a login message, never into an address, where logs would keep it"
            )
        if not is_whole_number(value) or after_seq is not None:
            raise _bad_address(
                f"after_seq={echo(value)} is not one whole number from 0: send the seq of the last"
                " private event that you have, such as /ws?after_seq=41, or leave it out"
            )
        after_seq = int(value)
    return after_seq


def _explain(error: str, text: str, envelope: Envelope) -> StreamRefused:
    try:
        message = msgspec.json.decode(text)
    except (ValueError, RecursionError) as unreadable:
        return _unreadable(unreadable)
    if not isinstance(message, dict):
        return _malformed(f"A message is a JSON object, for example {_EXAMPLE}")
    op, request_id = message.get("op"), message.get("request_id")
    if isinstance(request_id, str) and len(request_id) <= MAX_REQUEST_ID:
        envelope.request_id = request_id
    if not isinstance(op, str):
        return _malformed(
            f"The message needs `op`, one of {', '.join(OPERATIONS)}; for example {_EXAMPLE}", {"field": "op"}
        )
    envelope.op = echo(op)
    if op not in OPERATIONS:
        return StreamRefused(
            StreamErrorCode.UNSUPPORTED_OPERATION,
            f"This exchange has no operation {echo(op)!r}; it has {', '.join(OPERATIONS)}",
            {"field": "op", "allowed": list(OPERATIONS)},
        )
    reject = explain(error, OPERATIONS[op]).reject
    return _malformed(reject.message, reject.details)


def _unreadable(error: Exception) -> StreamRefused:
    reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
    return _malformed(f"The message is not JSON that can be read: {reason}; send for example {_EXAMPLE}")


def _malformed(message: str, details: dict[str, Any] | None = None) -> StreamRefused:
    return StreamRefused(StreamErrorCode.MALFORMED_REQUEST, message, details)


def _bad_address(message: str) -> StreamRefused:
    return StreamRefused(StreamErrorCode.MALFORMED_REQUEST, message, close_code=CloseCode.PROTOCOL_ERROR)
