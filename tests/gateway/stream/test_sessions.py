"""How a connection to `/ws` begins, which team it belongs to, and how many there may be."""

import msgspec
import pytest
from stream_stage import (
    CALL,
    Team,
    anonymous_streams,
    connected,
    exchange_on,
    roomy_scenario,
    seed_scenario,
    with_stream_limits,
)

from openoutcry.domain import commands
from openoutcry.gateway.stream.limits import EndpointLimits
from openoutcry.protocol.stream import CloseCode
from openoutcry.scenarios.model import Rate


def is_error(message):
    return message.type == "error"


async def test_without_a_key_there_is_a_welcome_without_a_team(exchange):
    async with connected(exchange) as client:
        welcome = await client.next()

    assert welcome.type == "welcome"
    assert (welcome.team_id, welcome.next_seq, welcome.account, welcome.orders) == (None, None, None, None)
    assert welcome.epoch == exchange.sequencer.epoch
    assert welcome.heartbeat_seconds == exchange.scenario.heartbeat_seconds


async def test_the_welcome_tells_the_state_that_the_first_live_event_changes(exchange, alice, bob):
    bob.order("sell", 4, 1000)
    order_id = alice.order("buy", 6, 1000)
    async with connected(exchange, alice.headers) as client:
        welcome = await client.next()
        alice.cancel(order_id)
        event = await client.next()

    assert welcome.positions == {CALL: 4}
    assert [(order.order_id, order.remaining_quantity) for order in welcome.orders] == [(f"ORD_{order_id}", 2)]
    assert welcome.account.exposure[CALL].open_buy_quantity == 2
    assert (event.type, event.seq) == ("order_cancelled", welcome.next_seq)


async def test_the_welcome_shows_the_oldest_orders_and_says_how_many_there_are_more(tmp_path):
    exchange = exchange_on(tmp_path / "many", many_orders_scenario())
    try:
        alice = Team(exchange, "alice", "market_maker")
        ids = [f"ORD_{alice.order('buy', 1, 1 + number % 5_000)}" for number in range(80_000)]
        async with connected(exchange, alice.headers) as client:
            welcome = await client.until(lambda message: message.type == "welcome")
        assert [order.order_id for order in welcome.orders] == ids[:1_000]
        assert welcome.orders_omitted == 79_000
        assert len(msgspec.json.encode(welcome)) < 300_000
    finally:
        exchange.close()


def many_orders_scenario():
    scenario = roomy_scenario()
    rules = msgspec.structs.replace(scenario.rulebook.roles["market_maker"], maximum_open_orders=100_000)
    roles = {**scenario.rulebook.roles, "market_maker": rules}
    return msgspec.structs.replace(scenario, rulebook=msgspec.structs.replace(scenario.rulebook, roles=roles))


async def test_an_order_still_to_be_executed_is_in_the_welcome(exchange, alice):
    exchange.sequencer.submit(commands.SubmitOrder(alice.team_id, CALL, "buy", 1, commands.Price(1000)))
    async with connected(exchange, alice.headers) as client:
        welcome = await client.next()

    assert len(welcome.orders) == 1
    assert welcome.next_seq == 2


async def test_a_login_message_makes_a_connection_the_teams(exchange, alice):
    async with connected(exchange) as client:
        await client.next()
        client.say({"op": "login", "api_key": alice.key, "request_id": "r"})
        welcome, ack = await client.take(2)
        alice.order("buy", 1, 1000)
        event = await client.next()

    assert (welcome.type, welcome.team_id) == ("welcome", f"TEAM_{alice.team_id}")
    assert (ack.type, ack.op, ack.request_id) == ("ack", "login", "r")
    assert event.seq == welcome.next_seq == 1


@pytest.mark.parametrize("way", ["header", "message"])
async def test_a_wrong_key_ends_the_connection(exchange, way):
    async with connected(exchange, {"x-api-key": "nobody's"} if way == "header" else None) as client:
        if way == "message":
            client.say({"op": "login", "api_key": "nobody's"})
        error = await client.until(is_error)
        assert error.code == "UNAUTHENTICATED"
        assert await client.close_code() == CloseCode.AUTHENTICATION_FAILED


async def test_a_connection_belongs_to_one_team(exchange, alice, bob):
    async with connected(exchange, alice.headers) as client:
        answer = await client.ask("login", api_key=bob.key)
        bob.order("buy", 1, 1000)
        alice.order("buy", 1, 999)

        assert answer.code == "ALREADY_LOGGED_IN"
        assert (await client.next()).price == 9.99


async def test_a_team_has_a_limited_number_of_connections(tmp_path):
    exchange = exchange_on(tmp_path, seed_scenario(connections_per_team=2))
    alice, bob = Team(exchange, "alice", "retail"), Team(exchange, "bob", "retail")
    async with connected(exchange, alice.headers) as first, connected(exchange) as second:
        await first.next()
        assert (await second.ask("login", api_key=alice.key)).type == "ack"
        async with connected(exchange, alice.headers) as third, connected(exchange, bob.headers) as other:
            assert (await third.next()).code == "CONNECTION_LIMIT"
            assert await third.close_code() == CloseCode.TOO_MANY_CONNECTIONS
            assert (await other.next()).type == "welcome"
    async with connected(exchange, alice.headers) as client:
        assert (await client.next()).type == "welcome"
    exchange.close()


