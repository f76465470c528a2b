"""Servers to measure against, each a process of its own: `python -m openoutcry.bench.yardsticks KIND`.

`noop` measures uvicorn itself, with the exchange's settings: an ASGI application reads the request and answers with
fixed bytes. `fastapi` does the same with a common framework, which decodes the order into its type. `fixed` measures
the limit of the load generator: no HTTP and no application, the same bytes for any input. `frames` measures the limit
of WebSocket readers: it sends the same frame to every connection, again and again.
"""

import asyncio
import socket
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, cast

import uvicorn
import uvloop

from openoutcry.gateway.http.asgi import ASGIApp, Receive, Scope, Send
from openoutcry.gateway.server import KEEP_ALIVE_SECONDS, address_of, bind

BODY: Final = (
    b'{"success":true,"request_id":"req_0123456789abcdef","order_id":"ORD_67890","data":null,"error":null,'
    b'"timestamp":"2024-01-15T10:00:00.001000Z"}'
)
_HEADERS: Final = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(BODY))]
_FIXED_ANSWER: Final = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(BODY) + BODY
)

_SWITCH: Final = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"
FRAME: Final = b"\x81\x7e\x00\xdc" + b" " * 220
"""A text frame of about a book update's size."""
FRAMES_PER_TURN: Final = 10
"""Written to a connection before the loop looks at its other connections."""


async def do_nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """Read the body, answer 200."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    while (await receive()).get("more_body", False):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": BODY})


@dataclass
class Order:
    """An order as a FastAPI application would declare it."""

    instrument_id: str
    side: str
    quantity: int
    price: float | None = None
    client_order_id: str | None = None


def build_fastapi() -> ASGIApp:
    """An application of the two routes that orders use. It judges nothing and keeps nothing."""
    from fastapi import FastAPI  # noqa: PLC0415 - optional

    answer: dict[str, Any] = {
        "success": True,
        "request_id": "req_0123456789abcdef",
        "order_id": "ORD_67890",
        "data": None,
        "error": None,
        "timestamp": "2024-01-15T10:00:00.001000Z",
    }

    async def place(order: Order) -> dict[str, Any]:  # noqa: ARG001 - decoding it is what is measured
        return answer

    async def cancel(order_id: str) -> dict[str, Any]:  # noqa: ARG001
        return answer

    application = FastAPI(openapi_url=None)
    application.add_api_route("/orders", place, methods=["POST"])
    application.add_api_route("/orders/{order_id}", cancel, methods=["DELETE"])
    return cast("ASGIApp", application)


class FixedReply(asyncio.Protocol):
    """Answers every read with the same bytes: right as long as each request arrives in one piece."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:  # noqa: ARG002 - whatever it is
        self._transport.write(_FIXED_ANSWER)


class EndlessFrames(asyncio.Protocol):
    """Accepts every WebSocket, and sends it frames as fast as it reads them."""

    def __init__(self) -> None:
        self._writing = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if data.startswith(b"GET "):
            self._transport.write(_SWITCH)
            self.resume_writing()

    def pause_writing(self) -> None:
        self._writing = False

    def resume_writing(self) -> None:
        self._writing = True
        self._write()

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        self._writing = False

    def _write(self) -> None:
        for _ in range(FRAMES_PER_TURN):
            if self._writing:
                self._transport.write(FRAME)
        if self._writing:
            asyncio.get_running_loop().call_soon(self._write)


class _Uvicorn(uvicorn.Server):
    """Says when it listens; apart from that uvicorn's own."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        for listener in sockets or ():
            _announce(listener)


async def _serve_application(application: ASGIApp, listener: socket.socket) -> None:
    configuration = uvicorn.Config(
        application,
        http="httptools",
        ws="none",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
    await _Uvicorn(configuration).serve(sockets=[listener])


async def _serve_protocol(protocol: type[asyncio.Protocol], listener: socket.socket) -> None:
    server = await asyncio.get_running_loop().create_server(protocol, sock=listener)
    _announce(listener)
    await server.serve_forever()


def _announce(listener: socket.socket) -> None:
    print(f"listening on {address_of(listener)}", flush=True)  # noqa: T201 - what a server says


def main(kind: str) -> None:
    serve: dict[str, Callable[[socket.socket], Coroutine[Any, Any, None]]] = {
        "noop": partial(_serve_application, do_nothing),
        "fastapi": lambda listener: _serve_application(build_fastapi(), listener),
        "fixed": partial(_serve_protocol, FixedReply),
        "frames": partial(_serve_protocol, EndlessFrames),
    }
    with bind("127.0.0.1", 0) as listener, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve[kind](listener))


if __name__ == "__main__":
    main(sys.argv[1])
