"""A team's own stream on `/ws`: from any place on, each event once, also for slow readers."""

import pytest
from stream_stage import Team, connected, exchange_on, seed_scenario, with_stream_limits

from openoutcry.gateway.stream.limits import EndpointLimits
from openoutcry.protocol.stream import CloseCode
from openoutcry.runtime.streams.limits import StreamLimits


def seqs(messages):
    return [message.seq for message in messages]


def is_error(message):
    return message.type == "error"


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


@with_stream_limits(private_backlog_bytes=5_000)
async def test_a_reader_that_stops_reading_is_closed_and_resumes_without_loss(exchange, alice):
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


async def test_a_reader_that_never_reads_again_is_given_up(exchange, alice):
    limits = EndpointLimits(close_patience_seconds=0.01)
    async with connected(exchange, alice.headers, limits=limits) as client:
        await client.next()
        client.stop_reading()
        alice.order("buy", 1, 1000)
        await exchange.connections.disconnect_all(CloseCode.GOING_AWAY, "the server is going away")

        assert len(exchange.connections) == 0


async def test_a_reader_that_was_too_slow_can_come_back_before_it_has_heard_so(tmp_path):
    limits = StreamLimits(private_backlog_bytes=1_000)
    exchange = exchange_on(tmp_path, seed_scenario(connections_per_team=1), stream_limits=limits)
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
        await exchange.connections.disconnect_all(CloseCode.GOING_AWAY, "the server is going away")

        assert len(exchange.connections) == 0
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


@pytest.mark.interpreted
async def test_a_failure_inside_ends_the_connection_with_a_reference(exchange, alice):
    for ticks in range(1000, 900, -1):
        alice.cancel(alice.order("buy", 1, ticks))
    log = exchange.private_streams.of_team(alice.team_id)
    log._recent.clear()
    log._first_in_memory = log.last_seq + 1
    log._log.flush()
    log._log._path.unlink()
    async with connected(exchange, alice.headers) as client:
        await client.next()
        client.say({"op": "resume", "after_seq": 0})

        assert await client.close_code() == CloseCode.INTERNAL_ERROR
