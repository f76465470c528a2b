"""The event stream of both clients from a real exchange: which events a handler gets, and where the stream ends."""

import asyncio

import pytest
from client_stage import CALL, PUT, until
from flaky_proxy import Fault

from openoutcry.client import (
    AsyncClient,
    Client,
    NotConnectedError,
    StreamRefusedError,
)

BUY = {"instrument_id": CALL, "side": "buy", "quantity": 3, "price": 50.0}
SELL = {**BUY, "side": "sell"}


async def test_events_are_called_back_by_type_and_all_together(register, rival):
    api = await register()
    log = []

    def on_message(msg):
        if msg.type == "new_order_ack":
            log.append(("ack", msg.order_id))
        elif msg.type == "execution_report":
            log.append(("fill", msg.order_id, msg.price, msg.quantity))

    api.on_message(on_message)

    @api.on_position_update
    async def _(update):
        await asyncio.sleep(0)
        log.append(("position", update.instrument_id, update.position))

    api.on("order_cancelled", lambda event: log.append(("cancelled", event.reason)))
    welcome = await api.connect()
    assert welcome.team_id == api.team_id
    order_id = (await api.submit_order(BUY)).order_id
    rival.submit_order(SELL, quantity=2)
    await api.cancel_order(order_id)
    await until(lambda: len(log) == 4)
    assert log == [
        ("ack", order_id),
        ("fill", order_id, 50.0, 2),
        ("position", CALL, 2),
        ("cancelled", "user_requested"),
    ]


async def test_events_are_iterated_over_asynchronously(exchange, team_name, leave):
    async with await AsyncClient.register(exchange.url, team_name()) as api:
        events = api.events()
        await api.connect()
        response = await api.submit_order(BUY)
        await api.cancel_order(response.order_id)
        types = []
        async for event in events:
            types.append(event.type)
            if event.type == "order_cancelled":
                break
        assert types == ["welcome", "new_order_ack", "order_cancelled"]


async def test_iteration_opens_the_stream_by_itself_and_ends_with_the_client(exchange, team_name):
    api = await AsyncClient.register(exchange.url, team_name())
    types = []
    async for event in api.events():
        types.append(event.type)
        closing = asyncio.create_task(api.close())
    await closing
    assert types == ["welcome"]


def test_events_are_iterated_over_in_a_plain_thread(join):
    api = join()
    with api.events(timeout_seconds=1.0) as events:
        api.cancel_order(api.submit_order(BUY).order_id)
        types = [event.type for _, event in zip(range(3), events, strict=False)]
    assert types == ["welcome", "new_order_ack", "order_cancelled"]


def test_iteration_ends_after_a_silence_of_the_length_asked_for(join):
    assert [event.type for event in join().events(timeout_seconds=0.05)] == ["welcome"]


def test_a_handler_may_submit_orders_and_subscribe(join):
    api = join()
    fills = []

    @api.on_new_order_ack
    def reply(ack):
        if ack.side == "sell":
            api.subscribe(f"trades:{CALL}")
            fills.append(api.submit_order(BUY, time_in_force="ioc").success)

    api.connect()
    api.submit_order(SELL, price=70.0)
    events = api.events()
    while next(events).type != "order_cancelled":
        pass
    assert fills == [True]


async def test_a_handler_that_fails_is_logged_and_the_stream_goes_on(register, caplog):
    api = await register()
    seen = []

    @api.on_new_order_ack
    def broken(_ack):
        raise RuntimeError("my mistake")

    api.on_order_cancelled(seen.append)
    await api.connect()
    await api.cancel_order((await api.submit_order(BUY)).order_id)
    await until(lambda: seen)
    assert "my mistake" in caplog.text


# ---- who may listen ----------------------------------------------------------------------------------------------


async def test_a_wrong_key_ends_the_stream_with_a_clear_error(exchange, caplog):
    async with AsyncClient(exchange.url, "no such key") as api:
        with pytest.raises(StreamRefusedError, match="Check api_key") as refused:
            await api.connect()
        assert refused.value.code == "UNAUTHENTICATED"
        assert caplog.messages[0].startswith("the exchange refused the stream: This is not the key of a team")
        with pytest.raises(StreamRefusedError):
            await anext(api.events())
    with Client(exchange.url, "no such key") as api, pytest.raises(StreamRefusedError):
        api.events()


