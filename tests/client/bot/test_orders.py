"""What a bot knows of its orders, in whatever order verdicts and events come."""

import itertools

import pytest
from bot_stage import EXAMPLE, Acting, acknowledged, cancelled, filled
from msgspec import structs
from venues import CALL

from openoutcry import Bot
from openoutcry.client.bot.line import OUTCOME_UNKNOWN, Cancel, CancelAll, Submit, Verdict
from openoutcry.client.bot.order import WITHDRAWN
from openoutcry.client.bot.orders import MAX_FINISHED, Orders
from openoutcry.client.events import StreamReset
from openoutcry.protocol.responses import OrderInfo, RateInfo
from openoutcry.protocol.stream import OrderAmended, Welcome


class Quiet(Bot):
    def __init__(self):
        self.refused = []

    def on_refused(self, refusal):
        self.refused.append(refusal)

    def on_event(self, event):
        """Every other message too."""


@pytest.fixture
def acting():
    return Acting(Quiet)


def buy(acting, quantity=10, price=5.0):
    return acting.do(lambda bot: bot.buy(CALL, quantity, price))


def test_a_sum_that_misses_the_tick_by_an_error_of_arithmetic_is_on_it(acting):
    sell = acting.do(lambda bot: bot.sell(CALL, 1, 229.27 + 5 * 0.01))
    bid, offer = acting.do(lambda bot: (bot.buy(CALL, 1, 229.274), bot.sell(CALL, 1, 229.274)))
    assert (sell.price, bid.price, offer.price) == (229.32, 229.27, 229.28)


def info(order_id, client_order_id=None, quantity=10, remaining=10):
    return OrderInfo(
        order_id=order_id,
        client_order_id=client_order_id,
        instrument_id=CALL,
        side="buy",
        price=5.0,
        quantity=quantity,
        remaining_quantity=remaining,
        status="open",
        time_in_force="day",
        post_only=False,
        submitted_at="2024-01-15T10:00:00.001000Z",
    )


def test_an_order_is_pending_then_accepted_then_what_events_say(acting):
    order = buy(acting)
    assert (order.status, order.order_id, order.is_working, order.is_answered) == ("pending", None, True, False)
    acting.line.accept("ORD_1")
    assert (order.status, order.order_id, order.is_answered, order.is_refused) == ("accepted", "ORD_1", True, False)
    acting.hear(acknowledged("ORD_1"))
    assert (order.status, order.remaining_quantity) == ("open", 10)
    acting.hear(filled("ORD_1", 4))
    assert (order.status, order.filled_quantity, order.remaining_quantity) == ("partially_filled", 4, 6)
    assert order.average_price == 5.0
    assert list(acting.bot.orders) == [order]
    acting.hear(filled("ORD_1", 6, so_far=10))
    assert (order.status, order.remaining_quantity, len(acting.bot.orders)) == ("filled", 0, 0)
    assert acting.bot.orders.get("ORD_1") is order


EVENTS = {
    "filled": (acknowledged("ORD_1"), filled("ORD_1", 10)),
    "cancelled": (acknowledged("ORD_1"), filled("ORD_1", 3), cancelled("ORD_1")),
    "partially_filled": (acknowledged("ORD_1"), filled("ORD_1", 3)),
    "open": (acknowledged("ORD_1"),),
}


@pytest.mark.parametrize("verdict", [Verdict(order_id="ORD_1"), "lost"], ids=["accepted", "lost"])
@pytest.mark.parametrize("status", EVENTS)
def test_a_verdict_may_come_between_any_two_events(status, verdict):
    events = EVENTS[status]
    for before in range(len(events) + 1):
        acting = Acting(Quiet)
        order = buy(acting)
        acting.hear(*events[:before])
        acting.line.refuse(OUTCOME_UNKNOWN) if verdict == "lost" else acting.line.answer(verdict)
        if verdict == "lost" and not before:
            assert (order.status, order.error.code, len(acting.bot.orders)) == ("unknown", OUTCOME_UNKNOWN, 0)
        acting.hear(*events[before:])
        assert (order.status, order.error, order.order_id) == (status, None, "ORD_1")
        assert (order in acting.bot.orders) == order.is_working == (status in ("open", "partially_filled"))
        assert len(acting.bot.refused) == (verdict == "lost" and not before)


def test_a_refused_order_works_no_more_and_the_bot_is_told_why(acting):
    order = buy(acting)
    acting.line.refuse("PRICE_OUT_OF_BAND")
    assert (order.status, order.error.code, order.remaining_quantity) == ("refused", "PRICE_OUT_OF_BAND", 0)
    assert len(acting.bot.orders) == 0
    [refusal] = acting.bot.refused
    assert (refusal.code, refusal.order, refusal.instrument_id) == ("PRICE_OUT_OF_BAND", order, CALL)
    assert isinstance(refusal.question, Submit)
    assert refusal.question.order.client_order_id == order.client_order_id


