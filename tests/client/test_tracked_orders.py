"""The tracked orders are the same whether answers or events arrive first."""

import itertools

import pytest

from openoutcry.client import OrderTracker, StreamReset
from openoutcry.client.orders import MAX_FINISHED_ORDERS
from openoutcry.protocol.responses import OrderInfo
from openoutcry.protocol.stream import (
    ExecutionReport,
    NewOrderAck,
    OrderAmended,
    OrderCancelled,
    PositionUpdate,
    Welcome,
)

TERMS = {"client_order_id": "a-1", "instrument_id": "X", "side": "buy", "quantity": 10, "price": 5.0}
NAMES = {"order_id": "ORD_1", "client_order_id": "a-1", "instrument_id": "X", "side": "buy"}
STAMP = {"seq": 1, "timestamp": "t", "sequence": 1}


def ack(**changes):
    terms = {"price": 5.0, "quantity": 10, "remaining_quantity": 10, "time_in_force": "day"}
    return NewOrderAck(**{**NAMES, **STAMP, **terms, **changes})


def fill(quantity, cumulative, of=10, **changes):
    return ExecutionReport(
        **{**NAMES, **STAMP, **changes},
        trade_id="TRD_1",
        price=5.0,
        quantity=quantity,
        cumulative_quantity=cumulative,
        remaining_quantity=of - cumulative,
        average_price=5.0,
        order_status="filled" if cumulative == of else "partially_filled",
        liquidity_type="maker",
        fees=0.0,
    )


def cancelled(**changes):
    return OrderCancelled(**{**NAMES, **STAMP, **changes}, cancelled_quantity=1, reason="user_requested")


def welcome(*orders, positions=None):
    return Welcome(
        session_id="s",
        epoch=1,
        team_id="TEAM_1",
        next_seq=1,
        positions=positions or {},
        account=None,
        orders=list(orders),
        heartbeat_seconds=1.0,
        timestamp="t",
    )


def shown(order_id="ORD_1", remaining=10, **changes):
    terms = {"price": 5.0, "quantity": 10, "remaining_quantity": remaining, "time_in_force": "day"}
    status = "open" if remaining == 10 else "partially_filled"
    names = {**NAMES, "order_id": order_id}
    return OrderInfo(**{**names, **terms, "status": status, "post_only": False, "submitted_at": "t", **changes})


@pytest.fixture
def tracker():
    return OrderTracker()


@pytest.mark.parametrize("position", range(4))
def test_the_answer_may_come_at_any_point_among_the_events(tracker, position):
    happenings = [lambda event=event: tracker.apply(event) for event in (ack(), fill(4, 4), fill(6, 10))]
    happenings.insert(position, lambda: tracker.answered(TERMS, order_id="ORD_1"))
    tracker.sent([TERMS])
    for happening in happenings:
        happening()
    order = tracker.order("ORD_1")
    assert (order.status, order.filled_quantity, order.remaining_quantity) == ("filled", 10, 0)
    assert tracker.order(client_order_id="a-1") == order
    assert tracker.open_orders() == []


def test_each_step_of_an_order_shows(tracker):
    def status():
        return tracker.order(client_order_id="a-1").status

    tracker.sent([TERMS])
    assert (status(), [order.order_id for order in tracker.open_orders()]) == ("sent", [None])
    tracker.answered(TERMS, order_id="ORD_1")
    assert status() == "accepted"
    tracker.apply(ack())
    assert status() == "open"
    tracker.apply(fill(4, 4))
    assert status() == "partially_filled"
    amended = {"price": 6.0, "quantity": 8, "remaining_quantity": 4, "kept_priority": False}
    tracker.apply(OrderAmended(**NAMES, **STAMP, **amended))
    order = tracker.order("ORD_1")
    assert (order.status, order.price, order.remaining_quantity) == ("partially_filled", 6.0, 4)
    assert tracker.open_orders("X") == [order]
    assert tracker.open_orders("Y") == []
    tracker.apply(cancelled())
    order = tracker.order("ORD_1")
    assert (order.status, order.remaining_quantity, order.filled_quantity) == ("cancelled", 0, 4)


