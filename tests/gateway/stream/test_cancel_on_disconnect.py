"""`cancel_on_disconnect` on a connection: what its loss does to the team's orders."""

import msgspec
from stream_stage import connected, seed_scenario
from timers import next_timer

from openoutcry.access.rate_limits import Buckets
from openoutcry.scenarios.model import Rate


async def test_orders_go_when_the_connection_that_guards_them_is_lost(exchange, alice, bob):
    alice.order("buy", 1, 1000)
    bob.order("buy", 1, 900)
    async with connected(exchange, alice.headers) as client:
        answer = await client.ask("cancel_on_disconnect", enabled=True)
        assert answer.type == "ack"
        assert len(exchange.sequencer.queries.open_orders(alice.team_id)) == 1
    assert exchange.sequencer.queries.open_orders(alice.team_id) == []
    assert len(exchange.sequencer.queries.open_orders(bob.team_id)) == 1


async def test_orders_go_too_when_it_is_the_exchange_that_ends_the_connection(exchange, alice):
    alice.order("buy", 1, 1000)
    async with connected(exchange, alice.headers) as client:
        await client.ask("cancel_on_disconnect", enabled=True)
        alice.rotate_key("another-key")
        await client.close_code()
    assert exchange.sequencer.queries.open_orders(alice.team_id) == []


async def test_the_reason_is_told_on_the_stream(exchange, alice):
    order_id = alice.order("buy", 1, 1000)
    async with connected(exchange, alice.headers) as watching:
        await watching.until(lambda message: message.type == "welcome")
        async with connected(exchange, alice.headers) as client:
            await client.ask("cancel_on_disconnect", enabled=True)
        told = await watching.until(lambda message: message.type == "order_cancelled")
    assert (told.order_id, told.reason) == (f"ORD_{order_id}", "cancel_on_disconnect")


async def test_a_connection_that_is_not_guarded_any_more_may_go(exchange, alice):
    alice.order("buy", 1, 1000)
    async with connected(exchange, alice.headers) as client:
        await client.ask("cancel_on_disconnect", enabled=True)
        await client.ask("cancel_on_disconnect", enabled=False)
    assert len(exchange.sequencer.queries.open_orders(alice.team_id)) == 1
    assert next_timer(exchange.sequencer.queries) is None


async def test_within_the_grace_a_new_guarded_connection_saves_the_orders(exchange, alice):
    alice.order("buy", 1, 1000)
    async with connected(exchange, alice.headers) as client:
        await client.ask("cancel_on_disconnect", enabled=True, grace_seconds=3600)
    assert next_timer(exchange.sequencer.queries) is not None
    async with connected(exchange, alice.headers) as client:
        await client.ask("cancel_on_disconnect", enabled=True, grace_seconds=3600)
        assert next_timer(exchange.sequencer.queries) is None
        assert len(exchange.sequencer.queries.open_orders(alice.team_id)) == 1


async def test_nobody_is_guarded_before_the_login(exchange):
    async with connected(exchange) as client:
        answer = await client.ask("cancel_on_disconnect", enabled=True)
    assert (answer.type, answer.code) == ("error", "UNAUTHENTICATED")


async def test_a_grace_out_of_bounds_is_refused_by_name(exchange, alice):
    async with connected(exchange, alice.headers) as client:
        answer = await client.ask("cancel_on_disconnect", enabled=True, grace_seconds=-1)
    assert (answer.code, answer.details["field"]) == ("MALFORMED_REQUEST", "grace_seconds")


async def test_to_ask_for_what_is_so_already_changes_nothing_and_is_not_sequenced(exchange, alice):
    async with connected(exchange, alice.headers) as client:
        assert (await client.ask("cancel_on_disconnect", enabled=False)).type == "ack"
        await client.ask("cancel_on_disconnect", enabled=True, grace_seconds=5)
        last_sequence = exchange.sequencer.last_sequence
        assert (await client.ask("cancel_on_disconnect", enabled=True, grace_seconds=5)).type == "ack"
        assert exchange.sequencer.last_sequence == last_sequence
        await client.ask("cancel_on_disconnect", enabled=True, grace_seconds=6)
        assert exchange.sequencer.last_sequence == last_sequence + 1


async def test_each_asking_costs_a_token_of_the_team_s_cancels_on_whatever_connection(exchange, alice):
    limits = seed_scenario().rate_limits
    cancels = dict.fromkeys(limits.cancels, Rate(per_second=1.0, burst=2))
    buckets = Buckets(msgspec.structs.replace(limits, cancels=cancels), lambda: 0.0)
    answers = []
    for enabled in (True, False, True):
        async with connected(exchange, alice.headers, buckets=buckets) as client:
            answers.append(await client.ask("cancel_on_disconnect", enabled=enabled, grace_seconds=60))
    assert [answer.type for answer in answers] == ["ack", "ack", "error"]
    assert answers[-1].code == "RATE_LIMIT_EXCEEDED"
    assert answers[-1].details == {"limit": 2, "window_seconds": 2.0, "retry_after_seconds": 1.0}


async def test_what_one_asking_leads_to_takes_few_bytes_of_journal(exchange, alice):
    before = exchange.journal.size_bytes
    async with connected(exchange, alice.headers) as client:
        await client.ask("cancel_on_disconnect", enabled=True)
    assert exchange.sequencer.queries.guarded_connections() == []
    assert next_timer(exchange.sequencer.queries) is None
    assert exchange.journal.size_bytes - before <= 250