def test_an_amended_order_that_has_traded_stays_partially_filled(acting):
    order = buy(acting)
    acting.line.accept("ORD_1")
    acting.hear(acknowledged("ORD_1"), filled("ORD_1", 4))
    acting.do(lambda bot: bot.amend(order, quantity=8.7, price=4.999))
    [question] = acting.line.asked
    assert (question.order_id, question.terms.quantity, question.terms.price) == ("ORD_1", 8, 4.99)
    amended = structs.replace(
        EXAMPLE[OrderAmended],
        order_id="ORD_1",
        client_order_id="t1",
        instrument_id=CALL,
        quantity=8,
        remaining_quantity=4,
        price=4.99,
    )
    acting.hear(amended)
    assert (order.status, order.quantity, order.remaining_quantity, order.price) == ("partially_filled", 8, 4, 4.99)


def test_orders_from_before_and_sides_of_quotes_are_taken_in_from_events(acting):
    acting.hear(filled("ORD_7", 2, client_order_id=None))
    [order] = acting.bot.orders
    assert (order.order_id, order.quantity, order.remaining_quantity) == ("ORD_7", 10, 8)
    assert (order.is_answered, order.status) == (True, "partially_filled")
    acting.hear(cancelled("ORD_7", None), cancelled("ORD_8", None))
    assert (len(acting.bot.orders), order.status) == (0, "cancelled")


def test_a_client_order_id_that_is_used_again_is_another_order(acting):
    first = buy(acting)
    acting.line.accept("ORD_1")
    acting.hear(acknowledged("ORD_1"), acknowledged("ORD_2"))
    assert [order.order_id for order in acting.bot.orders] == ["ORD_1", "ORD_2"]
    assert first.order_id == "ORD_1"


def test_a_bot_begins_with_the_orders_that_its_team_has():
    acting = Acting(Quiet, orders=[info("ORD_3", remaining=4), info("ORD_4")])
    assert [(order.status, order.filled_quantity) for order in acting.bot.orders] == [
        ("partially_filled", 6),
        ("open", 0),
    ]
    acting.hear(cancelled("ORD_3", None))
    assert [order.order_id for order in acting.bot.orders] == ["ORD_4"]


@pytest.mark.parametrize("omitted", [0, 3])
def test_after_lost_events_the_exchange_says_which_orders_there_are(acting, omitted):
    gone, kept, pending = buy(acting), buy(acting), buy(acting)
    acting.line.accept("ORD_1")
    acting.line.accept("ORD_2")
    acting.hear(acknowledged("ORD_1", "t1"), acknowledged("ORD_2", "t2"))
    account = structs.replace(EXAMPLE[Welcome].account, cash=77.0)
    welcome = structs.replace(
        EXAMPLE[Welcome],
        orders=[info("ORD_2", "t2", remaining=1)],
        orders_omitted=omitted,
        positions={CALL: 9, "OLD": 0},
        account=account,
    )
    acting.hear(StreamReset(after_seq=9, welcome=welcome))
    assert gone.status == ("open" if omitted else "unknown")
    assert (kept.status, kept.filled_quantity, pending.status) == ("partially_filled", 9, "pending")
    assert (acting.bot.positions, acting.bot.cash) == ({CALL: 9}, 77.0)
    acting.hear(filled("ORD_1", 1))
    assert (gone.status, gone in acting.bot.orders) == ("partially_filled", True)


def test_orders_that_are_done_are_forgotten_after_a_while():
    orders = Orders()
    for number in range(3 * MAX_FINISHED):
        orders.acknowledged(acknowledged(f"ORD_{number}", f"c{number}"))
        orders.cancelled(cancelled(f"ORD_{number}", f"c{number}"))
    assert len(orders) == 0
    assert orders.get("ORD_0") is None
    assert orders.get(f"ORD_{3 * MAX_FINISHED - 1}").status == "cancelled"
    assert max(len(kept) for kept in vars(orders).values()) <= MAX_FINISHED


def test_an_unknown_order_that_shows_is_not_forgotten_while_it_works():
    orders = Orders()
    orders.acknowledged(acknowledged("ORD_X", "x"))
    kept = orders.get("ORD_X")
    orders.begin([])
    assert kept.status == "unknown"
    orders.acknowledged(acknowledged("ORD_X", "x"))
    for number in range(2 * MAX_FINISHED):
        orders.cancelled(cancelled(f"ORD_{number}", None))
    assert (list(orders), orders.get("ORD_X")) == ([kept], kept)


# ---- cancelling what has no verdict yet


def test_an_order_without_a_verdict_is_cancelled_once_it_is_known(acting):
    for number, is_told_first in enumerate((False, True), 1):
        order = buy(acting)
        asked = acting.do(lambda bot, order=order: bot.cancel(order))
        assert [type(each) for each in acting.line.asked] == [Submit]
        name = f"ORD_{number}"
        if is_told_first:
            acting.hear(acknowledged(name, order.client_order_id))
            assert [type(each) for each in acting.line.asked] == [Submit, Cancel]
        acting.line.accept(name)
        assert acting.line.asked == [Cancel(name)]
        assert not asked.is_answered
        acting.line.answer()
        acting.hear(cancelled(name, order.client_order_id))
        assert (asked.is_answered, asked.error, order.status) == (True, None, "cancelled")
    assert acting.bot.refused == []


