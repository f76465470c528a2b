"""Protection when a bot is gone: the dead-man timer, and orders that are cancelled with the stream's connection."""

import asyncio
from contextlib import asynccontextmanager

import msgspec
import pytest
from client_stage import CALL, until

from openoutcry.client import AsyncClient, Client, ProtectionRefusedError
from openoutcry.client.stream.connection import ConnectionEnded, Ended
from openoutcry.protocol.responses import CancelAfterData
from openoutcry.protocol.stream import Ack, CancelOnDisconnect, StreamError, Welcome

BUY = {"instrument_id": CALL, "side": "buy", "quantity": 3, "price": 20.0}


async def test_the_dead_man_timer_says_when_it_strikes_and_can_be_renewed_and_switched_off(register):
    api = await register()
    first, renewed = [(await api.cancel_after(seconds)).data_as(CancelAfterData) for seconds in (30, 60)]
    assert first.cancel_at < renewed.cancel_at
    assert (await api.cancel_after(0)).data == {"cancel_at": None}
    assert (await api.cancel_after(-1)).error.details["field"] == "seconds"


async def test_the_dead_man_timer_takes_the_orders_of_a_bot_that_does_not_renew_it(register):
    api = await register()
    cancelled = []
    api.on_order_cancelled(cancelled.append)
    await api.connect()
    order_id = (await api.submit_order(BUY)).order_id
    await api.cancel_after(1)
    await until(lambda: cancelled)
    assert [(event.order_id, event.reason) for event in cancelled] == [(order_id, "cancel_after")]
    assert api.orders.open_orders() == []


async def test_orders_go_with_the_connection_and_the_bot_is_told_once_it_is_back(register, proxy):
    api = await register(proxy.url)
    events = []
    api.on_message(events.append)
    await api.connect()
    await api.cancel_on_disconnect()
    order_id = (await api.submit_order(BUY)).order_id
    proxy.cut_all()
    await until(lambda: events[-1].type == "order_cancelled")
    assert (events[-1].order_id, events[-1].reason) == (order_id, "cancel_on_disconnect")
    kinds = [event.type for event in events]
    assert kinds.index("disconnected") < kinds.index("order_cancelled")


async def test_later_connections_are_guarded_too(register, proxy, exchange):
    api = await register(proxy.url)
    guarded = _guarded(api)
    await api.connect()
    await api.cancel_on_disconnect(grace_seconds=1)
    proxy.cut_all()
    await until(lambda: len(guarded) == 2)
    order_id = (await api.submit_order(BUY)).order_id
    with Client(exchange.url, api.api_key) as witness:
        cancelled = []
        witness.on_order_cancelled(cancelled.append)
        witness.connect()
        proxy.refuse_connections()
        await until(lambda: cancelled)
    assert (cancelled[0].order_id, cancelled[0].reason) == (order_id, "cancel_on_disconnect")


async def test_protection_asked_for_before_the_stream_is_open_begins_with_it(register):
    api = await register()
    guarded = _guarded(api)
    await api.cancel_on_disconnect(grace_seconds=5)
    await api.connect()
    await until(lambda: guarded)


async def test_protection_that_was_switched_off_stays_off(register, proxy):
    api = await register(proxy.url)
    guarded, welcomes = _guarded(api), []
    api.on_welcome(welcomes.append)
    await api.connect()
    await api.cancel_on_disconnect()
    await api.cancel_on_disconnect(enabled=False)
    order_id = (await api.submit_order(BUY)).order_id
    proxy.cut_all()
    await until(lambda: len(welcomes) == 2)
    await api.subscribe("market")  # its answer follows everything that came with the welcome
    assert len(guarded) == 2
    assert [order["order_id"] for order in (await api.get_open_orders()).data["orders"]] == [order_id]


async def test_a_refusal_leaves_the_protection_that_there_was(register, proxy):
    api = await register(proxy.url)
    guarded = _guarded(api)
    await api.connect()
    await api.cancel_on_disconnect(grace_seconds=5)
    with pytest.raises(ProtectionRefusedError, match="grace_seconds") as refused:
        await api.cancel_on_disconnect(grace_seconds=-1)
    assert refused.value.code == "MALFORMED_REQUEST"
    proxy.cut_all()
    await until(lambda: len(guarded) == 2)


