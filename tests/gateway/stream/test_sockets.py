"""The stream over real sockets: uvicorn on one side, another WebSocket implementation's client on the other."""

import asyncio
import gc
import random
import socket
import time
from contextlib import asynccontextmanager

import msgspec
import pytest
import uvicorn
from stream_stage import CALL, PATIENCE_SECONDS, Team, exchange_on, roomy_scenario, with_stream_limits
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from openoutcry.access.rate_limits import Buckets
from openoutcry.gateway.connections.places import Places
from openoutcry.gateway.connections.request_turns import plain_protocol
from openoutcry.gateway.server import MAX_FRAME_BYTES
from openoutcry.gateway.stream.anonymous import AnonymousStreams
from openoutcry.gateway.stream.endpoint import serve_websocket
from openoutcry.gateway.stream.protocol import stream_protocol
from openoutcry.protocol.stream import MAX_MESSAGE_BYTES, CloseCode, ServerMessage

SMALL_BUFFER = 4_096
"""Of a socket whose reader stops reading, so that it is noticed after little."""


class _Server(uvicorn.Server):
    def __init__(self, config, exchange):
        super().__init__(config)
        self.exchange = exchange
        self.ready = asyncio.Event()

    async def startup(self, sockets=None):
        await super().startup(sockets=sockets)
        self.ready.set()

    async def shutdown(self, sockets=None):
        await self.exchange.connections.disconnect_all(CloseCode.GOING_AWAY, "the server is going away")
        await super().shutdown(sockets=sockets)


@asynccontextmanager
async def serving(exchange, *, send_buffer=None):
    """A server of the stream alone; gives its address, ends it at the end."""

    buckets = Buckets(exchange.scenario.rate_limits, time.monotonic)
    anonymous = AnonymousStreams(buckets)

    async def application(scope, receive, send):
        await serve_websocket(exchange, anonymous, buckets, scope, receive, send)

    listener = socket.create_server(("127.0.0.1", 0))
    if send_buffer is not None:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
    server = _Server(
        uvicorn.Config(
            application,
            http=plain_protocol(exchange.clock, Places(1_000, 1_000)),
            ws=stream_protocol(exchange.clock),
            ws_max_size=MAX_FRAME_BYTES,
            ws_per_message_deflate=False,
            lifespan="off",
            log_config=None,
        ),
        exchange,
    )
    with listener:
        running = asyncio.create_task(server._serve(sockets=[listener]))
        await server.ready.wait()
        try:
            yield f"ws://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await running


@pytest.fixture
async def address(exchange):
    async with serving(exchange) as address:
        yield address


def opened(address, team=None, *, query="", **options):
    headers = {} if team is None else {"X-API-Key": team.key}
    # By default this client, when it closes, waits for messages that it has no room for.
    options = {"max_queue": None} | options
    return connect(f"{address}/ws{query}", additional_headers=headers, compression=None, proxy=None, **options)


async def read(client):
    async with asyncio.timeout(PATIENCE_SECONDS):
        return msgspec.json.decode(await client.recv(), type=ServerMessage)


async def read_to_the_end(client):
    """Everything that comes before the connection is closed."""
    messages = []
    while True:
        try:
            messages.append(await read(client))
        except ConnectionClosed:
            return messages


async def close_code(client):
    await read_to_the_end(client)
    return client.close_code


async def test_fills_reach_both_sides(address, alice, bob):
    async with opened(address, alice) as maker, opened(address, bob) as taker, opened(address) as stranger:
        for client in (maker, taker, stranger):
            assert (await read(client)).type == "welcome"
        alice.order("sell", 3, 1000)
        bob.order("buy", 3, 1000)

        assert [(await read(maker)).type for _ in range(3)] == ["new_order_ack", "execution_report", "position_update"]
        assert [(await read(taker)).type for _ in range(3)] == ["new_order_ack", "execution_report", "position_update"]
        await stranger.send('{"op":"ping"}')
        assert (await read(stranger)).type == "ack"


