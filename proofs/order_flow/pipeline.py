"""HTTP/1.1 with many requests in flight on one connection: as fast as the server, and never out of order."""

import asyncio
from collections import deque
from typing import Any, Final, Self, cast

import httptools
import msgspec
from msgspec import Struct

from openoutcry.protocol.responses import ApiResponse

WINDOW: Final = 64
"""Requests that may be in flight. More would only wait in the server's socket."""

_decode: Final = msgspec.json.Decoder(ApiResponse[Any]).decode


class Answer(Struct, frozen=True):
    """`sequence`: the place of the command in the exchange's one sequence (`X-Sequence`), None for a query."""

    status: int
    sequence: int | None
    response: ApiResponse[Any]


class PipelinedConnection(asyncio.Protocol):
    """Answers come in the order of the requests, because HTTP says so; the server handles them in that order."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport
        self._waiting: deque[asyncio.Future[Answer]] = deque()
        self._parser = httptools.HttpResponseParser(self)
        self._body = b""
        self._sequence: int | None = None

    @classmethod
    async def open(cls, host: str, port: int) -> Self:
        _, connection = await asyncio.get_running_loop().create_connection(cls, host, port)
        return connection

    async def send(
        self, method: str, path: str, api_key: str | None = None, body: bytes = b""
    ) -> asyncio.Future[Answer]:
        """Send one request, once the window has room. The future gets its answer.

        Raises `ConnectionError`, here or in the future, if the server has closed the connection.
        """
        while len(self._waiting) >= WINDOW:
            await asyncio.wait(self._waiting, return_when=asyncio.FIRST_COMPLETED)
        if self._transport.is_closing():
            raise ConnectionError("the server has closed the connection")
        head = [f"{method} {path} HTTP/1.1", "Host: exchange"]
        if api_key is not None:
            head.append(f"X-API-Key: {api_key}")
        if body:
            head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        self._transport.write("\r\n".join([*head, "", ""]).encode() + body)
        answer = asyncio.get_running_loop().create_future()
        self._waiting.append(answer)
        return answer

    async def request(self, method: str, path: str, api_key: str | None = None, body: bytes = b"") -> Answer:
        """Send one request and wait for its answer."""
        return await (await self.send(method, path, api_key, body))

    def close(self) -> None:
        self._transport.close()

    # ---- called by the event loop and the parser -------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_exception(ConnectionError(f"the server hung up before it answered: {exc}"))
        self._waiting.clear()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._body = b""
        self._sequence = None

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"x-sequence":
            self._sequence = int(value)

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        answer = Answer(self._parser.get_status_code(), self._sequence, _decode(self._body))
        self._waiting.popleft().set_result(answer)
