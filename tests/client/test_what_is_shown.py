"""What a bot's author sees at the prompt: short texts, and times in one format."""

from datetime import datetime

import pytest
from client_stage import CALL, until

from openoutcry.client import InstrumentInfo, LocalBook, OrderBookData, OrderData, RefusedError

BUY = {"instrument_id": CALL, "side": "buy", "quantity": 3, "price": 8.0}


async def test_answers_orders_and_books_are_shown_in_a_line(register):
    api = await register()
    await api.connect()
    accepted = await api.submit_order(BUY, client_order_id="mine")
    assert repr(accepted) == f"<Response success {accepted.order_id}>"
    refused = await api.submit_order(BUY, quantity=0)
    assert repr(refused).startswith("<Response refused: INVALID_QUANTITY: ")
    assert repr(await api.get_positions()) == "<Response success with data on positions, holdings, as_of_seq>"
    await until(lambda: api.orders.order("nothing") is None and api.orders.order(accepted.order_id).status == "open")
    shown = f"{accepted.order_id}: buy 3 of 3 {CALL} @ 8.0, open>"
    assert repr(api.orders.order(accepted.order_id)) == f"<TrackedOrder {shown}"
    answer = await api.get_order(accepted.order_id)
    assert repr(answer.data_as(OrderData).order) == f"<OrderInfo {shown}"
    assert repr(LocalBook(CALL, 0.01)) == f"<LocalBook {CALL}: none / none, not synced>"
    book = await api.get_order_book(CALL)
    assert repr(book.data_as(OrderBookData)).startswith(f"<OrderBookData {CALL}: ")


async def test_times_are_texts_of_one_form_wherever_they_stand(register):
    api = await register()
    acks = []
    api.on_new_order_ack(acks.append)
    await api.connect()
    answer = await api.submit_order(BUY)
    await until(lambda: acks)
    order = (await api.get_order(answer.order_id)).data_as(OrderData).order
    assert answer.timestamp == acks[0].timestamp == order.submitted_at
    assert datetime.fromisoformat(answer.timestamp).tzinfo is not None


async def test_reference_data_of_an_instrument_is_one_call(register):
    api = await register()
    instrument = await api.instrument(CALL)
    assert isinstance(instrument, InstrumentInfo)
    price = instrument.round_price(8.123456, "down")
    assert (await api.submit_order(BUY, price=price)).success
    with pytest.raises(RefusedError, match="NOTHING"):
        await api.instrument("NOTHING")


async def test_iteration_ends_after_a_silence_in_either_client(register, kind):
    api = await register()
    if kind == "sync":
        with api.client.events(timeout_seconds=0.05) as events:
            types = [event.type for event in events]
    else:
        async with api.events(timeout_seconds=0.05) as events:
            types = [event.type async for event in events]
    assert types == ["welcome"]
