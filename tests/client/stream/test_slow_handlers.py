"""Handlers that wait, work or hang: the connection is read all the same, up to a bound. Beyond it they are named."""

import asyncio
import gc
import threading
from contextlib import asynccontextmanager

import msgspec
import pytest
from client_stage import CALL, PATIENCE_SECONDS, until
from websockets.sync.server import serve

from openoutcry.client import AsyncClient, Client
from openoutcry.client.settings import ClientSettings
from openoutcry.client.stream.connection import ConnectionEnded, Ended
from openoutcry.client.stream.reading import ThreadedTransport
from openoutcry.protocol.stream import Trade, Welcome

BUY = {"instrument_id": CALL, "side": "buy", "quantity": 1, "price": 9.0}
WELCOME = Welcome(
    session_id="s",
    epoch=1,
    team_id=None,
    next_seq=None,
    positions=None,
    account=None,
    orders=None,
    heartbeat_seconds=60.0,
    timestamp="t",
)
TRADE = Trade(
    trade_id="TRD_1", instrument_id=CALL, price=9.0, quantity=1, aggressor_side="buy", timestamp="t", sequence=1
)
PINGS = 20
FLOOD = 100_000
EIGHT_BYTES = ClientSettings(max_waiting_bytes=8)


class PingingServer:
    """Sends a welcome and one trade, and then pings until it has `PINGS` answers."""

    def __init__(self):
        self.answered = threading.Event()
        self.handling = threading.Event()
        """Set by the test's handler once it has begun."""

    def __enter__(self):
        self._server = serve(self._greet, "127.0.0.1", 0)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.socket.getsockname()[1]}"
        return self

    def __exit__(self, *_exception):
        self._server.shutdown()
        self._thread.join()

    def _greet(self, connection):
        for message in (WELCOME, TRADE):
            connection.send(msgspec.json.encode(message).decode())
        assert self.handling.wait(PATIENCE_SECONDS)
        for _ in range(PINGS):
            if not connection.ping().wait(PATIENCE_SECONDS):
                return
        self.answered.set()
        for _message in connection:
            pass


async def test_pings_are_answered_while_a_handler_awaits():
    with PingingServer() as server:
        async with AsyncClient(server.url) as api:
            done = []

            @api.on_trade
            async def wait(_trade):
                server.handling.set()
                await asyncio.to_thread(server.answered.wait, PATIENCE_SECONDS)
                done.append(server.answered.is_set())

            await api.connect()
            await until(lambda: done)
            assert done == [True]


async def test_pings_are_answered_while_a_handler_blocks_the_loop():
    with PingingServer() as server:
        async with AsyncClient(server.url) as api:
            done = []

            @api.on_trade
            def block(_trade):
                server.handling.set()
                done.append(server.answered.wait(PATIENCE_SECONDS))

            await api.connect()
            await until(lambda: done)
            assert done == [True]


def test_pings_are_answered_while_a_handler_of_the_synchronous_client_blocks():
    with PingingServer() as server, Client(server.url) as api:
        done = []

        @api.on_trade
        def block(_trade):
            server.handling.set()
            done.append(server.answered.wait(PATIENCE_SECONDS))

        api.connect()
        asyncio.run(until(lambda: done))
        assert done == [True]


def test_a_client_whose_handler_hangs_closes_its_connection_all_the_same(exchange, team_name, leave):
    goes_on = threading.Event()
    settings = ClientSettings(join_seconds=0.05)
    with Client.register(exchange.url, team_name(), settings=settings) as api:
        began = threading.Event()

        @api.on_new_order_ack
        def hang(_ack):
            began.set()
            goes_on.wait(PATIENCE_SECONDS)

        api.connect()
        api.cancel_on_disconnect()
        api.submit_order(BUY)
        assert began.wait(PATIENCE_SECONDS)
        with Client(exchange.url, api.api_key) as witness:
            cancelled = threading.Event()
            witness.on_order_cancelled(lambda _event: cancelled.set())
            witness.connect()
            api.close()
            assert cancelled.wait(PATIENCE_SECONDS)
    goes_on.set()


async def test_where_too_much_waits_the_handler_is_named_and_nothing_is_lost_or_repeated(register, exchange, caplog):
    api = await register(settings=ClientSettings(max_waiting_bytes=5_000))
    goes_on, began = threading.Event(), threading.Event()
    seen, ends = [], []

    @api.on_new_order_ack
    def slow_handler(ack):
        began.set()
        assert goes_on.wait(PATIENCE_SECONDS)
        seen.append(ack.seq)

    api.on_order_cancelled(lambda event: seen.append(event.seq))
    api.on_disconnected(ends.append)
    await api.connect()

    def trade():
        with Client(exchange.url, api.api_key) as hand:
            hand.submit_order(BUY)
            assert began.wait(PATIENCE_SECONDS)
            while "given up for now" not in caplog.text:
                hand.cancel_order(hand.submit_order(BUY).order_id)
            last_seq = hand.connect().next_seq - 1
        goes_on.set()
        return last_seq

    last_seq = await asyncio.to_thread(trade)
    await until(lambda: seen and seen[-1] == last_seq)
    assert seen == list(range(1, last_seq + 1))
    assert "slow_handler of new_order_ack held the event stream for" in ends[0].reason
    assert ends[0].reconnecting
    assert "slow_handler" in ends[0].held_by
    assert ends[0].held_seconds > 0


