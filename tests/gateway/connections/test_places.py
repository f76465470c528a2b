"""Places among the connections: clients without a key cannot keep out clients with one."""

import asyncio
import socket

import pytest
from gateway_stage import ADMIN_KEY
from hypothesis import given
from hypothesis import strategies as st
from wire_stage import PATIENCE_SECONDS, WireServer, headers_of, order, request_bytes

from openoutcry.gateway.app import build_gateway
from openoutcry.gateway.connections.bounded_http import SWEEPS_UNREAD
from openoutcry.gateway.connections.places import MAX_KNOWN_PER_TEAM, NoPlace, Places
from openoutcry.gateway.http.asgi import counted_address
from openoutcry.gateway.order_lane.protocol import protocol_for
from openoutcry.gateway.stream.limits import EndpointLimits

UPGRADE = [
    (b"Connection", b"Upgrade"),
    (b"Upgrade", b"websocket"),
    (b"Sec-WebSocket-Key", b"AAAAAAAAAAAAAAAAAAAAAA=="),
    (b"Sec-WebSocket-Version", b"13"),
]
SHARE = 5
ROOM = 12


class Crowd:
    """Connections that have entered `Places`, and which of them had to give way."""

    def __init__(self, maximum=ROOM, per_address=SHARE):
        self.places = Places(maximum, per_address)
        self.present = []
        self.gone = []

    def enter(self, address):
        place = self.places.enter(address, lambda: self._go(place))
        self.present.append(place)
        return place

    def _go(self, place):
        self.present.remove(place)
        self.gone.append(place)

    def fill(self, address, count):
        return [self.enter(address) for _ in range(count)]


def test_past_its_share_the_eldest_stranger_of_an_address_gives_way():
    crowd = Crowd()
    first, *others = crowd.fill("a", SHARE)
    elsewhere = crowd.enter("b")
    newcomer = crowd.enter("a")
    assert crowd.gone == [first]
    assert crowd.present == [*others, elsewhere, newcomer]


def test_where_the_exchange_is_full_the_eldest_stranger_of_all_gives_way():
    crowd = Crowd()
    first = crowd.enter("a")
    crowd.fill("b", SHARE)
    crowd.fill("c", SHARE)
    crowd.fill("d", ROOM - 2 * SHARE - 1)
    assert not crowd.gone
    crowd.enter("e")
    assert crowd.gone == [first]


def test_a_connection_that_showed_a_key_gives_way_to_no_other():
    crowd = Crowd()
    crowd.enter("a").know(1)
    for address in "aabbccdd" * 20:
        crowd.enter(address)
    assert crowd.present[0].is_known
    assert len(crowd.places) == ROOM


def test_where_all_have_keys_a_newcomer_is_told_whose_limit_it_is():
    crowd = Crowd()
    for place in crowd.fill("a", SHARE):
        place.know(1)
    with pytest.raises(NoPlace, match="One address has at most 5"):
        crowd.enter("a")
    for place in [*crowd.fill("b", SHARE), *crowd.fill("c", ROOM - 2 * SHARE)]:
        place.know(2)
    with pytest.raises(NoPlace, match="The exchange takes 12"):
        crowd.enter("d")


def test_a_key_protects_so_many_connections_and_no_more():
    crowd = Crowd(1_000, 1_000)
    for place in crowd.fill("a", MAX_KNOWN_PER_TEAM + 1):
        place.know(1)
    assert [place.is_known for place in crowd.present] == [True] * MAX_KNOWN_PER_TEAM + [False]
    crowd.present[0].leave()
    crowd.present[-1].know(1)
    assert crowd.present[-1].is_known


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["enter", "know", "leave"]), st.sampled_from("abcd"), st.integers(1, 3), st.integers(0, 30)
    ),
    max_size=80,
)


@given(STEPS)
def test_the_limits_always_hold_and_closed_connections_are_forgotten(steps):
    crowd = Crowd()
    known = set()
    for kind, address, team, number in steps:
        if kind == "enter":
            try:
                crowd.enter(address)
            except NoPlace:
                full = [place for place in crowd.present if place.address == address]
                assert all(place.is_known for place in (full if len(full) == SHARE else crowd.present))
        elif crowd.present:
            place = crowd.present[number % len(crowd.present)]
            if kind == "know":
                place.know(team)
                known.add(place)
            else:
                crowd.present.remove(place)
                place.leave()
                place.leave()
        assert len(crowd.places) == len(crowd.present) <= ROOM
        assert all(sum(place.address == one for place in crowd.present) <= SHARE for one in "abcd")
        assert not known & set(crowd.gone)
    for place in list(crowd.present):
        place.leave()
    places = crowd.places
    assert len(places) == 0
    assert not any((places._counts, places._known, places._strangers, places._strangers_of))


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_of_ipv6_a_whole_network_counts_as_one_address(host, counted):
    assert counted_address(host) == counted


