"""What clients of `/ws` ask and are told, message by message."""

import msgspec
import pytest
from stream_stage import CALL, PUT, Team, anonymous_streams, connected, exchange_on, seed_scenario

from openoutcry.domain import commands
from openoutcry.gateway import stream_session
from openoutcry.protocol.stream import MAX_MESSAGE_BYTES, MAX_MESSAGES_PER_SECOND, CloseCode
from openoutcry.scenarios.model import Rate


def seqs(messages):
    return [message.seq for message in messages]


def is_error(message):
    return message.type == "error"


# ---- beginning -----------------------------------------------------------------------------------------------------


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


async def test_the_exchange_has_a_limited_number_of_connections(exchange, monkeypatch):
    monkeypatch.setattr("openoutcry.runtime.publisher.MAX_CONNECTIONS", 1)
    async with connected(exchange) as first, connected(exchange) as second:
        assert (await first.next()).type == "welcome"
        assert (await second.next()).code == "CONNECTION_LIMIT"
        assert await second.close_code() == CloseCode.TOO_MANY_CONNECTIONS
        assert (await first.ask("ping")).type == "ack"
    assert exchange.publisher.connections == 0


async def test_an_address_has_a_limited_number_of_connections_without_a_key(exchange, alice, monkeypatch):
    monkeypatch.setattr("openoutcry.gateway.anonymous_streams.MAX_ANONYMOUS_PER_ADDRESS", 1)
    anonymous = anonymous_streams(exchange)
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


# ---- the private stream --------------------------------------------------------------------------------------------


async def test_after_seq_in_the_address_starts_the_stream_there(exchange, alice):
    for ticks in (1000, 999, 998):
        alice.order("buy", 1, ticks)
    async with connected(exchange, alice.headers, query="after_seq=1") as client:
        welcome, *replayed = await client.take(3)
        alice.order("buy", 1, 997)
        live = await client.next()

    assert welcome.next_seq == 4
    assert seqs([*replayed, live]) == [2, 3, 4]


async def test_after_seq_in_the_login_starts_the_stream_there(exchange, alice):
    for ticks in (1000, 999, 998):
        alice.order("buy", 1, ticks)
    async with connected(exchange, query="after_seq=0") as by_address, connected(exchange) as by_message:
        by_address.say({"op": "login", "api_key": alice.key})
        by_message.say({"op": "login", "api_key": alice.key, "after_seq": 2})

        assert seqs((await by_address.take(6))[3:]) == [1, 2, 3]
        assert seqs((await by_message.take(4))[3:]) == [3]


async def test_a_resume_is_acknowledged_then_replays_then_goes_live(exchange, alice):
    for ticks in (1000, 999):
        alice.order("buy", 1, ticks)
    async with connected(exchange, alice.headers) as client:
        await client.next()
        client.say({"op": "resume", "after_seq": 0})
        answer, *replayed = await client.take(3)
        alice.order("buy", 1, 998)
        live = await client.next()

    assert (answer.type, answer.op) == ("ack", "resume")
    assert seqs([*replayed, live]) == [1, 2, 3]


async def test_a_resume_takes_back_what_was_about_to_be_sent(exchange, alice):
    async with connected(exchange, alice.headers) as client:
        await client.next()
        client.stop_reading()
        for ticks in range(1000, 990, -1):
            alice.order("buy", 1, ticks)
        client.say({"op": "resume", "after_seq": 4})
        client.say({"op": "ping"})
        client.read_on()
        before = []
        while (message := await client.next()).type != "ack":
            before.append(message.seq)
        await client.until(lambda message: message.type == "ack" and message.op == "ping")
        after = seqs(await client.take(6))

    assert before == list(range(1, len(before) + 1))
    assert after == [5, 6, 7, 8, 9, 10]


@pytest.mark.parametrize("way", ["address", "login", "resume"])
async def test_a_place_beyond_the_end_is_refused_and_the_stream_goes_on_live(exchange, alice, way):
    alice.order("buy", 1, 1000)
    headers = None if way == "login" else alice.headers
    async with connected(exchange, headers, query="after_seq=9" if way == "address" else "") as client:
        if way == "login":
            client.say({"op": "login", "api_key": alice.key, "after_seq": 9})
        elif way == "resume":
            client.say({"op": "resume", "after_seq": 9})
        error = await client.until(is_error)
        alice.order("buy", 1, 999)
        event = await client.next()

    assert error.code == "RESUME_AHEAD"
    assert error.details == {"next_seq": 2, "epoch": exchange.sequencer.epoch}
    assert error.op == (None if way == "address" else way)
    assert event.seq == 2


