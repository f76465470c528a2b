"""The event lane of both clients against a real exchange, on good connections and bad ones."""

import asyncio
import random

import pytest
from client_stage import CALL, PUT, until
from flaky_proxy import Fault
from served_exchange import ServedExchange

from openoutcry.client import (
    AsyncClient,
    Client,
    NotConnectedError,
    StreamRefusedError,
    SubscriptionRefusedError,
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


# ---- bad connections ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reset", [False, True], ids=["ended", "reset"])
async def test_every_event_comes_once_and_in_order_however_often_the_connection_breaks(
    register, proxy, rival, exchange, reset
):
    lengths = random.Random(7)
    proxy.rule = lambda line: (
        Fault(answer_bytes=lengths.randint(200, 8_000), reset=reset) if line.startswith("GET /ws") else None
    )
    api = await register(proxy.url)
    got = []
    api.on_message(lambda event: got.append(event) if event.type not in {"welcome", "disconnected"} else None)
    connecting = asyncio.ensure_future(_connect_at_last(api))
    while proxy.count("GET /ws") < 15:
        rival.submit_order(SELL)
        await api.submit_order(BUY, quantity=2, price=51.0)
        await api.submit_order(BUY, quantity=2, price=51.0)
        await api.mass_cancel()
        rival.submit_order(BUY)
        await api.submit_order(SELL, price=49.0)
    await connecting
    proxy.rule = lambda _line: None
    told = []
    with Client(exchange.url, api.api_key) as witness:
        witness.on_message(told.append)
        last_seq = witness.connect(after_seq=0).next_seq - 1
        await until(lambda: len(told) == last_seq + 1)
    await until(lambda: got and got[-1].seq == last_seq)
    assert [event.seq for event in got] == list(range(1, last_seq + 1))
    assert got == told[1:]


async def _connect_at_last(api):
    """The connection may break before its welcome, which `connect` reports."""
    while True:
        try:
            return await api.connect(after_seq=0)
        except NotConnectedError:
            pass


async def test_what_happens_during_an_interruption_is_delivered_after_it(register, proxy, rival):
    api = await register(proxy.url)
    got = []
    api.on_message(got.append)
    await api.connect()
    await api.submit_order(BUY)
    await until(lambda: got and got[-1].type == "new_order_ack")
    proxy.refuse_connections()
    rival.submit_order(SELL)
    proxy.listen()
    await until(lambda: got[-1].type == "position_update")
    kinds = [event.type for event in got]
    assert [kind for kind in kinds if kind != "welcome"] == [
        "new_order_ack",
        "disconnected",
        "execution_report",
        "position_update",
    ]
    assert got[kinds.index("disconnected")].reconnecting


async def test_events_go_on_after_a_crash_of_the_exchange(tmp_path, proxy, team_name):
    with ServedExchange(tmp_path / "data") as first:
        proxy.target_url = first.url
        api = await AsyncClient.register(proxy.url, team_name())
        events = api.events()
        await api.connect()
        order_id = (await api.submit_order(BUY)).order_id
        async for event in events:
            if event.type == "new_order_ack":
                break
        first.kill()
    with ServedExchange(tmp_path / "data") as second:
        proxy.target_url = second.url
        with Client(second.url, api.api_key) as witness:
            witness.cancel_order(order_id)
        kinds = []
        async for event in events:
            kinds.append(event.type)
            if event.type == "order_cancelled":
                break
        assert [kind for kind in kinds if kind not in {"welcome", "disconnected"}] == ["order_cancelled"]
        await api.close()


async def test_a_new_process_goes_on_where_the_last_one_stopped(register, exchange):
    api = await register()
    await api.connect()
    seen = []
    api.on_message(seen.append)
    await api.submit_order(BUY)
    await until(lambda: seen)
    await api.submit_order(BUY)
    await api.submit_order(BUY)
    with Client(exchange.url, api.api_key) as successor:
        successor_seen = []
        successor.on_new_order_ack(successor_seen.append)
        successor.connect(after_seq=seen[0].seq)
        await until(lambda: len(successor_seen) == 2)
        assert successor.last_seq == seen[0].seq + 2
        with pytest.raises(ValueError, match="open already"):
            successor.connect(after_seq=0)


async def test_a_stream_that_the_exchange_does_not_know_is_reset_to_the_welcome(register):
    api = await register()
    resets, acks = [], []
    api.on_stream_reset(resets.append)
    api.on_new_order_ack(acks.append)
    await api.submit_order(BUY)
    welcome = await api.connect(after_seq=1_000)
    assert welcome.next_seq == 2
    assert [(reset.after_seq, reset.welcome.next_seq) for reset in resets] == [(1_000, 2)]
    await api.submit_order(BUY)
    await until(lambda: acks)
    assert acks[0].seq == 2


async def test_subscriptions_are_restored_after_an_interruption(register, proxy, rival, join):
    api = await register(proxy.url)
    trades, welcomes = [], []
    api.on_trade(trades.append)
    api.on_welcome(welcomes.append)
    await api.subscribe("trades:*")
    await api.connect()
    proxy.cut_all()
    await until(lambda: len(welcomes) == 2)
    # The subscription went out with the welcome; a later answer on the same connection means that it holds.
    await api.subscribe("market")
    rival.submit_order(instrument_id=PUT, side="sell", quantity=1, price=5.0)
    join().submit_order(instrument_id=PUT, side="buy", quantity=1, price=5.0)
    await until(lambda: trades)
    assert (trades[0].instrument_id, trades[0].price) == (PUT, 5.0)
    await api.unsubscribe("trades:*")


async def test_a_channel_that_does_not_exist_is_refused_and_not_restored(register, proxy):
    api = await register(proxy.url)
    welcomes, errors = [], []
    await api.connect()
    api.on_welcome(welcomes.append)
    api.on("error", errors.append)
    with pytest.raises(SubscriptionRefusedError, match="no instrument 'NOTHING'") as refused:
        await api.subscribe("trades:NOTHING")
    assert refused.value.code == "INVALID_INSTRUMENT"
    with pytest.raises(SubscriptionRefusedError):
        await api.follow_book("NOTHING")
    proxy.cut_all()
    await until(lambda: welcomes)
    await api.subscribe("market")
    assert len(errors) == 1
    with pytest.raises(ValueError, match="1001 channels"):
        await api.subscribe(*(f"trades:{number}" for number in range(1000)))


async def test_a_followed_book_equals_the_exchange_and_survives_interruptions(register, proxy, rival):
    api = await register(proxy.url)
    await api.connect()
    book = await api.follow_book(CALL)
    assert book.synced
    assert await api.follow_book(CALL) is book
    for number in range(30):
        rival.submit_order(SELL, price=60.0 + number, quantity=1 + number)
        rival.submit_order(BUY, price=30.0 - number / 100, quantity=1 + number)
        if number == 15:
            proxy.cut_all()
    depth = rival.get_order_book(CALL, depth=20).data
    await until(lambda: book.synced and book.book_seq == depth["book_seq"])
    assert [level._asdict() for level in book.bids] == depth["bids"]
    assert [level._asdict() for level in book.asks] == depth["asks"]
    assert (book.best_bid.price, book.best_ask.price) == (30.0, 60.0)


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
        with pytest.raises(NotConnectedError, match="at most 4 connections"):
            await others[3].connect()
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
