"""Connections that break, and an exchange that stops: the stream resumes, and nothing private is lost or repeated."""

import asyncio
import random

import pytest
from client_stage import CALL, PUT, until
from flaky_proxy import Fault
from served_exchange import ServedExchange

from openoutcry.client import AsyncClient, Client, NotConnectedError, SubscriptionRefusedError

BUY = {"instrument_id": CALL, "side": "buy", "quantity": 3, "price": 50.0}
SELL = {**BUY, "side": "sell"}


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
    """Connect, again and again: the connection may break before its welcome."""
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
    # The subscription was sent after the welcome. A later answer on the same connection shows that it holds.
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