async def test_without_a_login_there_is_nothing_to_resume(exchange):
    async with connected(exchange) as client:
        answer = await client.ask("resume", after_seq=0)

    assert answer.code == "UNAUTHENTICATED"
    assert "login" in answer.message


async def test_both_sides_of_a_trade_hear_of_it_and_nobody_else(exchange, alice, bob):
    carol = Team(exchange, "carol", "retail")
    async with (
        connected(exchange, alice.headers) as maker,
        connected(exchange, alice.headers) as maker_again,
        connected(exchange, bob.headers) as taker,
        connected(exchange, carol.headers) as bystander,
        connected(exchange) as stranger,
    ):
        for client in (maker, maker_again, taker, bystander, stranger):
            await client.next()
        alice.order("sell", 3, 1000)
        bob.order("buy", 3, 1000)
        sold, sold_again, bought = await maker.take(3), await maker_again.take(3), await taker.take(3)
        quiet = [(await client.ask("ping")).type for client in (bystander, stranger)]

    assert [message.type for message in sold] == ["new_order_ack", "execution_report", "position_update"]
    assert sold == sold_again
    assert (sold[1].liquidity_type, bought[1].liquidity_type) == ("maker", "taker")
    assert sold[1].trade_id == bought[1].trade_id
    assert seqs(sold) == seqs(bought) == [1, 2, 3]
    assert quiet == ["ack", "ack"]


async def test_a_rotated_key_ends_the_teams_connections(exchange, alice, bob):
    async with connected(exchange, alice.headers) as client, connected(exchange, bob.headers) as other:
        await client.next()
        await other.next()
        alice.rotate_key("another key")
        assert await client.close_code() == CloseCode.AUTHENTICATION_FAILED
        assert (await other.ask("ping")).type == "ack"


async def test_a_reader_that_stops_reading_is_closed_and_resumes_without_loss(exchange, alice, monkeypatch):
    monkeypatch.setattr("openoutcry.runtime.connection.PRIVATE_BACKLOG_BYTES", 5_000)
    async with connected(exchange, alice.headers) as client:
        await client.next()
        client.stop_reading()
        for ticks in range(1000, 960, -1):
            alice.cancel(alice.order("buy", 1, ticks))
        client.read_on()
        received = []
        code = None
        while code is None:
            try:
                received.append((await client.next()).seq)
            except Exception as closed:  # noqa: BLE001
                code = closed.code
    assert code == CloseCode.TOO_SLOW
    assert received == list(range(1, len(received) + 1))
    async with connected(exchange, alice.headers, query=f"after_seq={len(received)}") as client:
        await client.next()
        assert seqs(await client.take(80 - len(received))) == list(range(len(received) + 1, 81))


async def test_a_reader_that_never_reads_again_is_given_up(exchange, alice, monkeypatch):
    monkeypatch.setattr("openoutcry.gateway.websocket.CLOSE_PATIENCE_SECONDS", 0.01)
    async with connected(exchange, alice.headers) as client:
        await client.next()
        client.stop_reading()
        alice.order("buy", 1, 1000)
        await exchange.publisher.disconnect_all(CloseCode.GOING_AWAY, "the server is going away")

        assert exchange.publisher.connections == 0


async def test_a_reader_that_was_too_slow_can_come_back_before_it_has_heard_so(tmp_path, monkeypatch):
    monkeypatch.setattr("openoutcry.runtime.connection.PRIVATE_BACKLOG_BYTES", 1_000)
    exchange = exchange_on(tmp_path, seed_scenario(connections_per_team=1))
    alice = Team(exchange, "alice", "retail")
    async with connected(exchange, alice.headers) as deaf:
        await deaf.next()
        deaf.stop_reading()
        for ticks in range(1000, 990, -1):
            alice.cancel(alice.order("buy", 1, ticks))
        async with connected(exchange) as back:
            await back.next()
            assert (await back.ask("login", api_key=alice.key)).type == "ack"
        deaf.read_on()
        assert await deaf.close_code() == CloseCode.TOO_SLOW
    exchange.close()


