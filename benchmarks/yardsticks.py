"""Servers to measure against, each a process of its own: `python -m benchmarks.yardsticks noop|fixed`.

`noop` is what uvicorn itself costs, with the settings that the exchange gives it: an ASGI application that reads the
request and answers with fixed bytes. `fixed` is what the load generator can do at most: no HTTP, no application, the
same bytes for whatever comes in.
"""

import asyncio
import socket
import sys
from typing import Final, cast

import uvicorn
import uvloop

from openoutcry.gateway.asgi import Receive, Scope, Send
from openoutcry.gateway.server import KEEP_ALIVE_SECONDS, address_of, bind

BODY: Final = (
    b'{"success":true,"request_id":"req_0123456789abcdef","order_id":"ORD_67890","data":null,"error":null,'
    b'"timestamp":"2024-01-15T10:00:00.001000Z"}'
)
_HEADERS: Final = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(BODY))]
_FIXED_ANSWER: Final = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(BODY) + BODY
)


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


class FixedReply(asyncio.Protocol):
    """Answers every read with the same bytes: right as long as each request arrives in one piece."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:  # noqa: ARG002 - whatever it is
        self._transport.write(_FIXED_ANSWER)


class _Server(uvicorn.Server):
    """Says when it listens; apart from that uvicorn's own."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        for listener in sockets or ():
            _announce(listener)


async def _serve_noop(listener: socket.socket) -> None:
    configuration = uvicorn.Config(
        do_nothing,
        http="httptools",
        ws="none",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
    await _Server(configuration).serve(sockets=[listener])


async def _serve_fixed(listener: socket.socket) -> None:
    server = await asyncio.get_running_loop().create_server(FixedReply, sock=listener)
    _announce(listener)
    await server.serve_forever()


def _announce(listener: socket.socket) -> None:
    print(f"listening on {address_of(listener)}", flush=True)


def main(kind: str) -> None:
    serve = {"noop": _serve_noop, "fixed": _serve_fixed}[kind]
    with bind("127.0.0.1", 0) as listener, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(listener))


if __name__ == "__main__":
    main(sys.argv[1])