async def test_the_stream_goes_over_to_a_rotated_key(register):
    api = await register()
    acks, welcomes, ends = [], [], []
    api.on_new_order_ack(acks.append)
    api.on_disconnected(ends.append)
    await api.connect()
    api.on_welcome(welcomes.append)
    assert (await api.rotate_key()).success
    await until(lambda: welcomes)
    assert [(end.close_code, end.reconnecting) for end in ends] == [(4001, True)]
    await api.submit_order(BUY)
    await until(lambda: acks)


async def test_a_client_with_a_dead_key_stops_and_tells_its_readers(register, exchange, caplog):
    api = await register()
    left_behind = AsyncClient(exchange.url, api.api_key)
    events = left_behind.events()
    assert (await anext(events)).type == "welcome"
    await api.rotate_key()
    assert not (await anext(events)).reconnecting
    with pytest.raises(StreamRefusedError, match="for good"):
        await anext(events)
    assert "for good" in caplog.text
    await left_behind.close()


async def test_one_connection_too_many_says_so(exchange, team_name):
    async with await AsyncClient.register(exchange.url, team_name()) as first:
        others = [AsyncClient(exchange.url, first.api_key) for _ in range(4)]
        for client in (first, *others[:3]):
            await client.connect()
        with pytest.raises(NotConnectedError, match="at most 4 connections") as refused:
            await others[3].connect()
        assert str(refused.value).endswith("Close another connection first, or let other programs of the team end")
        for client in others:
            await client.close()


async def test_public_channels_need_no_key(exchange):
    async with AsyncClient(exchange.url) as api:
        welcome = await api.connect()
        assert welcome.team_id is None
        assert (await api.follow_book(PUT)).synced


async def test_a_stream_from_nowhere_says_what_to_check(exchange, proxy):
    proxy.refuse_connections()
    async with AsyncClient(proxy.url) as api:
        with pytest.raises(NotConnectedError, match="Is the exchange running"):
            await api.connect()
    with Client(proxy.url) as api, pytest.raises(NotConnectedError):
        api.connect()


def test_a_client_that_was_closed_says_so(exchange):
    api = Client(exchange.url)
    api.close()
    api.close()
    for call in (api.get_market, api.connect):
        with pytest.raises(Exception, match="closed; make a new one"):
            call()


# ---- the two lanes together --------------------------------------------------------------------------------------


async def test_events_before_the_answer_find_their_order(register, proxy):
    api = await register(proxy.url)
    acks = []
    api.on_new_order_ack(acks.append)
    await api.connect()
    held = proxy.plan("POST /orders ", Fault(hold=True))
    submitting = asyncio.ensure_future(api.submit_order(BUY, client_order_id="early"))
    await until(lambda: acks)
    early = api.orders.order(client_order_id="early")
    assert (early.status, early.order_id) == ("open", acks[0].order_id)
    held.release()
    assert (await submitting).order_id == early.order_id
    assert [order.client_order_id for order in api.orders.open_orders()] == ["early"]


async def test_the_tracker_agrees_with_the_exchange_after_trading_over_a_bad_network(register, proxy, rival):
    api = await register(proxy.url)
    await api.connect()
    for number in range(20):
        await api.submit_order(BUY, price=40.0 + number % 4)
        if number % 5 == 0:
            proxy.cut_all()
        rival.submit_order(SELL, price=42.0, quantity=2, time_in_force="ioc")
    shown = (await api.get_open_orders()).data["orders"]
    positions = (await api.get_positions()).data["positions"]

    def facts(orders):
        return {(order["order_id"], order["remaining_quantity"], order["status"]) for order in orders}

    def tracked():
        return {(order.order_id, order.remaining_quantity, order.status) for order in api.orders.open_orders(CALL)}

    await until(lambda: tracked() == facts(shown) and api.orders.positions == positions)
