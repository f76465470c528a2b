"""Entering orders without HTTP."""

import pytest
from gateway_stage import CALL, HandClock
from operations_stage import limit_order

from openoutcry.access.caller import Caller
from openoutcry.access.rate_limits import Bucket
from openoutcry.access.refusals import Refused
from openoutcry.domain.reasons import ErrorCode
from openoutcry.operations.order_entry import submit_batch, submit_order, validate_order
from openoutcry.operations.own.orders import list_orders
from openoutcry.protocol.queries import OrdersQuery
from openoutcry.protocol.requests import BatchRequest, OrderRequest
from openoutcry.protocol.responses import DuplicateData
from openoutcry.scenarios.model import Rate


def open_orders(exchange, caller):
    return [order.order_id for order in list_orders(exchange, caller, OrdersQuery()).data.orders]


async def test_an_accepted_order_has_an_id_a_time_and_a_place(exchange, alice):
    before = exchange.sequencer.last_sequence
    result = submit_order(exchange, alice, limit_order("buy", 1, 100.0))
    assert (result.reject, result.data, result.order_id, result.sequence) == (None, None, "ORD_67890", before + 1)
    assert exchange.started_at <= result.time <= exchange.clock.now()
    assert open_orders(exchange, alice) == ["ORD_67890"]


async def test_a_refused_order_says_why_and_has_a_place_too(exchange, alice):
    before = exchange.sequencer.last_sequence
    result = submit_order(exchange, alice, limit_order("buy", 0, 100.0))
    assert (result.reject.code, result.order_id) == (ErrorCode.INVALID_QUANTITY, None)
    assert result.sequence == before + 1
    assert open_orders(exchange, alice) == []


async def test_a_repeated_order_is_told_the_first_ones_id(exchange, alice):
    request = limit_order("buy", 1, 100.0, client_order_id="a-1")
    first, second = (submit_order(exchange, alice, request) for _ in range(2))
    assert (second.order_id, second.data) == (first.order_id, DuplicateData(duplicate=True))


async def test_a_price_that_does_not_fit_the_type_is_refused_before_the_venue_hears_of_it(exchange, alice):
    before = exchange.sequencer.last_sequence
    with pytest.raises(Refused) as refused:
        submit_order(exchange, alice, OrderRequest(instrument_id=CALL, side="buy", quantity=1))
    assert refused.value.reject.code == ErrorCode.MISSING_PRICE
    assert exchange.sequencer.last_sequence == before


async def test_validation_gives_the_verdict_and_takes_no_place(exchange, alice):
    good, bad = (validate_order(exchange, alice, limit_order("buy", quantity, 100.0)) for quantity in (1, 0))
    assert (good.reject, good.sequence) == (None, None)
    assert (bad.reject.code, bad.sequence) == (ErrorCode.INVALID_QUANTITY, None)


async def test_each_part_of_a_batch_bears_its_own_id_or_the_batchs(exchange, alice):
    orders = [limit_order("buy", 1, 100.0, request_id="first"), limit_order("buy", 0, 100.0)]
    result = submit_batch(exchange, alice, BatchRequest(orders=orders, request_id="all"))
    first, second = result.data.results
    assert (first.request_id, first.success, first.order_id) == ("first", True, "ORD_67890")
    assert (second.request_id, second.success, second.error.code) == ("all", False, "INVALID_QUANTITY")
    assert result.sequence == exchange.sequencer.last_sequence


async def test_a_batch_takes_the_tokens_that_the_gate_did_not_take_or_submits_nothing(exchange, alice):
    alice.bucket = Bucket(Rate(per_second=1.0, burst=3), HandClock())
    assert alice.bucket.take()
    batch = BatchRequest(orders=[limit_order("buy", 1, 100.0)] * 3)
    assert submit_batch(exchange, alice, batch).reject is None
    with pytest.raises(Refused) as refused:
        submit_batch(exchange, alice, batch)
    assert refused.value.retry_after_seconds == 2.0
    assert len(open_orders(exchange, alice)) == 3


async def test_a_caller_that_passed_no_gate_pays_for_nothing(exchange, alice):
    caller = Caller(alice.team_id)
    for _ in range(20):
        assert submit_batch(exchange, caller, BatchRequest(orders=[limit_order("buy", 1, 100.0)] * 50)).reject is None
    assert caller.bucket is None
