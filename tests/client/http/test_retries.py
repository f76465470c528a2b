"""Requests over a bad network to a real exchange: an order acts once, and the client reports its true outcome."""

import asyncio
import random

import pytest
from client_stage import CALL, until
from flaky_proxy import Fault, lost_answer
from served_exchange import ServedExchange

from openoutcry.client import Client, NotConnectedError, OutcomeUnknown, RetryPolicy

BUY = {"instrument_id": CALL, "side": "buy", "quantity": 1, "price": 10.0}
IMPATIENT = RetryPolicy(attempts=2, pauses_seconds=(0.0,))
FAULTS = {
    "answer lost": lost_answer(),
    "answer cut": Fault(answer_bytes=60),
    "answer cut by a reset": Fault(answer_bytes=60, reset=True),
    "request never sent on": Fault(request_bytes=0),
    "request cut": Fault(request_bytes=40),
    "request cut by a reset": Fault(request_bytes=40, reset=True),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_an_order_whose_answer_is_lost_is_placed_once(register, proxy, fault):
    api = await register(proxy.url)
    proxy.plan("POST /orders ", fault)
    response = await api.submit_order(BUY)
    assert response.success
    assert response.attempts == 2
    (order,) = (await api.get_open_orders()).data["orders"]
    assert (order["order_id"], order["client_order_id"]) == (response.order_id, response.client_order_id)
    assert api.orders.order(response.order_id).status == "accepted"


async def test_a_retried_order_says_that_it_was_accepted_before(register, proxy):
    api = await register(proxy.url)
    proxy.plan("POST /orders ", lost_answer())
    assert (await api.submit_order(BUY)).data == {"duplicate": True}


def test_an_answer_may_break_off_anywhere(proxy, join):
    api = join(proxy.url)
    for length in range(0, 300, 23):
        proxy.plan("POST /orders ", Fault(answer_bytes=length))
        assert api.submit_order(BUY, time_in_force="ioc").success, length
    closed = api.get_closed_orders().data["orders"]
    assert len({order["client_order_id"] for order in closed}) == len(closed) == len(range(0, 300, 23))


async def test_an_order_that_is_refused_stays_refused_after_a_lost_answer(register, proxy):
    api = await register(proxy.url)
    proxy.plan("POST /orders ", lost_answer())
    response = await api.submit_order(BUY, quantity=100_000)
    assert response.error.code == "ORDER_SIZE_EXCEEDED"
    assert response.attempts == 2


async def test_a_batch_whose_answer_is_lost_is_placed_once(register, proxy):
    api = await register(proxy.url)
    proxy.plan("POST /orders/batch ", lost_answer())
    response = await api.submit_orders([BUY, {**BUY, "quantity": 0}, BUY])
    assert [result["success"] for result in response.data["results"]] == [True, False, True]
    assert len((await api.get_open_orders()).data["orders"]) == 2


async def test_an_exchange_too_slow_for_the_timeout_is_asked_again(register, proxy):
    api = await register(proxy.url, timeout_seconds=0.25)
    held = proxy.plan("POST /orders ", Fault(hold=True))
    response = await api.submit_order(BUY)
    held.release()
    assert response.success
    assert len((await api.get_open_orders()).data["orders"]) == 1


async def test_an_order_that_cannot_be_settled_is_named_and_can_be_settled_later(register, proxy):
    api = await register(proxy.url, retry=IMPATIENT)
    proxy.rule = lambda line: lost_answer() if line.startswith(("POST /orders", "GET /orders")) else None
    with pytest.raises(OutcomeUnknown, match="submit the same terms with the same client_order_id") as unknown:
        await api.submit_order(BUY)
    proxy.rule = lambda _line: None
    client_order_id = unknown.value.client_order_id
    assert api.orders.order(client_order_id=client_order_id).status == "unknown"
    found = await api.get_order(client_order_id=client_order_id)
    again = await api.submit_order(BUY, client_order_id=client_order_id)
    assert again.order_id == found.data["order"]["order_id"]
    assert again.data == {"duplicate": True}
    assert len((await api.get_open_orders()).data["orders"]) == 1


async def test_an_exchange_that_is_down_is_no_unknown_outcome(register, proxy):
    api = await register(proxy.url, retry=IMPATIENT)
    proxy.refuse_connections()
    with pytest.raises(NotConnectedError):
        await api.get_health()  # finds that its connection is closed
    with pytest.raises(NotConnectedError):
        await api.submit_order(BUY, client_order_id="never-sent")
    assert api.orders.order(client_order_id="never-sent").status == "refused"


async def test_an_order_survives_a_restart_of_the_exchange_in_between(tmp_path, proxy, team_name):
    with ServedExchange(tmp_path / "data") as first:
        proxy.target_url = first.url
        api = Client.register(proxy.url, team_name(), retry=RetryPolicy(attempts=10_000, pauses_seconds=(0.05,)))
        proxy.plan("POST /orders ", lost_answer())
        before = await asyncio.to_thread(api.submit_order, BUY, client_order_id="first")
        proxy.rule = lambda _line: Fault(request_bytes=0)
        pending = asyncio.create_task(asyncio.to_thread(api.submit_order, BUY, client_order_id="first"))
        await until(lambda: proxy.count("POST /orders ") >= 3)
        first.kill()
    with ServedExchange(tmp_path / "data") as second:
        proxy.target_url = second.url
        proxy.rule = lambda _line: None
        after = await pending
        assert after.order_id == before.order_id
        api.close()


async def test_a_cancel_whose_answer_is_lost_is_reported_as_done(register, proxy):
    api = await register(proxy.url)
    order_id = (await api.submit_order(BUY)).order_id
    proxy.plan("DELETE /orders/", lost_answer())
    response = await api.cancel_order(order_id)
    assert response.success
    assert response.order_id == order_id
    assert proxy.count("DELETE /orders/") == 2


async def test_a_cancel_by_client_order_id_too(register, proxy):
    api = await register(proxy.url)
    submitted = await api.submit_order(BUY)
    proxy.plan("DELETE /orders/by-client-id/", lost_answer())
    response = await api.cancel_order(client_order_id=submitted.client_order_id)
    assert (response.success, response.order_id) == (True, submitted.order_id)


async def test_a_cancel_that_came_too_late_is_not_reported_as_done(register, proxy, rival):
    api = await register(proxy.url)
    rival.submit_order(instrument_id=CALL, side="sell", quantity=1, price=9.0)
    filled = await api.submit_order(BUY)
    proxy.plan("DELETE /orders/", lost_answer())
    assert (await api.cancel_order(filled.order_id)).error.code == "CANCEL_FAILED"


async def test_a_mass_cancel_is_sent_until_it_is_answered(register, proxy):
    api = await register(proxy.url)
    await api.submit_order(BUY)
    proxy.plan("DELETE /orders ", lost_answer())
    assert (await api.mass_cancel()).success
    assert (await api.get_open_orders()).data["orders"] == []


async def test_what_could_act_twice_is_sent_once(register, proxy):
    api = await register(proxy.url, role="market_maker")
    order_id = (await api.submit_order(BUY)).order_id
    quote = {"instrument_id": CALL, "bid_price": 1.0, "bid_quantity": 1}
    for line, call in (
        ("PATCH ", lambda: api.amend_order(order_id, quantity=2)),
        ("PUT /quotes ", lambda: api.replace_quotes([quote])),
        ("POST /teams ", lambda: api.register_team("lost key")),
    ):
        sent_before = proxy.count(line)
        proxy.plan(line, lost_answer())
        with pytest.raises(OutcomeUnknown, match="may or may not have been carried out"):
            await call()
        assert proxy.count(line) == sent_before + 1
    await api.mass_cancel()


async def test_a_query_is_asked_again(register, proxy):
    api = await register(proxy.url)
    proxy.plan("GET /positions ", lost_answer())
    proxy.plan("GET /positions ", Fault(request_bytes=10))
    response = await api.get_positions()
    assert (response.success, response.attempts) == (True, 3)


async def test_a_connection_that_ended_while_idle_is_not_used(proxy, join):
    api = join(proxy.url)
    order_id = api.submit_order(BUY).order_id
    (idle,) = api._transport._idle
    proxy.cut_all()
    await until(lambda: idle.has_ended)
    response = api.amend_order(order_id, price=11.0)
    assert (response.success, response.attempts) == (True, 1)


async def test_a_rate_limit_is_handed_back_or_waited_for(tmp_path, team_name):
    terms = {"instrument_id": "SPX_CALL_4500_20240119", "side": "buy", "quantity": 1, "price": 1.0}

    def submit_until_refused(api):
        while (response := api.submit_order(terms, time_in_force="ioc")).success:
            pass
        return response

    with ServedExchange(tmp_path / "data", scenario="demo") as exchange:
        with Client.register(exchange.url, team_name(), role="retail") as api:
            refused = await asyncio.to_thread(submit_until_refused, api)
            assert refused.error.code == "RATE_LIMIT_EXCEEDED"
            assert 0 < refused.retry_after <= 1
            assert api.orders.order(client_order_id=refused.client_order_id).status == "refused"
        patient = RetryPolicy(wait_for_rate_limit=True)
        with Client.register(exchange.url, team_name(), role="retail", retry=patient) as api:
            for _ in range(25):
                assert (await asyncio.to_thread(api.submit_order, terms, time_in_force="ioc")).success


def test_whatever_the_network_does_each_order_acts_once_and_its_outcome_is_true(proxy, join):
    chance = random.Random(11)

    def breaks(_line):
        luck = chance.random()
        if luck < 0.2:
            return Fault(answer_bytes=chance.choice([0, 30, 120, 200]), reset=chance.random() < 0.5)
        return Fault(request_bytes=chance.randint(0, 300), reset=chance.random() < 0.5) if luck < 0.35 else None

    api = join(proxy.url, retry=RetryPolicy(attempts=50, pauses_seconds=(0.0,)))
    proxy.rule = breaks
    cancelled, kept, refused = set(), set(), 0
    for number in range(150):
        response = api.submit_order(BUY, quantity=number % 4)
        if not response.success:
            assert response.error.code == "INVALID_QUANTITY"
            refused += 1
        elif number % 3 == 0:
            assert api.cancel_order(response.order_id).success
            cancelled.add(response.order_id)
        else:
            kept.add(response.order_id)
    proxy.rule = lambda _line: None
    assert {order["order_id"] for order in api.get_open_orders().data["orders"]} == kept
    assert {order["order_id"] for order in api.get_closed_orders(limit=200).data["orders"]} == cancelled
    assert (len(kept) + len(cancelled), refused) == (112, 38)