async def test_login_subscription_and_errors_by_messages(address, alice):
    async with opened(address) as client:
        await read(client)
        await client.send(msgspec.json.encode({"op": "login", "api_key": alice.key}).decode())
        assert [(await read(client)).type for _ in range(2)] == ["welcome", "ack"]
        await client.send(msgspec.json.encode({"op": "subscribe", "channels": [f"book:{CALL}"]}).decode())
        assert [(await read(client)).type for _ in range(2)] == ["ack", "book_snapshot"]
        await client.send("{")
        assert (await read(client)).code == "MALFORMED_REQUEST"
        await client.send("x" * (MAX_MESSAGE_BYTES + 1))
        assert (await read(client)).code == "PAYLOAD_TOO_LARGE"
        await client.send(b"{}")
        assert (await read(client)).code == "MALFORMED_REQUEST"
        assert await close_code(client) == CloseCode.PROTOCOL_ERROR


async def test_a_message_far_too_large_is_not_even_read(address):
    async with opened(address) as client:
        await client.send("x" * (MAX_FRAME_BYTES + 1))
        assert await close_code(client) == 1009


async def test_a_wrong_key_is_told_so_with_a_code_that_browsers_see(address):
    async with connect(f"{address}/ws", additional_headers={"X-API-Key": "nobody's"}, proxy=None) as client:
        assert (await read(client)).code == "UNAUTHENTICATED"
        assert await close_code(client) == CloseCode.AUTHENTICATION_FAILED


async def test_other_addresses_have_no_stream(address):
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"{address}/websocket", proxy=None)

    response = refused.value.response
    assert response.status_code == 404
    body = msgspec.json.decode(response.body)
    assert (body["success"], body["error"]["code"]) == (False, "ROUTE_NOT_FOUND")


async def test_a_key_in_the_address_does_not_reach_the_log(address, caplog):
    caplog.set_level("DEBUG")
    async with opened(address, query="?api_key=very-secret") as client:
        assert await close_code(client) == CloseCode.PROTOCOL_ERROR

    uvicorn_says = [record.getMessage() for record in caplog.records if record.name.startswith("uvicorn")]
    assert any("[accepted]" in message for message in uvicorn_says)
    assert not [message for message in uvicorn_says if "very-secret" in message and "WebSocket" in message]


async def test_when_the_server_ends_everybody_is_told(exchange, alice):
    async with serving(exchange) as address:
        client = await opened(address, alice)
        stranger = await opened(address)
        await read(client)
        await read(stranger)

    assert await close_code(client) == await close_code(stranger) == CloseCode.GOING_AWAY


@with_stream_limits(private_backlog_bytes=100_000)
async def test_a_socket_that_nobody_reads_is_closed_and_nothing_is_lost(exchange, alice):
    async with serving(exchange, send_buffer=SMALL_BUFFER) as address:
        client = await opened(address, alice, sock=await small_socket(address), max_queue=1)
        await read(client)
        (exchange_side,) = exchange.private_streams.of_team(alice.team_id).readers
        while exchange_side.closing is None:
            alice.cancel(alice.order("buy", 1, 1000))
            await asyncio.sleep(0)
        events = await read_to_the_end(client)
        received = len(events)
        assert client.close_code == CloseCode.TOO_SLOW
        assert [event.seq for event in events] == list(range(1, received + 1))
        assert received < alice.last_seq

        async with opened(address, alice, query=f"?after_seq={received}") as client:
            await read(client)
            for seq in range(received + 1, alice.last_seq + 1):
                assert (await read(client)).seq == seq


@pytest.fixture
def garbage():
    """What only a collection found, of what the test made: things of earlier tests that end late are left out."""
    gc.collect()
    gc.freeze()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    yield gc.garbage
    gc.set_debug(0)
    gc.garbage.clear()
    gc.unfreeze()
    gc.enable()


