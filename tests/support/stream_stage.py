"""An exchange on a folder, teams that trade on it, and clients of its stream without sockets."""

import asyncio
import hashlib
import time
from contextlib import asynccontextmanager

import msgspec
import pytest

from openoutcry.access.rate_limits import Buckets
from openoutcry.bootstrap.server import open_server
from openoutcry.domain import commands
from openoutcry.domain.events import OrderAcknowledged, TeamRegistered
from openoutcry.domain.types import InstrumentId
from openoutcry.gateway.stream.anonymous import AnonymousStreams
from openoutcry.gateway.stream.endpoint import serve_websocket
from openoutcry.gateway.stream.limits import DEFAULT_LIMITS
from openoutcry.gateway.stream.wire import WIRE
from openoutcry.protocol.stream import ServerMessage
from openoutcry.runtime.streams.limits import StreamLimits
from openoutcry.scenarios.loader import load_scenario
from openoutcry.scenarios.model import under_rulebook

CALL = InstrumentId("SPX_CALL_4500_20240315")
PUT = InstrumentId("SPX_PUT_4500_20240315")
PATIENCE_SECONDS = 20.0
"""After which a test that waits has failed; nothing is measured with it."""


class Team:
    def __init__(self, exchange, name, role):
        self.exchange = exchange
        self.key = f"key-of-{name}"
        _, events = exchange.sequencer.perform(
            commands.RegisterTeam(name, role, hashlib.sha256(self.key.encode()).digest())
        )
        self.team_id = next(event.new_team_id for event in events if isinstance(event, TeamRegistered))

    @property
    def headers(self):
        return {"x-api-key": self.key}

    def order(self, side, quantity, ticks, *, instrument_id=CALL, time_in_force="day"):
        """Enter an order, have it executed, and return its id."""
        price = None if ticks is None else commands.Price(ticks)
        command = commands.SubmitOrder(self.team_id, instrument_id, side, quantity, price, time_in_force)
        sequenced, events = self.exchange.sequencer.perform(command)
        acks = [event.order_id for event in events if isinstance(event, OrderAcknowledged)]
        assert acks, sequenced.verdict
        return acks[0]

    def submit(self, side, quantity, ticks):
        """Enter an order as a bot does: its matching comes after its verdict."""
        self.exchange.sequencer.submit(
            commands.SubmitOrder(self.team_id, CALL, side, quantity, commands.Price(ticks), "day")
        )

    def cancel(self, order_id):
        self.exchange.sequencer.perform(commands.CancelOrder(self.team_id, order_id))

    def rotate_key(self, key):
        self.key = key
        self.exchange.sequencer.perform(commands.RotateKey(self.team_id, hashlib.sha256(key.encode()).digest()))

    @property
    def last_seq(self):
        return self.exchange.sequencer.queries.last_seq(self.team_id)


SEED_SCENARIO = load_scenario("seed")


def seed_scenario(**changes):
    return msgspec.structs.replace(SEED_SCENARIO, **changes)


def roomy_scenario():
    """The seed's, with position limits that no test reaches."""
    replace = msgspec.structs.replace
    roles = {
        name: replace(rules, option_position_limit=1_000_000, total_option_exposure=1_000_000)
        for name, rules in SEED_SCENARIO.rulebook.roles.items()
    }
    return under_rulebook(SEED_SCENARIO, replace(SEED_SCENARIO.rulebook, roles=roles))


def exchange_on(directory, scenario=None, **options):
    return open_server(
        scenario or seed_scenario(), directory, admin_key_hash=b"\0" * 32, loop=asyncio.get_running_loop(), **options
    )


def with_stream_limits(**limits):
    """A mark: the test's `exchange` has these limits for its streams."""
    return pytest.mark.parametrize("stream_limits", [StreamLimits(**limits)], ids=["limited"])


class Closed(Exception):  # noqa: N818
    def __init__(self, code, reason):
        super().__init__(code, reason)
        self.code = code


class StreamClient:
    """A client in ASGI's terms, and a `Wire`: what the endpoint sends is read here, what is said here it receives."""

    def __init__(self):
        self._to_server = asyncio.Queue()
        self._from_server = asyncio.Queue()
        self._writable = asyncio.Event()
        self._writable.set()
        self._closed = None
        self._left = False

    def stop_reading(self):
        """As a full socket does: the endpoint waits."""
        self._writable.clear()

    def read_on(self):
        self._writable.set()

    def leave(self):
        self._left = True
        self._writable.set()
        self._to_server.put_nowait({"type": "websocket.disconnect", "code": 1006})

    def say(self, message):
        text = message if isinstance(message, str) else msgspec.json.encode(message).decode()
        self._to_server.put_nowait({"type": "websocket.receive", "text": text})

    def say_binary(self, content):
        self._to_server.put_nowait({"type": "websocket.receive", "bytes": content})

    async def ask(self, op, **fields):
        """Send a message and return the answer to it; whatever came before the answer is dropped."""
        self.say({"op": op, "request_id": f"to {op}", **fields})
        return await self.until(lambda message: message.type in {"ack", "error"} and message.op == op)

    async def next(self):
        """The next message. Raises `Closed`."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            frame = await self._from_server.get()
        if isinstance(frame, Closed):
            self._from_server.put_nowait(frame)
            raise frame
        return msgspec.json.decode(frame, type=ServerMessage)

    async def take(self, count):
        return [await self.next() for _ in range(count)]

    async def until(self, condition):
        while not condition(message := await self.next()):
            pass
        return message

    async def close_code(self):
        """The code that the connection is closed with; messages before it are dropped."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                try:
                    await self.next()
                except Closed as closed:
                    return closed.code

    # ---- ASGI ------------------------------------------------------------------------------------------------

    async def receive(self):
        return await self._to_server.get()

    async def send(self, message):
        await self._writable.wait()
        if self._left:
            raise OSError("the client has left")
        if message["type"] == "websocket.close":
            self._from_server.put_nowait(Closed(message["code"], message.get("reason")))

    # ---- wire ------------------------------------------------------------------------------------------------

    @property
    def is_full(self):
        return not self._writable.is_set()

    async def room(self):
        await self._writable.wait()

    def abort(self):
        self.leave()

    def write(self, messages):
        if not self._left:
            for message in messages:
                self._from_server.put_nowait(message)


def anonymous_streams(exchange, monotonic=time.monotonic, limits=DEFAULT_LIMITS):
    return AnonymousStreams(Buckets(exchange.scenario.rate_limits, monotonic), limits)


@asynccontextmanager
async def connected(
    exchange, headers=None, *, query="", anonymous=None, buckets=None, address="127.0.0.1", limits=DEFAULT_LIMITS
):
    """A client that has opened a connection; it leaves at the end. `anonymous`: by default, it is the only one;
    `buckets`: by default, they are full.
    """
    client = StreamClient()
    scope = {
        "type": "websocket",
        "path": "/ws",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()],
        "client": (address, 1),
        "extensions": {WIRE: client},
    }
    client._to_server.put_nowait({"type": "websocket.connect"})
    serving = asyncio.create_task(
        serve_websocket(
            exchange,
            anonymous or anonymous_streams(exchange),
            buckets or Buckets(exchange.scenario.rate_limits, time.monotonic),
            scope,
            client.receive,
            client.send,
            limits,
        )
    )
    try:
        yield client
    finally:
        client.leave()
        await serving