async def test_when_the_server_goes_away_everybody_is_told(exchange, alice):
    async with connected(exchange, alice.headers) as client, connected(exchange) as stranger:
        await client.next()
        await stranger.next()
        await exchange.publisher.disconnect_all(CloseCode.GOING_AWAY, "the server is going away")

        assert exchange.publisher.connections == 0
        assert await client.close_code() == await stranger.close_code() == CloseCode.GOING_AWAY


async def test_silence_is_broken_by_heartbeats_that_name_the_place_in_the_stream(tmp_path):
    exchange = exchange_on(tmp_path, seed_scenario(heartbeat_seconds=0.01))
    alice = Team(exchange, "alice", "retail")
    alice.order("buy", 1, 1000)
    async with connected(exchange, alice.headers) as client, connected(exchange) as stranger:
        for reader, seq in ((client, 1), (stranger, None)):
            assert (await reader.next()).type == "welcome"
            assert [(message.type, message.seq) for message in await reader.take(2)] == [("heartbeat", seq)] * 2
    exchange.close()


async def test_a_failure_inside_ends_the_connection_with_a_reference(exchange, alice):
    for ticks in range(1000, 900, -1):
        alice.cancel(alice.order("buy", 1, ticks))
    log = exchange.publisher.stream_of(alice.team_id)
    log._recent.clear()
    log._first_in_memory = log.last_seq + 1
    log._log.flush()
    log._log._path.unlink()
    async with connected(exchange, alice.headers) as client:
        await client.next()
        client.say({"op": "resume", "after_seq": 0})

        assert await client.close_code() == CloseCode.INTERNAL_ERROR


# ---- public channels -----------------------------------------------------------------------------------------------


async def test_a_subscription_is_acknowledged_before_what_it_brings(exchange, alice):
    alice.order("buy", 1, 1000)
    async with connected(exchange) as client:
        await client.next()
        client.say({"op": "subscribe", "channels": [f"book:{CALL}", "top:*", "market"], "request_id": "r"})
        messages = await client.take(4)

    assert [message.type for message in messages] == ["ack", "book_snapshot", "top_of_book", "top_of_book"]
    assert messages[0].channels == [f"book:{CALL}", "top:*", "market"]


async def test_after_an_unsubscription_is_acknowledged_nothing_more_comes(exchange, alice):
    async with connected(exchange) as client:
        await client.ask("subscribe", channels=["top:*", "trades:*"])
        await client.ask("unsubscribe", channels=["top:*"])
        alice.order("sell", 1, 1000)
        alice.order("buy", 1, 1000, time_in_force="ioc", instrument_id=PUT)

        assert (await client.ask("unsubscribe", channels=["top:*", "book:*"])).type == "ack"
        client.say({"op": "ping"})
        assert (await client.next()).type == "ack"


async def test_a_book_asked_for_again_begins_again(exchange):
    async with connected(exchange) as client:
        for _ in range(2):
            await client.ask("subscribe", channels=[f"book:{CALL}"])
            assert (await client.next()).type == "book_snapshot"


@pytest.mark.parametrize("channel", ["quotes:SPY", "book", "book:", "MARKET"])
async def test_an_unknown_channel_is_refused_with_those_there_are(exchange, channel):
    async with connected(exchange) as client:
        answer = await client.ask("subscribe", channels=["market", channel])
        assert answer.code == "INVALID_CHANNEL"
        assert answer.request_id == "to subscribe"
        assert repr(channel) in answer.message
        assert "book:<instrument or *>" in answer.message
        exchange.sequencer.perform(commands.SetPhase("closed"))
        assert (await client.ask("ping")).type == "ack"


async def test_an_unknown_instrument_is_refused(exchange):
    async with connected(exchange) as client:
        answer = await client.ask("subscribe", channels=["book:SPX_CALL_1_20240315"])

    assert answer.code == "INVALID_INSTRUMENT"
    assert "GET /instruments" in answer.message


async def test_subscriptions_are_limited_in_number(exchange, monkeypatch):
    monkeypatch.setattr("openoutcry.protocol.stream.MAX_SUBSCRIPTIONS", 3)
    async with connected(exchange) as client:
        assert (await client.ask("subscribe", channels=["market", "top:*"])).type == "ack"
        answer = await client.ask("subscribe", channels=["trades:*", "book:*"])
        assert (answer.code, answer.details) == ("SUBSCRIPTION_LIMIT", {"limit": 3})
        assert (await client.ask("subscribe", channels=["trades:*", "market"])).type == "ack"