# ---- on the wire


@pytest.fixture
async def server(exchange):
    return WireServer(build_gateway(exchange), places=Places(20, 4))


@pytest.fixture
async def line(server):
    return server.connect()


def flood(server, *host):
    """As many connections as it takes for every stranger of that address to be gone."""
    return [server.connect(*host) for _ in range(4)]


async def test_strangers_give_way_to_newcomers_of_their_address(server, line):
    flood(server)
    await line.settle()
    assert line.transport.is_closing()
    assert line.protocol not in server.state.connections


SHOWN = {
    "an order": order,
    "a refused order": lambda team: order(team).replace(b"buy", b"hold"),
    "a query": lambda team: request_bytes(b"GET", b"/orders", b"", headers_of(team)),
    "a public read": lambda team: request_bytes(b"GET", b"/market", b"", headers_of(team)),
    "a stream": lambda team: request_bytes(b"GET", b"/ws", b"", [*UPGRADE, *headers_of(team)]),
    "the organiser's": lambda _: request_bytes(b"GET", b"/admin/teams", b"", [(b"X-Admin-Key", ADMIN_KEY.encode())]),
}


@pytest.mark.parametrize("shown", SHOWN)
async def test_a_client_that_shows_a_key_keeps_its_place(server, line, alice, shown):
    line.receive(SHOWN[shown](alice))
    await line.settle()
    flood(server)
    flood(server)
    await line.settle()
    assert not line.transport.is_closing()
    assert not len(server.places) > 4


async def test_an_unknown_key_keeps_no_place(server, line, alice):
    line.receive(order(alice).replace(alice.headers["x-api-key"].encode(), b"guessed"))
    line.receive(request_bytes(b"GET", b"/admin/teams", b"", [(b"X-Admin-Key", b"guessed")]))
    await line.settle()
    flood(server)
    await line.settle()
    assert line.transport.is_closing()


async def test_a_stream_without_a_key_gives_way_until_it_logs_in(server, alice):
    streams = [server.connect(), server.connect()]
    for stream in streams:
        stream.receive(request_bytes(b"GET", b"/ws", b"", UPGRADE))
        await stream.settle()
    message = b'{"op":"login","api_key":"%s"}' % alice.headers["x-api-key"].encode()
    masked = bytes([0x81, 0x80 | len(message)]) + bytes(4) + message
    streams[0].receive(masked)
    await streams[0].settle()
    flood(server)
    await streams[0].settle()
    assert [stream.transport.is_closing() for stream in streams] == [False, True]
    for stream in streams:
        await stream.hang_up()


async def test_a_team_of_a_flooded_address_trades_and_goes_on_trading(server, alice):
    """The bot comes while strangers do, and shows its key before as many others have come as the address may have."""
    for _ in range(10):
        flood(server)
        line = server.connect()
        flood(server)[:3]
        line.receive(order(alice, client_order_id="the-same"))
        await line.settle()
        line_2 = server.connect()
        line_2.receive(order(alice, client_order_id="the-same"))
        flood(server)
        await line_2.settle()
        assert line_2.answer.status == 200
        assert not line_2.transport.is_closing()
        await line_2.hang_up()


async def test_where_no_stranger_is_left_a_newcomer_is_told_and_closed_at_once(server, alice):
    lines = flood(server)
    for line in lines:
        line.receive(order(alice, client_order_id="the-same"))
    newcomer = server.connect()
    assert newcomer.answer.status == 503
    assert "each with a key" in newcomer.answer.json["error"]["message"]
    assert newcomer.transport.is_closing()
    await newcomer.settle()
    lines[0].receive(order(alice, client_order_id="the-same"))
    assert [answer.status for answer in lines[0].answers] == [200, 200]
    await lines[0].hang_up()
    assert not server.connect().transport.is_closing()


async def test_other_addresses_have_their_own_share(server, line):
    flood(server, "192.0.2.2")
    flood(server, "2001:db8::1")
    flood(server, "2001:db8::2")
    await line.settle()
    assert not line.transport.is_closing()
    assert len(server.places) == 1 + 4 + 4


async def test_a_connection_that_has_ended_keeps_no_place(server, alice):
    for _ in range(3):
        lines = flood(server)
        lines[0].receive(order(alice, client_order_id="the-same"))
        lines[1].receive(request_bytes(b"GET", b"/ws", b"", [*UPGRADE, *headers_of(alice)]))
        lines[2].receive(b"no HTTP\r\n\r\n")
        lines[3].receive(request_bytes(b"GET", b"/ws", b"", [*UPGRADE, (b"Host", b"y")]))
        for line in lines:
            await line.hang_up()
        assert len(server.places) == 0
        assert not server.places._known