async def test_an_iterator_that_nobody_reads_is_named_too(exchange, team_name, leave, caplog):
    settings = ClientSettings(max_waiting_bytes=5_000, max_buffered_events=3)
    async with await AsyncClient.register(exchange.url, team_name(), settings=settings) as api:
        ends = []
        api.on_disconnected(ends.append)
        events = api.events()
        await api.connect()
        with Client(exchange.url, api.api_key) as hand:
            while "given up for now" not in caplog.text:
                await asyncio.to_thread(lambda: hand.cancel_order(hand.submit_order(BUY).order_id))
        seqs = []
        async for event in events:
            if event.type == "disconnected":
                assert "an iterator over events() that is not read" in event.held_by
                break
            seqs += [event.seq] if event.type != "welcome" else []
        assert seqs == list(range(1, len(seqs) + 1))
        assert api.last_seq == seqs[-1]


class ConnectionThatIsSlowToClose:
    """Gives `texts`, and then closes only when it may."""

    def __init__(self, texts):
        self.is_closing = threading.Event()
        self.may_close = threading.Event()
        self._texts = iter(texts)

    @asynccontextmanager
    async def open(self, _query, _headers):
        yield self
        self.is_closing.set()
        await asyncio.to_thread(self.may_close.wait, PATIENCE_SECONDS)

    async def next_text(self, _silence_seconds):
        return next(self._texts)

    async def close(self):
        pass


async def test_a_reader_that_fell_behind_stays_behind_while_its_connection_is_given_up():
    inner = ConnectionThatIsSlowToClose(["12345678", "9"])
    transport = ThreadedTransport(inner, EIGHT_BYTES)
    async with transport.open("", {}) as line:
        await until(inner.is_closing.is_set)
        assert [await line.next_text(PATIENCE_SECONDS) for _ in range(2)] == ["12345678", "9"]
        assert line.is_behind
        inner.may_close.set()
        with pytest.raises(ConnectionEnded) as ended:
            await line.next_text(PATIENCE_SECONDS)
        assert ended.value.ended.fell_behind
    await transport.close()


async def test_what_waits_is_counted_in_bytes_and_not_in_characters(caplog):
    inner = ConnectionThatIsSlowToClose(["äöü", "€", "never read"])
    inner.may_close.set()
    transport = ThreadedTransport(inner, EIGHT_BYTES)
    async with transport.open("", {}) as line:
        await until(inner.is_closing.is_set)
        assert [await line.next_text(PATIENCE_SECONDS) for _ in range(2)] == ["äöü", "€"]
        with pytest.raises(ConnectionEnded):
            await line.next_text(PATIENCE_SECONDS)
    await transport.close()
    assert "9 bytes wait for the handlers" in caplog.text


class ConnectionReadInTurns(ConnectionThatIsSlowToClose):
    """Gives one of `texts` for each `turn`, and then ends."""

    def __init__(self, texts):
        super().__init__(texts)
        self.turn = threading.Semaphore(0)
        self.may_close.set()

    async def next_text(self, _silence_seconds):
        await asyncio.to_thread(self.turn.acquire, timeout=PATIENCE_SECONDS)
        for text in self._texts:
            return text
        raise ConnectionEnded(Ended("all is said"))


async def test_what_was_taken_waits_no_more_whatever_its_characters():
    inner = ConnectionReadInTurns(["€€", "€€", "€€"])
    transport = ThreadedTransport(inner, EIGHT_BYTES)
    async with transport.open("", {}) as line:
        for _ in range(3):
            inner.turn.release()
            assert await line.next_text(PATIENCE_SECONDS) == "€€"
        inner.turn.release()
        with pytest.raises(ConnectionEnded, match="all is said"):
            await line.next_text(PATIENCE_SECONDS)
    await transport.close()


class Flood:
    """A connection on which a welcome and then `FLOOD` trades wait, all from the beginning."""

    is_behind = True

    def __init__(self):
        self.read = 0

    @asynccontextmanager
    async def open(self, _query, _headers):
        yield self

    async def next_text(self, _silence_seconds):
        self.read += 1
        if self.read > FLOOD:
            await asyncio.Event().wait()
        return msgspec.json.encode(WELCOME if self.read == 1 else TRADE).decode()

    async def close(self):
        pass


async def test_a_bot_has_its_turn_while_many_messages_wait():
    flood = Flood()
    async with AsyncClient("http://127.0.0.1:1", stream_transport=flood) as api:
        await api.connect()
        assert flood.read < FLOOD


async def test_a_loop_that_is_gone_leaves_no_connection_behind(exchange, team_name):
    with Client.register(exchange.url, team_name()) as witness:
        witness.connect()
        cancelled = threading.Event()
        witness.on_order_cancelled(lambda _event: cancelled.set())
        witness.submit_order(BUY)

        def abandon():
            loop = asyncio.new_event_loop()
            api = AsyncClient(exchange.url, witness.api_key)
            loop.run_until_complete(api.connect())
            loop.run_until_complete(api.cancel_on_disconnect())
            api._stream._task._log_destroy_pending = False
            loop.close()
            return api

        kept = await asyncio.to_thread(abandon)
        assert await asyncio.to_thread(cancelled.wait, PATIENCE_SECONDS)
        assert kept.team_id == witness.team_id


def test_a_loop_that_is_gone_ends_in_silence(exchange, caplog):
    loop = asyncio.new_event_loop()
    api = AsyncClient(exchange.url)
    loop.run_until_complete(api.connect())
    api._stream._task._log_destroy_pending = False
    loop.close()
    left = threading.enumerate()
    del api
    gc.collect()
    asyncio.run(until(lambda: not any(thread.is_alive() for thread in left if thread.name == "openoutcry-stream")))
    assert caplog.records == []
