"""Connections without a network: the server's own protocol on a transport in memory; its reads are the test's."""

import asyncio
import json
from dataclasses import dataclass

import uvicorn
from uvicorn.server import ServerState

from openoutcry.gateway.connections.places import Places
from openoutcry.gateway.connections.request_turns import plain_protocol
from openoutcry.gateway.order_lane.protocol import protocol_for
from openoutcry.gateway.stream.protocol import stream_protocol

PATIENCE_SECONDS = 20.0
TURNS = 60
"""Turns of the loop in which whatever nothing holds back has happened."""


def roomy_places():
    """Room for as many connections as any test makes."""
    return Places(10_000, 10_000)


class MemoryTransport(asyncio.Transport):
    """What the server writes is kept; what it reads is what a test gives to its protocol."""

    def __init__(self, loop, protocol, host):
        super().__init__({"peername": (host, 40000), "sockname": ("192.0.2.9", 80)})
        self.written = b""
        self.writes = 0
        self.reads = True
        self.unread = 0
        """Bytes that the client has not taken, if a test says so."""
        self._loop = loop
        self._protocol = protocol
        self._closing = False
        self._has_ended = False
        self._is_lost = False

    def write(self, data):
        if self._has_ended:
            raise RuntimeError("Cannot call write() after write_eof()")
        self.written += data
        self.writes += 1

    def set_protocol(self, protocol):
        self._protocol = protocol

    def get_protocol(self):
        return self._protocol

    def write_eof(self):
        self._has_ended = True

    def is_closing(self):
        return self._closing

    def close(self):
        if not self._closing:
            self._closing = True
        if self._closing and not (self.unread or self._is_lost):
            self._is_lost = True
            self._loop.call_soon(lambda: self._protocol.connection_lost(None))

    def abort(self):
        self.unread = 0
        self.close()

    def get_write_buffer_size(self):
        return self.unread

    def pause_reading(self):
        self.reads = False

    def resume_reading(self):
        self.reads = True


@dataclass
class WireAnswer:
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class Line:
    """One connection; `receive` is a read of the server's."""

    def __init__(self, server, host="192.0.2.1"):
        self.server = server
        self.state = server.state
        self.protocol = server.protocol_class(server.configuration, server.state, {}, server.loop)
        self.transport = MemoryTransport(server.loop, self.protocol, host)
        self.protocol.connection_made(self.transport)

    def receive(self, *pieces):
        for piece in pieces:
            if not self.transport.is_closing():
                self.transport.get_protocol().data_received(piece)

    async def settle(self):
        """Return when nothing moves any more."""
        for _ in range(TURNS):
            await asyncio.sleep(0)

    async def until(self, condition):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not condition():  # noqa: ASYNC110 - in each turn of the loop the server moves on
                await asyncio.sleep(0)

    async def end_sending(self):
        """The client closes its side and reads on; what becomes of that is as with a transport of asyncio."""
        if not self.transport.is_closing() and not self.transport.get_protocol().eof_received():
            self.transport.close()
        await self.settle()

    async def hang_up(self):
        """The client goes away."""
        self.transport.close()
        await self.settle()

    @property
    def is_idle(self):
        """Whether the server waits for a new request, and for nothing else."""
        is_in_request = not self.protocol._is_between_requests or getattr(self.protocol, "_unread", b"")
        return not (self.state.tasks or self.transport.is_closing() or is_in_request)

    @property
    def answers(self):
        """Every answer so far."""
        answers, rest = [], self.transport.written
        while rest:
            head, _, rest = rest.partition(b"\r\n\r\n")
            status_line, *lines = head.decode("latin-1").split("\r\n")
            headers = {}
            for name, _, value in (line.partition(": ") for line in lines):
                assert name.lower() not in headers, f"{name} twice"
                headers[name.lower()] = value
            length = int(headers.get("content-length", 0))
            answers.append(WireAnswer(int(status_line.split()[1]), headers, rest[:length]))
            assert len(answers[-1].body) == length, "the answer is not complete"
            rest = rest[length:]
        return answers

    @property
    def answer(self):
        """The only answer so far."""
        (answer,) = self.answers
        return answer

    def went_by_the_lane(self):
        """Whether uvicorn has not heard of any request yet."""
        return self.protocol.cycle is None


class WireServer:
    """Makes connections to a gateway; without its lane, uvicorn and the router serve everything."""

    def __init__(self, gateway, *, uses_lane=True, places=None, **options):
        self.places = roomy_places() if places is None else places
        self.loop = asyncio.get_running_loop()
        self.configuration = uvicorn.Config(
            gateway.app,
            ws=stream_protocol(gateway.order_lane.clock),
            lifespan="off",
            log_config=None,
            **({"access_log": False, "proxy_headers": False} | options),
        )
        self.configuration.load()
        self.state = ServerState()
        self.state.default_headers = [(b"date", b"Mon, 15 Jan 2024 10:00:00 GMT")]
        self.protocol_class = plain_protocol(gateway.order_lane.clock, self.places)
        if uses_lane:
            self.protocol_class = protocol_for(self.configuration, gateway.order_lane, self.places)

    def connect(self, *host):
        return Line(self, *host)


def request_bytes(method, path, body=b"", headers=(), *, query=b"", length=True):
    """A request as it is on the wire; its length is announced unless `headers` say something about it."""
    target = path + (b"?" + query if query else b"")
    lines = [b"%s %s HTTP/1.1" % (method, target), b"Host: x"]
    lines += [b"%s: %s" % header for header in headers]
    if length and body:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def order(team, *headers, **terms):
    """An order of `team`, as it is on the wire."""
    terms = {"instrument_id": "SPX_CALL_4500_20240315", "side": "buy", "quantity": 1, "price": 100.0} | terms
    return request_bytes(b"POST", b"/orders", json.dumps(terms).encode(), [*headers_of(team), *headers])


def headers_of(team):
    return [(b"X-API-Key", team.headers["x-api-key"].encode()), (b"Content-Type", b"application/json")]
