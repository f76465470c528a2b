"""Processes that are forked while a client is in use: each has its own connections and gets its own answers."""

import asyncio
import multiprocessing
import os
import traceback
from pathlib import Path

import pytest
from client_stage import CALL, PATIENCE_SECONDS, until

from openoutcry.client import AsyncClient, Client, ClientClosedError

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system forks no processes"),
    pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning"),
]
BUY = {"instrument_id": CALL, "side": "buy", "quantity": 1, "price": 12.0}
WORKERS, ORDERS = 4, 5

forking = multiprocessing.get_context("fork")


def in_child(work, *arguments):
    """Start `work` in a forked process. Returns the pipe through which its result comes."""
    reading, writing = forking.Pipe(duplex=False)

    def run():
        try:
            writing.send(work(*arguments))
        except BaseException:  # noqa: BLE001 - the test gets any exception
            writing.send(traceback.format_exc())

    process = forking.Process(target=run)
    process.start()
    writing.close()
    return process, reading


def told_by(child):
    process, reading = child
    assert reading.poll(PATIENCE_SECONDS), "the child says nothing"
    told = reading.recv()
    process.join(PATIENCE_SECONDS)
    reading.close()
    assert process.exitcode == 0
    return told


def submit_several(api):
    return [(each.success, each.order_id) for each in (api.submit_order(BUY) for _ in range(ORDERS))]


def test_forked_workers_each_get_the_answers_to_their_own_orders(join):
    api = join()
    api.get_market()  # opens a connection that all processes share
    told = [told_by(child) for child in [in_child(submit_several, api) for _ in range(WORKERS)]]
    own = submit_several(api)
    answers = [answer for each in (*told, own) for answer in each]
    assert all(success for success, _ in answers), told
    assert len({order_id for _, order_id in answers}) == (WORKERS + 1) * ORDERS
    with Client(api._address.base_url, api.api_key) as witness:
        open_orders = {order["order_id"] for order in witness.get_open_orders().data["orders"]}
    assert open_orders == {order_id for _, order_id in answers}


def listen_and_trade(api):
    seen = []
    with api.events(timeout_seconds=PATIENCE_SECONDS) as events:
        order_id = api.submit_order(BUY).order_id
        for event in events:
            seen.append((event.type, getattr(event, "order_id", None)))
            if seen[-1] == ("new_order_ack", order_id):
                break
    return seen, order_id


def test_a_child_listens_on_a_stream_of_its_own_and_the_parent_s_goes_on(join):
    api = join()
    acks, ends = [], []
    api.on_new_order_ack(acks.append)
    api.on_disconnected(ends.append)
    api.connect()
    api.cancel_on_disconnect()
    events, order_id = told_by(in_child(listen_and_trade, api))
    assert events[0][0] == "welcome"
    assert events[-1] == ("new_order_ack", order_id)
    mine = api.submit_order(BUY).order_id
    asyncio.run(until(lambda: acks and acks[-1].order_id == mine))
    assert [ack.order_id for ack in acks] == [order_id, mine]  # the end of the child has cancelled nothing
    assert {order.order_id for order in api.orders.open_orders()} == {order_id, mine}
    assert ends == []


def test_an_iterator_of_the_parent_s_says_so_in_the_child(join):
    api = join()
    with api.events() as events:
        assert next(events).type == "welcome"

        def iterate():
            with pytest.raises(ClientClosedError, match="call events"):
                next(events)
            return "said so"

        assert told_by(in_child(iterate)) == "said so"
        api.submit_order(BUY)
        assert next(events).type == "new_order_ack"


def test_the_end_of_a_block_in_a_child_leaves_the_parent_s_orders_alone(join):
    api = join()
    api.cancel_on_disconnect()
    api.connect()
    order_id = api.submit_order(BUY).order_id

    def leave():
        with api:
            pass
        return "left"

    assert told_by(in_child(leave)) == "left"
    assert [order["order_id"] for order in api.get_open_orders().data["orders"]] == [order_id]
    assert api.connect().team_id == api.team_id


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="this system does not tell what a process has open")
def test_a_child_holds_no_connection_of_its_parent_s_open(join):
    api = join()
    api.connect()
    api.get_market()
    connections = [*api._transport._open, *api._connections._inner._open]
    inherited = {str(Path(f"/proc/self/fd/{connection.descriptor}").readlink()) for connection in connections}
    assert len(inherited) == 2

    def look():
        return [str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]

    assert inherited.isdisjoint(told_by(in_child(look)))


async def test_an_asynchronous_client_is_used_in_a_child_with_a_loop_of_its_own(exchange, team_name, leave):
    async with await AsyncClient.register(exchange.url, team_name()) as api:
        await api.connect()
        await api.get_market()

        async def work():
            events = api.events()
            assert (await anext(events)).type == "welcome"
            order_id = (await api.submit_order(BUY)).order_id
            ack = await anext(events)
            await api.close()
            return ack.order_id == order_id, order_id

        def run():
            return asyncio.run(work())

        is_own, order_id = told_by(in_child(run))
        assert is_own
        answer = await api.submit_order(BUY)
        assert answer.success
        await until(lambda: len(api.orders.open_orders()) == 2)
        assert {order.order_id for order in api.orders.open_orders()} == {order_id, answer.order_id}
    leave(api.api_key)
