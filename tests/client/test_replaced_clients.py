"""Clients without references, such as those of a notebook cell that runs again, close their connections."""

import asyncio
import gc
import threading

from client_stage import CALL, PATIENCE_SECONDS, until

from openoutcry.client import AsyncClient, Client
from openoutcry.client.settings import ClientSettings

BUY = {"instrument_id": CALL, "side": "buy", "quantity": 1, "price": 7.0}


def cell(url, key, seen):
    """What a notebook cell does: make a client and a stream, with handlers that refer to it by a global name only."""
    api = Client(url, key)
    api.on_new_order_ack(seen.append)
    api.connect()
    return api


def test_a_cell_can_be_run_again_as_often_as_one_likes(exchange, team_name, leave):
    key = Client.register(exchange.url, team_name()).api_key
    for _ in range(8):  # a team may have 4 connections
        seen = []
        api = cell(exchange.url, key, seen)
        api.submit_order(BUY)
        asyncio.run(until(lambda seen=seen: seen))
        del api
        gc.collect()
    asyncio.run(until(lambda: not any(thread.name.startswith("openoutcry-") for thread in threading.enumerate())))
    leave(key)


def test_an_iterator_keeps_its_client_until_it_goes_itself(exchange, team_name):
    events = Client.register(exchange.url, team_name()).events()
    gc.collect()
    assert next(events).type == "welcome"
    del events
    gc.collect()
    asyncio.run(until(lambda: not any(thread.name.startswith("openoutcry-") for thread in threading.enumerate())))


async def test_an_asynchronous_client_that_is_replaced_lets_go_too(exchange, team_name):
    with Client.register(exchange.url, team_name()) as witness:
        witness.connect()
        cancelled = threading.Event()
        witness.on_order_cancelled(lambda _event: cancelled.set())
        api = AsyncClient(exchange.url, witness.api_key)
        await api.connect()
        await api.cancel_on_disconnect()
        await api.submit_order(BUY)
        await api._transport.close()
        del api
        gc.collect()
        assert await asyncio.to_thread(cancelled.wait, PATIENCE_SECONDS)


def test_an_iterator_that_is_dropped_when_it_is_full_frees_the_stream(join):
    api = join(settings=ClientSettings(max_buffered_events=1, look_again_seconds=0.01))
    events, seen = api.events(), []
    api.on_order_cancelled(seen.append)
    api.cancel_order(api.submit_order(BUY).order_id)
    del events
    gc.collect()
    asyncio.run(until(lambda: seen))
