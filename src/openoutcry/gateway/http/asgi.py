"""The few parts of ASGI that the gateway uses."""

from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any, Final

from openoutcry.gateway.http.answer import JSON, Answer, Header, encode

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

UNKNOWN_ADDRESS: Final = "unknown"


async def send_answer(answer: Answer[Any], send: Send) -> None:
    body = encode(answer.response)
    await send_bytes(send, answer.status, JSON, body, answer.headers)


async def send_bytes(
    send: Send, status: int, content_type: bytes, body: bytes, headers: tuple[Header, ...] = ()
) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", content_type),
                (b"content-length", b"%d" % len(body)),
                *headers,
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})


async def send_head(send: Send, status: int, headers: tuple[Header, ...]) -> None:
    """An answer that has no body by its status, such as 304."""
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    await send({"type": "http.response.body", "body": b""})


def client_address(scope: Scope) -> str:
    """The address of the client as the server sees it, in the form that limits count."""
    client = scope.get("client")
    return counted_address(client[0]) if client else UNKNOWN_ADDRESS


@lru_cache(maxsize=4_096)
def counted_address(host: str) -> str:
    """What counts as one address: for IPv6 the 64-bit network, because a client usually has all of it."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if address.version == 4:
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address) >> 64 << 64, 64)))