@with_stream_limits(max_connections=1)
async def test_the_exchange_has_a_limited_number_of_connections(exchange):
    async with connected(exchange) as first, connected(exchange) as second:
        assert (await first.next()).type == "welcome"
        assert (await second.next()).code == "CONNECTION_LIMIT"
        assert await second.close_code() == CloseCode.TOO_MANY_CONNECTIONS
        assert (await first.ask("ping")).type == "ack"
    assert len(exchange.connections) == 0


async def test_an_address_has_a_limited_number_of_connections_without_a_key(exchange, alice):
    anonymous = anonymous_streams(exchange, limits=EndpointLimits(max_anonymous_per_address=1))
    async with connected(exchange, anonymous=anonymous) as first:
        assert (await first.next()).type == "welcome"
        async with connected(exchange, anonymous=anonymous) as second:
            assert (await second.next()).code == "CONNECTION_LIMIT"
            assert await second.close_code() == CloseCode.TOO_MANY_CONNECTIONS
        async with (
            connected(exchange, alice.headers, anonymous=anonymous) as team,
            connected(exchange, anonymous=anonymous, address="192.0.2.2") as elsewhere,
        ):
            assert (await team.next()).type == (await elsewhere.next()).type == "welcome"
        assert (await first.ask("login", api_key=alice.key)).type == "ack"
        async with connected(exchange, anonymous=anonymous) as third:
            assert (await third.next()).type == "welcome"
    async with connected(exchange, anonymous=anonymous) as after_all_left:
        assert (await after_all_left.next()).type == "welcome"


async def test_a_connection_without_a_key_is_paid_by_its_address(tmp_path):
    limits = msgspec.structs.replace(seed_scenario().rate_limits, anonymous=Rate(per_second=0.5, burst=1))
    exchange = exchange_on(tmp_path, seed_scenario(rate_limits=limits))
    alice = Team(exchange, "alice", "retail")
    anonymous = anonymous_streams(exchange, lambda: 0.0)
    async with (
        connected(exchange, alice.headers, anonymous=anonymous) as team,
        connected(exchange, anonymous=anonymous) as first,
        connected(exchange, anonymous=anonymous) as second,
        connected(exchange, anonymous=anonymous, address="192.0.2.2") as elsewhere,
    ):
        assert (await team.next()).type == (await first.next()).type == (await elsewhere.next()).type == "welcome"
        error = await second.next()
        assert error.code == "RATE_LIMIT_EXCEEDED"
        assert error.details == {"limit": 1, "window_seconds": 2.0, "retry_after_seconds": 2.0}
        assert await second.close_code() == CloseCode.TRY_AGAIN_LATER
    exchange.close()


@pytest.mark.parametrize(
    "query",
    ["after_seq=x", "after_seq=", "after_seq=-1", "after_seq=1.0", "after_seq=1&after_seq=2", "after_seq=" + "9" * 17],
)
async def test_an_after_seq_that_is_no_number_ends_the_connection(exchange, alice, query):
    async with connected(exchange, alice.headers, query=query) as client:
        error = await client.next()
        assert error.code == "MALFORMED_REQUEST"
        assert "/ws?after_seq=41" in error.message
        assert await client.close_code() == CloseCode.PROTOCOL_ERROR


@pytest.mark.parametrize("query", ["api_key=secret", "X-API-Key=secret", "after_seq=1&key=secret"])
async def test_a_key_in_the_address_is_refused_and_not_repeated(exchange, query):
    async with connected(exchange, query=query) as client:
        error = await client.next()
        assert "header X-API-Key" in error.message
        assert "secret" not in error.message
        assert await client.close_code() == CloseCode.PROTOCOL_ERROR


async def test_pages_of_other_origins_are_refused_unless_the_scenario_lists_them(tmp_path):
    exchange = exchange_on(tmp_path, seed_scenario(cors_origins=("https://bots.example",)))
    for origin in ("https://bots.example", "http://here:8000"):
        async with connected(exchange, {"origin": origin, "host": "here:8000"}) as client:
            assert (await client.next()).type == "welcome"
    async with connected(exchange, {"origin": "https://evil.example", "host": "here:8000"}) as client:
        assert (await client.next()).code == "ORIGIN_NOT_ALLOWED"
        assert await client.close_code() == CloseCode.NOT_PERMITTED
    exchange.close()


async def test_an_exchange_that_has_stopped_itself_says_so(exchange, alice):
    async with connected(exchange, alice.headers) as connected_before:
        await connected_before.next()
        exchange.sequencer.stopped_reason = "the exchange stopped itself"
        assert (await connected_before.ask("resume", after_seq=0)).code == "SERVICE_UNAVAILABLE"
        async with connected(exchange, alice.headers) as client:
            assert (await client.next()).code == "SERVICE_UNAVAILABLE"
            assert await client.close_code() == CloseCode.TRY_AGAIN_LATER


async def test_open_connections_are_counted_for_the_organiser(exchange, alice):
    async with connected(exchange, alice.headers) as client, connected(exchange) as stranger:
        await client.next()
        await stranger.next()
        assert b"openoutcry_connected_clients 2.0" in exchange.metrics.text()
    assert b"openoutcry_connected_clients 0.0" in exchange.metrics.text()