def test_what_is_handed_out_is_a_copy(tracker):
    tracker.sent([TERMS])
    tracker.open_orders()[0].status = "filled"
    assert tracker.open_orders()[0].status == "sent"


def test_a_refused_order_may_be_sent_again_under_its_id(tracker):
    tracker.sent([TERMS])
    tracker.answered(TERMS, order_id=None)
    assert tracker.order(client_order_id="a-1").status == "refused"
    tracker.sent([TERMS])
    assert tracker.order(client_order_id="a-1").status == "sent"


def test_an_unknown_outcome_is_cleared_up_by_an_event_or_an_answer(tracker):
    tracker.sent([TERMS])
    tracker.unanswered([TERMS])
    assert tracker.order(client_order_id="a-1").status == "unknown"
    tracker.apply(ack())
    assert tracker.order(client_order_id="a-1").status == "open"
    tracker.unanswered([TERMS])
    assert tracker.order(client_order_id="a-1").status == "open"


def test_orders_sent_elsewhere_appear_with_the_welcome_or_their_first_event(tracker):
    tracker.start_from(welcome(shown("ORD_5", 3, client_order_id=None), positions={"X": 7}))
    tracker.apply(fill(1, 1, order_id="ORD_6", client_order_id="other"))
    tracker.apply(cancelled(order_id="ORD_7", client_order_id=None))
    assert [(order.order_id, order.status, order.filled_quantity) for order in tracker.open_orders()] == [
        ("ORD_5", "partially_filled", 7),
        ("ORD_6", "partially_filled", 1),
    ]
    assert tracker.positions == {"X": 7}
    update = {"instrument_id": "X", "position": -2, "average_price": None}
    tracker.apply(PositionUpdate(**STAMP, **update, realized_pnl=0.0, cash=0.0, fees_paid=0.0))
    assert tracker.positions == {"X": -2}


def test_an_order_accepted_before_the_stream_was_opened_and_not_open_then_is_unknown(tracker):
    other = {**TERMS, "client_order_id": "a-2"}
    for terms, order_id in ((TERMS, "ORD_1"), (other, "ORD_2")):
        tracker.sent([terms])
        tracker.answered(terms, order_id=order_id)
    tracker.connecting()
    tracker.start_from(welcome(shown("ORD_1")))
    assert (tracker.order("ORD_1").status, tracker.order("ORD_2").status) == ("open", "unknown")


def test_after_a_reset_only_what_the_welcome_shows_is_certain(tracker):
    for number in (1, 2):
        tracker.apply(ack(order_id=f"ORD_{number}", client_order_id=f"a-{number}"))
    tracker.apply(StreamReset(after_seq=9, welcome=welcome()))
    tracker.start_from(welcome(shown("ORD_2", client_order_id="a-2")))
    assert (tracker.order("ORD_1").status, tracker.order("ORD_2").status) == ("unknown", "open")


def test_a_later_session_may_use_a_client_order_id_again(tracker):
    tracker.apply(ack())
    tracker.apply(cancelled())
    tracker.apply(ack(order_id="ORD_9"))
    assert (tracker.order("ORD_1").status, tracker.order("ORD_9").status) == ("cancelled", "open")


def test_finished_orders_are_forgotten_beyond_the_limit_the_oldest_first(tracker):
    for number in itertools.islice(itertools.count(1), MAX_FINISHED_ORDERS + 2):
        names = {"order_id": f"ORD_{number}", "client_order_id": f"a-{number}"}
        tracker.apply(ack(**names))
        tracker.apply(cancelled(**names))
    assert tracker.order("ORD_1") is tracker.order(client_order_id="a-2") is None
    assert tracker.order("ORD_3").status == "cancelled"
