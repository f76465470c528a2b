"""The document's pieces of client code, run as they are written, with the SDK on a real exchange."""

import threading
from collections import defaultdict

import pytest
from seed_stage import CALL, PUT

from openoutcry.client import AsyncClient, Client

WAIT_SECONDS = 30


@pytest.fixture
def api(server):
    with Client.register(server.url, "Bot") as client:
        yield client


@pytest.fixture
def counterparty(server):
    with Client.register(server.url, "Counterparty", role="market_maker") as client:
        yield client


def order(quantity, price=100.0, side="buy", instrument_id=CALL):
    return {"instrument_id": instrument_id, "side": side, "quantity": quantity, "price": price}


class Until:
    """Lets a test wait for what happens in the client's thread."""

    def __init__(self, happened):
        self._happened = happened
        self._changed = threading.Condition()

    def tell(self, _event=None):
        with self._changed:
            self._changed.notify_all()

    def wait(self):
        with self._changed:
            assert self._changed.wait_for(self._happened, WAIT_SECONDS)


def test_immediate_feedback(api):
    tracked, errors = [], []

    def submit(order):
        response = api.submit_order(order)
        if response.success:
            tracked.append(response.order_id)
        else:
            errors.append((response.error.code, response.error.message))

    submit(order(10))
    submit(order(51))
    assert tracked == ["ORD_67889"]
    assert errors == [("POSITION_LIMIT_EXCEEDED", "Order would exceed position limit of 50")]


def test_detailed_async_updates(api, counterparty):
    open_orders, fills = [], []
    both = Until(lambda: open_orders and fills)

    def on_message(msg):
        if msg.type == "new_order_ack":
            open_orders.append(msg.order_id)
        elif msg.type == "execution_report":
            fills.append((msg.order_id, msg.price, msg.quantity))
        both.tell()

    api.on_message(on_message)
    api.connect()
    counterparty.submit_order(order(10, side="sell"))
    response = api.submit_order(order(10))
    both.wait()
    assert response.order_id == "ORD_67890"
    assert open_orders == ["ORD_67890"]
    assert fills == [("ORD_67890", 100.0, 10)]


def test_query_operations(api, counterparty):
    counterparty.submit_order(order(3, side="sell"))
    api.submit_order(order(10))
    counterparty.submit_order(order(5, 80.0, "buy", PUT))
    api.submit_order(order(5, 80.0, "sell", PUT))
    open_orders = api.get_open_orders()
    assert open_orders.success
    assert [(o["order_id"], o["remaining_quantity"]) for o in open_orders.data["orders"]] == [("ORD_67890", 7)]
    positions = api.get_positions()
    assert positions.success
    assert positions.data["positions"] == {CALL: 3, PUT: -5}


async def test_submit_order_with_tracking(server):
    pending_orders, validation_errors, executions = {}, [], []

    async def submit_order_with_tracking(order):
        # Synchronous validation
        response = await api.submit_order(order)
        if not response.success:
            # Handle validation error immediately
            validation_errors.append(response.error)
            return None
        # Track order for async updates
        pending_orders[response.order_id] = order
        return response.order_id

    # Separate async handler
    async def handle_websocket_event(event):
        if event.type == "execution_report":
            order = pending_orders.get(event.order_id)
            if order:
                executions.append((order["quantity"], event.quantity))

    async with (
        await AsyncClient.register(server.url, "Bot") as api,
        await AsyncClient.register(server.url, "Seller", role="market_maker") as seller,
    ):
        events = api.events()
        await api.connect()
        order_id = await submit_order_with_tracking(order(10))
        assert await submit_order_with_tracking(order(0)) is None
        await seller.submit_order(order(4, side="sell"))
        await seller.submit_order(order(6, side="sell"))
        async for event in events:
            await handle_websocket_event(event)
            if event.type == "position_update" and event.position == 10:
                break
    assert order_id == "ORD_67889"
    assert [error.code for error in validation_errors] == ["INVALID_QUANTITY"]
    assert executions == [(10, 4), (10, 6)]


def test_fire_and_forget(api):
    def create_order(signal):
        return order(1, signal)

    tracked, acknowledged = [], []
    all_acknowledged = Until(lambda: len(acknowledged) == 20)
    api.on_new_order_ack(lambda msg: (acknowledged.append(msg.order_id), all_acknowledged.tell()))
    api.connect()
    signals = [80.0 + n for n in range(20)]
    # Submit multiple orders without waiting for execution
    for signal in signals:
        response = api.submit_order(create_order(signal))
        if response.success:
            tracked.append(response.order_id)
    # Continue immediately, handle executions async
    all_acknowledged.wait()
    assert tracked == acknowledged == [f"ORD_{n}" for n in range(67889, 67909)]


def test_synchronous_validation_check(api):
    # Validate order would be accepted without submitting
    response = api.validate_order(order(10))
    assert response.success
    assert response.order_id is None
    assert api.get_open_orders().data["orders"] == []
    refused = api.validate_order(order(51))
    assert refused.error.code == "POSITION_LIMIT_EXCEEDED"
    # Order would be accepted
    assert api.submit_order(order(10)).order_id == "ORD_67889"


def test_execution_monitoring(api, counterparty):
    # Track fill progress via WebSocket
    fills, original_quantity, log = defaultdict(int), {}, []
    filled = Until(lambda: log)

    def on_execution_report(msg):
        fills[msg.order_id] += msg.quantity
        if fills[msg.order_id] >= original_quantity[msg.order_id]:
            log.append(f"Order {msg.order_id} fully filled")
        filled.tell()

    api.on_execution_report(on_execution_report)
    api.connect()
    response = api.submit_order(order(10))
    original_quantity[response.order_id] = 10
    for quantity in (3, 3, 4):
        counterparty.submit_order(order(quantity, side="sell"))
    filled.wait()
    assert log == ["Order ORD_67889 fully filled"]
    assert fills == {"ORD_67889": 10}


def test_cancelling_with_the_sdk(api):
    response = api.submit_order(order(10))
    assert api.cancel_order(response.order_id).success
    again = api.cancel_order(response.order_id)
    assert not again.success
    assert again.error.code == "CANCEL_FAILED"