async def test_a_connection_that_is_gone_leaves_nothing_for_the_collection_of_garbage(exchange, alice, garbage):
    async with serving(exchange) as address:
        gc.collect()
        garbage.clear()
        for end in ("close", "rotate"):
            async with opened(address, alice) as client:
                assert (await read(client)).type == "welcome"
                (exchange_side,) = exchange.private_streams.of_team(alice.team_id).readers
                await client.send(msgspec.json.encode({"op": "subscribe", "channels": [f"book:{CALL}"]}).decode())
                alice.order("buy", 1, 1000)
                assert {(await read(client)).type for _ in range(3)} == {"new_order_ack", "ack", "book_snapshot"}
                if end == "rotate":
                    alice.rotate_key("another")
                    assert await close_code(client) == CloseCode.AUTHENTICATION_FAILED
            await exchange_side.ended()
            del exchange_side
            for _ in range(10):
                await asyncio.sleep(0)
        gc.collect()
        ours = [thing for thing in garbage if type(thing).__module__.startswith(("openoutcry", "uvicorn"))]

    assert ours == []


async def small_socket(address):
    """A connection that holds little of what its reader has not read."""
    host, port = address.removeprefix("ws://").split(":")
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
    connection.setblocking(False)
    await asyncio.get_running_loop().sock_connect(connection, (host, int(port)))
    return connection


class Reader:
    """Follows a team's stream over one connection after the other, each from where the last one ended."""

    def __init__(self, team, chance):
        self.team = team
        self.received = []
        self._chance = chance

    async def follow(self, address, trading_ended):
        while not self._has_all(trading_ended):
            async with opened(address, self.team, query=f"?after_seq={len(self.received)}") as client:
                assert (await read(client)).type == "welcome"
                for _ in range(self._chance.randrange(1, 60)):
                    if self._has_all(trading_ended):
                        break
                    message = await read(client)
                    if message.type != "heartbeat":
                        self.received.append(message)

    def _has_all(self, trading_ended):
        return trading_ended.is_set() and len(self.received) == self.team.last_seq

    def trades(self):
        return [message.trade_id for message in self.received if message.type == "execution_report"]


async def trade(teams, chance, trading_ended):
    for round_number in range(150):
        sides = ("buy", "sell") if round_number % 2 else ("sell", "buy")
        for team, side in zip(teams, sides, strict=True):
            team.order(side, chance.randrange(1, 4), chance.randrange(1000, 1003))
            for order in team.exchange.sequencer.queries.open_orders(team.team_id)[5:]:
                team.cancel(order.order_id)
            if chance.random() < 0.5:
                await asyncio.sleep(0)
    trading_ended.set()
    # A last event each, so that nobody waits for one that does not come.
    for team in teams:
        team.order("buy", 1, 1)


async def test_every_event_comes_once_over_reconnects_and_restarts(tmp_path):
    """Trading goes on while readers drop their connections at will, and the server is closed and opened again."""
    chance = random.Random(7)
    teams = readers = None
    for _ in range(3):
        exchange = exchange_on(tmp_path, roomy_scenario())
        teams = teams or [Team(exchange, "alice", "market_maker"), Team(exchange, "bob", "market_maker")]
        readers = readers or [Reader(team, chance) for team in teams]
        for team in teams:
            team.exchange = exchange
        trading_ended = asyncio.Event()
        async with serving(exchange) as address, asyncio.TaskGroup() as tasks:
            for reader in readers:
                tasks.create_task(reader.follow(address, trading_ended))
            tasks.create_task(trade(teams, chance, trading_ended))
        exchange.close()

    for reader in readers:
        assert [message.seq for message in reader.received] == list(range(1, len(reader.received) + 1))
        assert len(reader.received) > 900
    assert sorted(readers[0].trades()) == sorted(readers[1].trades())
    assert len(set(readers[0].trades())) > 100