async def test_without_a_key_there_is_nothing_to_protect(exchange):
    async with AsyncClient(exchange.url) as api:
        await api.connect()
        with pytest.raises(ProtectionRefusedError, match="send `login` first") as refused:
            await api.cancel_on_disconnect()
    assert refused.value.code == "UNAUTHENTICATED"


def test_a_handler_may_ask_for_protection(join):
    api = join()
    guarded = _guarded(api)
    api.on_welcome(lambda _welcome: api.cancel_on_disconnect(grace_seconds=5))
    api.connect()
    asyncio.run(until(lambda: guarded))


def _guarded(api):
    """The acknowledgments of the exchange, as they arrive."""
    acks = []
    api.on("ack", lambda ack: acks.append(ack) if ack.op == "cancel_on_disconnect" else None)
    return acks


# ---- an exchange that cannot guard at the moment -----------------------------------------------------------------


class ScriptedStream:
    """A stream transport that answers each `cancel_on_disconnect` with the next code."""

    def __init__(self, *codes):
        self.codes = list(codes)
        self.connections = []

    @asynccontextmanager
    async def open(self, _query, _headers):
        connection = ScriptedStreamConnection(self.codes)
        self.connections.append(connection)
        yield connection

    async def close(self):
        pass


class ScriptedStreamConnection:
    def __init__(self, codes):
        self.codes = codes
        self.said = []
        self.waiting = asyncio.Queue()
        self.tell(
            Welcome(
                session_id="s",
                epoch=1,
                team_id="TEAM_1",
                next_seq=1,
                positions={},
                account=None,
                orders=[],
                heartbeat_seconds=5.0,
                timestamp="t",
            )
        )

    def tell(self, message):
        self.waiting.put_nowait(message)

    is_behind = False

    async def next_text(self, _silence_seconds):
        message = await self.waiting.get()
        if message is None:
            raise ConnectionEnded(Ended("cut"))
        return msgspec.json.encode(message).decode()

    async def say(self, message):
        self.said.append(msgspec.json.decode(msgspec.json.encode(message)))
        if isinstance(message, CancelOnDisconnect):
            names = {"op": "cancel_on_disconnect", "request_id": message.request_id, "timestamp": "t"}
            code = self.codes.pop(0)
            self.tell(Ack(**names) if code is None else StreamError(**names, code=code, message="not now"))
        return True


async def test_protection_is_the_first_thing_said_on_a_new_connection():
    office = ScriptedStream(None, None)
    async with AsyncClient("http://nowhere", "key", stream_transport=office) as api:
        await api.connect()
        subscribing = asyncio.ensure_future(api.subscribe("market", "trades:*"))
        await api.cancel_on_disconnect(grace_seconds=7)
        office.connections[0].tell(None)
        await subscribing
        await until(lambda: len(office.connections) == 2 and len(office.connections[1].said) == 2)
        guarding, subscribed = office.connections[1].said
        assert (guarding["op"], guarding["enabled"], guarding["grace_seconds"]) == ("cancel_on_disconnect", True, 7)
        assert (subscribed["op"], subscribed["channels"]) == ("subscribe", ["market", "trades:*"])


async def test_a_new_connection_that_cannot_be_guarded_yet_is_given_up_for_another():
    office = ScriptedStream(None, "SERVICE_UNAVAILABLE", "SERVICE_UNAVAILABLE", None)
    async with AsyncClient("http://nowhere", "key", stream_transport=office) as api:
        guarded, ends = _guarded(api), []
        api.on_disconnected(ends.append)
        await api.connect()
        await api.cancel_on_disconnect()
        office.connections[0].tell(None)
        await until(lambda: len(guarded) == 2)
        assert len(office.connections) == 4
        assert [end.reason for end in ends] == ["cut", "not now", "not now"]


@pytest.mark.parametrize(("code", "asked_again"), [("SERVICE_UNAVAILABLE", False), ("PROCESSING_TIMEOUT", True)])
async def test_a_bot_that_asks_is_told_what_stands_against_it(code, asked_again):
    office = ScriptedStream(code, None)
    async with AsyncClient("http://nowhere", "key", stream_transport=office) as api:
        welcomes = []
        await api.connect()
        api.on_welcome(welcomes.append)
        with pytest.raises(ProtectionRefusedError, match="not now") as refused:
            await api.cancel_on_disconnect()
        assert refused.value.code == code
        office.connections[0].tell(None)
        await until(lambda: welcomes)
        assert [message["op"] for message in office.connections[1].said] == ["cancel_on_disconnect"] * asked_again
