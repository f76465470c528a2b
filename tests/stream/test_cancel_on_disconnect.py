"""`cancel_on_disconnect` on a connection: what its loss does to the team's orders, and what it does not."""

from stream_stage import connected
from timers import next_timer


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
