"""Reading a request's body, never further than its bound."""

from collections.abc import Mapping

from openoutcry.access.refusals import Refused
from openoutcry.domain.reasons import ErrorCode
from openoutcry.gateway.http.asgi import Receive
from openoutcry.protocol.requests import MAX_BODY_BYTES


class Disconnected(Exception):  # noqa: N818 - what the client did
    """The client went away before its request was complete; there is nobody to answer."""


async def read_body(headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
    """The whole body, announced or chunked.

    Raises `Refused` (413) as soon as it is known to be larger than `MAX_BODY_BYTES`, and `Disconnected`. The server
    discards the rest of a body that is too large. The connection stays open, so that a client that is still sending
    gets the answer and not a reset.
    """
    announced = headers.get(b"content-length", b"")
    if announced.isdigit() and int(announced) > MAX_BODY_BYTES:
        raise _too_large()
    body: bytes = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise _too_large()
        if not message.get("more_body", False):
            return body


def _too_large() -> Refused:
    return Refused(
        ErrorCode.PAYLOAD_TOO_LARGE,
        f"The body is larger than {MAX_BODY_BYTES} bytes; send less at once",
        {"maximum_bytes": MAX_BODY_BYTES},
    )