# ---- what is wrong with a message ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", "MALFORMED_REQUEST", "not JSON"),
        ("{", "MALFORMED_REQUEST", "not JSON"),
        ("subscribe", "MALFORMED_REQUEST", "not JSON"),
        ("[" * 15_000, "MALFORMED_REQUEST", "nested too deeply"),
        ('{"op":"ping","x":' + "[" * 5_000 + "]" * 5_000 + "}", "MALFORMED_REQUEST", ""),
        ('{"op":"ping","request_id":"\\ud800"}', "MALFORMED_REQUEST", ""),
        ("[]", "MALFORMED_REQUEST", "JSON object"),
        ("null", "MALFORMED_REQUEST", "JSON object"),
        ("{}", "MALFORMED_REQUEST", "needs `op`"),
        ('{"op":7}', "MALFORMED_REQUEST", "needs `op`"),
        ('{"op":"cancel_everything","enabled":true}', "UNSUPPORTED_OPERATION", "it has login, resume, subscribe"),
        ('{"op":"buy"}', "UNSUPPORTED_OPERATION", "'buy'"),
        ('{"op":"ping","pong":1}', "MALFORMED_REQUEST", "'pong'"),
        ('{"op":"subscribe"}', "MALFORMED_REQUEST", "'channels' is missing"),
        ('{"op":"subscribe","channels":[]}', "MALFORMED_REQUEST", "channels"),
        ('{"op":"subscribe","channels":"market"}', "MALFORMED_REQUEST", "channels"),
        ('{"op":"subscribe","channels":[1]}', "MALFORMED_REQUEST", "channels[0]"),
        ('{"op":"resume","after_seq":-1}', "MALFORMED_REQUEST", "after_seq"),
        ('{"op":"resume","after_seq":1.5}', "MALFORMED_REQUEST", "after_seq"),
        ('{"op":"resume","after_seq":NaN}', "MALFORMED_REQUEST", "not JSON"),
        ('{"op":"resume","after_seq":1' + "0" * 400 + "}", "MALFORMED_REQUEST", ""),
        ('{"op":"login","api_key":"' + "k" * 200 + '"}', "MALFORMED_REQUEST", "api_key"),
        ('{"op":"ping","request_id":"' + "r" * MAX_MESSAGE_BYTES + '"}', "PAYLOAD_TOO_LARGE", str(MAX_MESSAGE_BYTES)),
        ('{"op":"ping","request_id":"' + "é" * (MAX_MESSAGE_BYTES // 2) + '"}', "PAYLOAD_TOO_LARGE", "bytes"),
    ],
)
async def test_a_message_that_cannot_be_read_is_answered_with_what_would_do(exchange, text, code, words):
    async with connected(exchange) as client:
        await client.next()
        client.say(text)
        error = await client.next()
        assert (error.type, error.code) == ("error", code)
        assert words in error.message
        assert len(error.message) < 600
        assert (await client.ask("ping")).type == "ack"


async def test_an_error_says_which_message_it_answers(exchange):
    async with connected(exchange) as client:
        await client.next()
        client.say({"op": "subscribe", "request_id": "mine", "chanels": ["market"]})
        error = await client.next()

    assert (error.op, error.request_id) == ("subscribe", "mine")
    assert error.details["field"] in {"chanels", "channels"}


async def test_binary_frames_end_the_connection_with_a_reason(exchange):
    async with connected(exchange) as client:
        await client.next()
        client.say_binary(msgspec.json.encode({"op": "ping"}))
        error = await client.next()
        assert "text frames" in error.message
        assert await client.close_code() == CloseCode.PROTOCOL_ERROR


async def test_messages_beyond_the_rate_are_refused_and_a_flood_is_closed(exchange, monkeypatch):
    monkeypatch.setattr(stream_session, "MAX_REFUSED_IN_A_ROW", 5)
    async with connected(exchange) as client:
        await client.next()
        for _ in range(3 * MAX_MESSAGES_PER_SECOND):
            client.say({"op": "ping"})
        answers = await client.take(MAX_MESSAGES_PER_SECOND)
        error = await client.until(is_error)
        assert {answer.type for answer in answers} == {"ack"}
        assert error.code == "RATE_LIMIT_EXCEEDED"
        assert error.details["limit"] == MAX_MESSAGES_PER_SECOND
        assert await client.close_code() == CloseCode.PROTOCOL_ERROR
