"""The whole server in this process, on a port of its own, and clients that say on a socket what no library would."""

import asyncio
import logging
import socket
from contextlib import asynccontextmanager, closing
from struct import pack
from urllib.parse import urlsplit

from openoutcry.gateway.app import build_gateway
from openoutcry.gateway.server import bind, run_server
from openoutcry.gateway.stream.limits import DEFAULT_LIMITS
from openoutcry.protocol.stream import CloseCode

PATIENCE_SECONDS = 20.0
"""After which a test that waits has failed; nothing is measured with it."""

SMALL_BUFFER = 4_096
"""Of a socket whose reader stops reading, so that it is noticed after little."""

TEXT, CONTINUATION, CLOSE, PING, PONG = 1, 0, 8, 9, 10


@asynccontextmanager
async def live_server(exchange, *, send_buffer=None, limits=DEFAULT_LIMITS, **options):
    """Gives its address; ends at the end. `options` are those of `run_server`."""
    listener, ready, ended = bind("127.0.0.1", 0), asyncio.Event(), asyncio.Event()
    if send_buffer is not None:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
    with listener:
        running = asyncio.create_task(
            run_server(
                build_gateway(exchange, limits=limits),
                listener,
                on_ready=ready.set,
                say_goodbye=lambda: exchange.connections.disconnect_all(CloseCode.GOING_AWAY, "the exchange is ending"),
                must_end=ended.is_set,
                **options,
            )
        )
        await ready.wait()
        try:
            yield f"ws://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            ended.set()
            await running
            for logger in ("uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
                logging.getLogger(logger).setLevel(logging.NOTSET)  # the server's choice is this process's otherwise


def protocol_of(connection):
    """The server's end of the socket whose `Connection` this is."""
    return connection.writer.__self__._wire


async def until(condition):
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.001)


async def turns(count):
    """Let the loop run so often, looking at its sockets each time."""
    for _ in range(count):
        await asyncio.sleep(0)


def frame(opcode, payload=b"", *, is_final=True):
    """As a client sends it; masked with zeros, which leave the payload as it is."""
    first = (0x80 if is_final else 0) | opcode
    if len(payload) < 126:
        head = pack("!BB", first, 0x80 | len(payload))
    else:
        head = pack("!BBH", first, 0x80 | 126, len(payload))
    return head + bytes(4) + payload


def handshake(*headers, key=None):
    """The bytes of one; `headers` are further lines."""
    lines = (
        b"GET /ws HTTP/1.1",
        b"Host: exchange",
        b"Connection: Upgrade",
        b"Upgrade: websocket",
        b"Sec-WebSocket-Version: 13",
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        *((b"X-API-Key: " + key.encode(),) if key else ()),
        *headers,
    )
    return b"\r\n".join((*lines, b"", b""))


class RawSocket:
    """A connection whose client does nothing by itself: it answers no ping, and reads when it is told to."""

    def __init__(self, connection):
        self.connection = connection
        self._loop = asyncio.get_running_loop()
        self._unread = b""

    async def send(self, data):
        await self._loop.sock_sendall(self.connection, data)

    async def read_to_the_end(self):
        """All bytes until the server ends the connection."""
        received, self._unread = self._unread, b""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while data := await self._loop.sock_recv(self.connection, 65_536):
                received += data
        return received

    async def frame(self):
        """The next frame: opcode and payload."""
        first, second = await self._bytes(2)
        size = second
        if second == 126:
            size = int.from_bytes(await self._bytes(2))
        elif second == 127:
            size = int.from_bytes(await self._bytes(8))
        return first & 0x0F, await self._bytes(size)

    async def frames_to_the_end(self):
        frames = []
        while not frames or frames[-1][0] != CLOSE:
            frames.append(await self.frame())
        return frames

    async def _bytes(self, count):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(self._unread) < count:
                data = await self._loop.sock_recv(self.connection, 65_536)
                assert data, "the connection ended"
                self._unread += data
        taken, self._unread = self._unread[:count], self._unread[count:]
        return taken

    async def read_head(self):
        """The first line of the answer to a handshake; what comes after the head is read as frames."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while b"\r\n\r\n" not in self._unread:
                data = await self._loop.sock_recv(self.connection, 65_536)
                assert data, "the connection ended"
                self._unread += data
        head, _, self._unread = self._unread.partition(b"\r\n\r\n")
        return head.partition(b"\r\n")[0]


@asynccontextmanager
async def raw_socket(address):
    """A connection that has said nothing yet, and that holds little of what is not read."""
    at = urlsplit(address)
    with closing(socket.socket()) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, (at.hostname, at.port))
        yield RawSocket(connection)


@asynccontextmanager
async def raw_stream(address, team=None):
    """A WebSocket whose `welcome` has been read."""
    async with raw_socket(address) as client:
        await client.send(handshake(key=None if team is None else team.key))
        assert b"101" in await client.read_head()
        opcode, welcome = await client.frame()
        assert opcode == TEXT
        assert b'"welcome"' in welcome
        yield client