def test_an_order_that_is_refused_needs_no_cancel_and_one_that_is_lost_is_cancelled_if_it_shows(acting):
    refused, lost = buy(acting), buy(acting)
    asked = [acting.do(lambda bot, order=order: bot.cancel(order)) for order in (refused, lost)]
    acting.line.refuse("MISSING_PRICE")
    acting.line.refuse(OUTCOME_UNKNOWN)
    assert [(each.is_answered, each.is_refused) for each in asked] == [(True, False), (True, True)]
    assert acting.line.asked == []
    assert acting.do(lambda bot: bot.cancel(refused)).error is None
    acting.hear(acknowledged("ORD_2", lost.client_order_id))
    assert acting.line.asked == [Cancel("ORD_2")]
    acting.line.refuse("CANCEL_FAILED")
    assert [refusal.code for refusal in acting.bot.refused] == ["MISSING_PRICE", OUTCOME_UNKNOWN]


def test_a_cancel_of_an_order_whose_answer_is_lost_is_kept_for_the_event_that_shows_it(acting):
    lost = buy(acting)
    acting.line.refuse(OUTCOME_UNKNOWN)
    assert acting.do(lambda bot: bot.cancel(lost)).error.code == OUTCOME_UNKNOWN
    acting.hear(acknowledged("ORD_1"), filled("ORD_1", 3))
    assert acting.line.asked == [Cancel("ORD_1")]
    acting.line.answer()
    acting.hear(cancelled("ORD_1"))
    assert (lost.status, lost.filled_quantity, lost.error) == ("cancelled", 3, None)


def test_an_order_that_has_not_left_is_never_sent():
    acting = Acting(Quiet, rates={"orders": RateInfo(per_second=1, burst=1)})
    first, second, third = (buy(acting) for _ in range(3))
    asked = acting.do(lambda bot: bot.cancel(second))
    assert (second.status, second.error.code, asked.error) == ("cancelled", WITHDRAWN, None)
    acting.line.pass_seconds(10)
    assert [each.order.client_order_id for each in acting.line.asked] == ["t1", "t3"]
    assert list(acting.bot.orders) == [first, third]


def test_cancel_all_reaches_orders_in_the_book_under_way_and_unsent():
    acting = Acting(Quiet, rates={"orders": RateInfo(per_second=1, burst=2)})
    in_book, under_way, unsent = (buy(acting) for _ in range(3))
    acting.line.accept("ORD_1")
    acting.hear(acknowledged("ORD_1"))
    acting.do(lambda bot: bot.cancel_all())
    assert unsent.status == "cancelled"
    assert acting.line.asked[1:] == [CancelAll()]
    acting.line.answer(Verdict(cancelled=["ORD_1"]), of=1)
    acting.line.accept("ORD_2")
    assert acting.line.asked == [Cancel("ORD_2")]  # it has overtaken the request to cancel all
    acting.line.answer()
    acting.hear(cancelled("ORD_1"), cancelled("ORD_2", "t2"))
    assert (in_book.status, under_way.status, len(acting.bot.orders)) == ("cancelled", "cancelled", 0)
    acting.line.pass_seconds(10)
    assert acting.line.asked == []


def test_what_cancel_all_has_cancelled_is_not_cancelled_again(acting):
    buy(acting)
    acting.do(lambda bot: bot.cancel_all(CALL, "buy"))
    acting.line.accept("ORD_1")
    acting.line.answer(Verdict(cancelled=["ORD_1"]))
    assert acting.line.asked == []


def test_an_amendment_waits_for_the_verdict(acting):
    order, refused = buy(acting), buy(acting)
    good = acting.do(lambda bot: bot.amend(order, price=6.0))
    bad = acting.do(lambda bot: bot.amend(refused, price=6.0))
    assert all(isinstance(each, Submit) for each in acting.line.asked)
    acting.line.accept("ORD_1")
    acting.line.refuse("PRICE_OUT_OF_BAND")
    [question] = acting.line.asked
    assert (question.order_id, question.terms.price) == ("ORD_1", 6.0)
    acting.line.answer()
    assert (good.error, bad.error.code) == (None, "AMEND_FAILED")
    late = acting.do(lambda bot: bot.amend(refused, price=6.0))
    assert late.is_refused
    refusals = sorted((refusal.code, type(refusal.question).__name__) for refusal in acting.bot.refused)
    assert refusals == [("AMEND_FAILED", "Amend"), ("AMEND_FAILED", "Amend"), ("PRICE_OUT_OF_BAND", "Submit")]


def test_every_order_has_an_id_of_its_own(acting):
    ids = [buy(acting).client_order_id for _ in range(5)]
    assert ids == [f"t{number}" for number in range(1, 6)]
    assert all(a != b for a, b in itertools.pairwise(ids))