# ---- clients that do not take their answers


@pytest.fixture
async def served(line, alice):
    """A line whose client has asked for something, and got it."""
    line.receive(order(alice))
    await line.settle()
    return line


async def sweep(line, times=1):
    for _ in range(times):
        line.protocol.be_swept()
    await line.settle()


async def test_a_client_that_does_not_read_its_answers_is_cut_off_after_a_while(served):
    served.transport.unread = 100_000
    served.protocol.pause_writing()
    await sweep(served, SWEEPS_UNREAD)
    assert not served.transport.is_closing()
    await sweep(served)
    assert served.transport.is_closing()
    assert not served.state.connections


async def test_a_client_that_reads_its_answers_slowly_is_left_alone(served):
    served.protocol.pause_writing()
    for unread in range(1_000_000, 100_000, -20_000):
        served.transport.unread = unread
        await sweep(served)
    assert not served.transport.is_closing()


async def test_a_client_that_reads_a_byte_now_and_then_is_cut_off(served):
    served.protocol.pause_writing()
    for unread in range(100_000, 100_000 - SWEEPS_UNREAD - 2, -1):
        served.transport.unread = unread
        await sweep(served)
    assert served.transport.is_closing()


async def test_a_client_that_read_all_and_has_as_much_waiting_again_is_left_alone(served):
    served.transport.unread = 100_000
    for _ in range(3 * SWEEPS_UNREAD):
        served.protocol.pause_writing()
        served.protocol.resume_writing()
        served.protocol.pause_writing()
        await sweep(served)
    assert not served.transport.is_closing()


async def test_a_connection_that_is_closing_is_cut_off_if_nobody_takes_the_rest(served, alice):
    served.receive(order(alice, (b"Connection", b"close")))
    served.transport.unread = 1_000
    await served.settle()
    assert served.transport.is_closing()
    assert served.state.connections
    await sweep(served, SWEEPS_UNREAD + 1)
    assert not served.state.connections


@pytest.mark.parametrize("stray", [b"\r\n", b"\r\n\r\n"])
async def test_blank_lines_between_requests_keep_no_connection_open(exchange, alice, stray):
    line = WireServer(build_gateway(exchange), timeout_keep_alive=0).connect()
    line.receive(request_bytes(b"GET", b"/orders", b"", headers_of(alice)))
    await line.settle()
    line.protocol._unset_keepalive_if_required()
    line.receive(stray)
    await sweep(line)
    assert line.transport.is_closing()


async def test_ten_times_its_share_from_one_address_over_real_sockets(exchange, alice):
    """Sockets that say nothing, and a bot among them."""
    gateway = build_gateway(exchange)
    server = WireServer(gateway, places=Places(200, 20))
    protocol = protocol_for(server.configuration, gateway.order_lane, server.places)
    listener = await server.loop.create_server(
        lambda: protocol(server.configuration, server.state, {}, server.loop), "127.0.0.1", 0
    )
    address = listener.sockets[0].getsockname()
    strangers = [socket.socket() for _ in range(200)]
    bots = [await asyncio.open_connection(*address)]

    async def trade(reader, writer):
        writer.write(order(alice, client_order_id="the-same"))
        async with asyncio.timeout(PATIENCE_SECONDS):
            return (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 200")

    assert await trade(*bots[0])
    for stranger in strangers:
        stranger.setblocking(False)
        await server.loop.sock_connect(stranger, address)
    bots.append(await asyncio.open_connection(*address))
    assert [await trade(*bot) for bot in bots] == [True, True]
    assert len(server.places) == 20
    for stranger in strangers:
        stranger.close()
    for _, writer in bots:
        writer.close()
        await writer.wait_closed()
    listener.close()
    await listener.wait_closed()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while server.state.connections:  # noqa: ASYNC110 - in each turn of the loop the server moves on
            await asyncio.sleep(0)
    assert len(server.places) == 0


async def test_streams_without_a_key_leave_half_of_all_to_teams(exchange, alice):
    server = WireServer(build_gateway(exchange, limits=EndpointLimits(max_anonymous=2)))
    lines = [server.connect(f"192.0.2.{number}") for number in range(3)]
    for line in lines:
        line.receive(request_bytes(b"GET", b"/ws", b"", UPGRADE))
        await line.settle()
    assert [b"CONNECTION_LIMIT" in line.transport.written for line in lines] == [False, False, True]
    team = server.connect()
    team.receive(request_bytes(b"GET", b"/ws", b"", [*UPGRADE, *headers_of(alice)]))
    await team.settle()
    assert b'"team_id":"TEAM_1"' in team.transport.written
    for line in [*lines, team]:
        await line.hang_up()
