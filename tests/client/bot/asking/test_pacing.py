"""A bot stays under its rate limits, and what waits for them keeps its place."""

import asyncio

import pytest
from bot_stage import EXAMPLE, Acting
from venues import CALL

from openoutcry import Bot
from openoutcry.client.bot.asking.pacing import MARGIN, Pace
from openoutcry.client.bot.asking.sending import MAX_WAITING
from openoutcry.client.bot.line import Cancel, CancelAll, Quote, Submit, Verdict
from openoutcry.client.bot.order import WITHDRAWN
from openoutcry.domain.types import MAX_QUOTES_PER_REQUEST
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.protocol.responses import QuoteResult, RateInfo
from openoutcry.protocol.stream import News

PUT = "SPX_PUT_4500_20240315"
RATE = {"orders": RateInfo(per_second=1, burst=2)}
LIMITED = "RATE_LIMIT_EXCEEDED"


class Quiet(Bot):
    def __init__(self):
        self.refused = []

    def on_refused(self, refusal):
        self.refused.append(refusal.code)


def names(questions):
    return [each.order.client_order_id for each in questions if isinstance(each, Submit)]


class Sent:
    def __init__(self, rate):
        self.time = VirtualTime()
        self.pace = Pace(rate, lambda: self.time.now() / 1_000_000, self.time.call_later)
        self.sent, self.dropped = [], []

    def send(self, name, tokens=1.0, place=None):
        return self.pace.send(tokens, lambda: self.sent.append(name), lambda: self.dropped.append(name), place)


def test_a_burst_leaves_at_once_and_the_rest_at_the_rate():
    stage = Sent(RateInfo(per_second=10, burst=5))
    begun = stage.time.now()
    for number in range(25):
        stage.send(number)
    assert stage.sent == list(range(5))
    while stage.time.leap():
        pass
    assert stage.sent == list(range(25))
    seconds = (stage.time.now() - begun) / 1_000_000
    assert 20 / 10 <= seconds < 20 / (10 * MARGIN) + 0.1
    assert len(stage.pace) == 0


def test_what_costs_more_than_a_full_bucket_leaves_it_in_debt():
    stage = Sent(RateInfo(per_second=1, burst=2))
    stage.send("large", tokens=5)
    stage.send("small")
    assert stage.sent == ["large"]
    stage.time.pass_seconds(3.9 / MARGIN)
    assert stage.sent == ["large"]
    stage.time.pass_seconds(0.2 / MARGIN)
    assert stage.sent == ["large", "small"]


def test_what_is_sent_again_has_its_place_back_and_what_is_withdrawn_has_none():
    stage = Sent(RateInfo(per_second=1, burst=2))
    first, second = stage.send("first"), stage.send("second")
    third, _fourth = stage.send("third"), stage.send("fourth")
    stage.pace.hold_back(3)
    stage.send("second again", place=second)
    stage.send("first again", place=first)
    assert (stage.pace.withdraw(third), stage.pace.withdraw(third), stage.dropped) == (True, False, ["third"])
    stage.time.pass_seconds(2.9)
    assert stage.sent == ["first", "second"]
    stage.time.pass_seconds(10)
    assert stage.sent == ["first", "second", "first again", "second again", "fourth"]


def test_without_a_known_rate_the_exchange_can_still_hold_a_bot_back():
    stage = Sent(None)
    stage.send("first")
    stage.pace.hold_back(2)
    stage.send("second")
    stage.send("third")
    stage.time.pass_seconds(1.9)
    assert stage.sent == ["first"]
    stage.time.pass_seconds(0.2)
    assert stage.sent == ["first", "second", "third"]


def test_everything_that_waits_can_be_dropped():
    stage = Sent(RateInfo(per_second=1, burst=1))
    for number in range(4):
        stage.send(number)
    stage.pace.drop()
    stage.time.pass_seconds(10)
    assert (stage.sent, stage.dropped, len(stage.pace)) == ([0], [1, 2, 3], 0)


# ---- orders


def test_an_order_that_the_rate_limit_refuses_is_sent_again_before_later_ones():
    acting = Acting(Quiet, rates=RATE)
    orders = [acting.do(lambda bot: bot.buy(CALL, 1, 5.0)) for _ in range(4)]
    assert names(acting.line.asked) == ["t1", "t2"]
    acting.line.refuse(LIMITED, retry_after=2.0)
    acting.line.refuse(LIMITED, retry_after=2.0)
    assert [order.status for order in orders] == ["pending"] * 4
    acting.line.pass_seconds(1.9)
    assert acting.line.asked == []
    acting.line.pass_seconds(10)
    assert names(acting.line.asked) == ["t1", "t2", "t3", "t4"]
    assert acting.bot.refused == []


def test_an_order_that_is_to_be_cancelled_is_not_sent_again():
    acting = Acting(Quiet, rates=RATE)
    order = acting.do(lambda bot: bot.buy(CALL, 1, 5.0))
    asked = acting.do(lambda bot: bot.cancel(order))
    acting.line.refuse(LIMITED, retry_after=1.0)
    acting.line.pass_seconds(10)
    assert (acting.line.asked, order.status, order.error.code, asked.error) == ([], "cancelled", WITHDRAWN, None)


def test_cancels_do_not_wait_behind_orders():
    acting = Acting(Quiet, rates=RATE | {"cancels": RateInfo(per_second=10, burst=10)})
    orders = [acting.do(lambda bot: bot.buy(CALL, 1, 5.0)) for _ in range(9)]
    acting.line.accept("ORD_1")
    acting.do(lambda bot: bot.cancel(orders[0]))
    assert acting.line.asked[-1] == Cancel("ORD_1")


def test_when_everything_is_dropped_each_request_is_answered():
    rates = {"orders": RateInfo(per_second=1, burst=1), "cancels": RateInfo(per_second=1, burst=1)}
    acting = Acting(Quiet, rates=rates)
    first, second = (acting.do(lambda bot: bot.buy(CALL, 1, 5.0)) for _ in range(2))
    acting.line.accept("ORD_1")
    asked = [
        acting.do(act)
        for act in (
            lambda bot: bot.cancel(first),
            lambda bot: bot.cancel_all(CALL),
            lambda bot: bot.cancel_all(),
            lambda bot: bot.amend(first, price=4.0),
            lambda bot: bot.quote(CALL, 4.0, 6.0, 1),
            lambda bot: bot.protect_quotes(quantity=10),
            lambda bot: bot.reset_protection(),
        )
    ]
    acting.do(lambda _bot: 1 / 0)
    assert second.status == "cancelled"
    assert [each.is_answered and each.error.code for each in asked[1:]] == [WITHDRAWN] * 6
    acting.line.pass_seconds(30)
    assert acting.line.asked == [Cancel("ORD_1"), CancelAll()]


def test_a_bot_that_asks_faster_than_it_can_be_served_is_refused():
    acting = Acting(Quiet, rates=RATE)
    orders = acting.do(lambda bot: [bot.buy(CALL, 1, 5.0) for _ in range(MAX_WAITING + 5)])
    assert [order.status for order in orders[-4:]] == ["pending"] * 4
    cancelled = acting.do(lambda bot: bot.cancel(orders[-1]))
    acting.line.pass_seconds(0.001)
    assert [order.status for order in orders[-4:]] == ["pending", "refused", "refused", "refused"]
    assert acting.bot.refused == [LIMITED] * 3
    assert (cancelled.is_answered, cancelled.error) == (True, None)
    assert len(acting.bot.orders) == MAX_WAITING + 2


def test_an_order_is_cancelled_once_unless_that_is_refused():
    acting = Acting(Quiet)
    order = acting.do(lambda bot: bot.buy(CALL, 1, 5.0))
    acting.line.accept("ORD_1")
    first = acting.do(lambda bot: bot.cancel(order))
    assert acting.do(lambda bot: bot.cancel(order)) is first
    acting.line.refuse("NOT_CONNECTED")
    second = acting.do(lambda bot: bot.cancel(order))
    assert second is not first
    acting.line.answer()
    assert acting.do(lambda bot: bot.cancel(order)) is second
    assert acting.line.asked == []


# ---- quotes


def quotes(question):
    assert isinstance(question, Quote)
    return [(quote.instrument_id, quote.bid_price, quote.ask_price) for quote in question.request.quotes]


def test_quotes_of_one_handler_leave_together_when_it_returns():
    acting = Acting(Quiet)

    def quote(bot):
        bot.quote(CALL, 4.004, 5.996, 2.9)
        bot.quote(PUT, 1.0, 2.0, 1)
        bot.quote(CALL, 4.504, 5.496, 2.9)
        return list(acting.line.asked)

    assert acting.do(quote) == []
    [question] = acting.line.asked
    assert quotes(question) == [(PUT, 1.0, 2.0), (CALL, 4.5, 5.5)]
    assert [(each.bid_quantity, each.ask_quantity) for each in question.request.quotes] == [(1, 1), (2, 2)]


@pytest.mark.parametrize("in_task", [False, True])
def test_an_async_handler_can_wait_for_the_verdict_on_its_quotes(in_task):
    class Awaiting(Quiet):
        def __init__(self):
            self.told = []

        def on_news(self, _news):
            if in_task:
                self.task = asyncio.ensure_future(self.work())
                return None
            return self.work()

        async def work(self):
            call, put = self.quote(CALL, 4.0, 6.0, 1), self.quote(PUT, 1.0, 2.0, 1)
            await call.verdict()
            self.told.append(put.is_answered)
            self.quote(PUT, 1.1, 1.9, 1)

    acting = Acting(Awaiting)
    acting.hear(EXAMPLE[News])
    acting.line.pass_seconds(0)
    [question] = acting.line.asked
    assert quotes(question) == [(CALL, 4.0, 6.0), (PUT, 1.0, 2.0)]
    both = [verdict_of_quote(name, "ORD_1", "ORD_2").quotes[0] for name in (CALL, PUT)]
    acting.line.answer(Verdict(quotes=both))
    acting.line.pass_seconds(0)
    assert (acting.bot.told, quotes(acting.line.asked[0])) == ([True], [(PUT, 1.1, 1.9)])
    assert len(acting.line.asked) == 1


def test_a_side_without_price_or_lots_is_withdrawn():
    acting = Acting(Quiet)
    asked = []
    for quote in (
        lambda bot: bot.quote(CALL, 4.0, None, 2),
        lambda bot: bot.quote(CALL, 4.0, 5.0, bid_quantity=0.4, ask_quantity=3),
        lambda bot: bot.quote(CALL, None, None),
    ):
        acting.do(quote)
        asked += acting.line.asked
        acting.line.answer(verdict_of_quote(CALL, "ORD_1", "ORD_2"))
    sides = [[(q.bid_price, q.bid_quantity, q.ask_price, q.ask_quantity)] for [q] in map(requests, asked)]
    assert sides == [[(4.0, 2, None, None)], [(None, None, 5.0, 3)], [(None, None, None, None)]]


def requests(question):
    return question.request.quotes


def test_a_quote_that_waits_gives_way_to_a_newer_one():
    acting = Acting(Quiet, rates={"orders": RateInfo(per_second=1, burst=1)})
    acting.do(lambda bot: bot.buy(CALL, 1, 5.0))
    older = acting.do(lambda bot: bot.quote(CALL, 4.0, 6.0, 1))
    newer = acting.do(lambda bot: bot.quote(CALL, 4.5, 5.5, 1))
    assert (older.is_answered, older.error.code, newer.is_answered) == (True, WITHDRAWN, False)
    acting.line.pass_seconds(10)
    assert quotes(acting.line.asked[1]) == [(CALL, 4.5, 5.5)]
    assert acting.bot.refused == []


def test_quotes_that_the_rate_limit_refuses_are_sent_again_with_the_newest():
    acting = Acting(Quiet, rates={"orders": RateInfo(per_second=10, burst=10)})

    def quote(bot):
        return bot.quote(CALL, 4.0, 6.0, 1), bot.quote(PUT, 1.0, 2.0, 1)

    call, put = acting.do(quote)
    newer = acting.do(lambda bot: bot.quote(CALL, 4.5, 5.5, 1))
    assert [quotes(each) for each in acting.line.asked] == [[(CALL, 4.0, 6.0), (PUT, 1.0, 2.0)]]
    acting.line.refuse(LIMITED, retry_after=1.0)
    assert (call.error.code, put.is_answered, newer.is_answered) == (WITHDRAWN, False, False)
    acting.line.pass_seconds(0.9)
    assert acting.line.asked == []
    newest = acting.do(lambda bot: bot.quote(PUT, 1.1, 1.9, 1))
    assert put.error.code == WITHDRAWN
    acting.line.pass_seconds(5)
    assert [quotes(each) for each in acting.line.asked] == [[(CALL, 4.5, 5.5), (PUT, 1.1, 1.9)]]
    assert not newest.is_answered
    assert acting.bot.refused == []


@pytest.mark.parametrize("verdict", ["accepted", "NOT_CONNECTED", "OUTCOME_UNKNOWN"])
def test_while_a_quote_has_no_verdict_only_the_newest_after_it_is_kept(verdict):
    acting = Acting(Quiet)
    acting.do(lambda bot: bot.quote(CALL, 4.0, 6.0, 1))
    stale = [acting.do(lambda bot, bid=bid: bot.quote(CALL, bid, 6.0, 1)) for bid in (4.1, 4.2, 4.3)]
    newest = acting.do(lambda bot: bot.quote(CALL, 4.4, 6.0, 1))
    acting.do(lambda bot: bot.quote(PUT, 1.0, 2.0, 1))
    assert [quotes(each) for each in acting.line.asked] == [[(CALL, 4.0, 6.0)], [(PUT, 1.0, 2.0)]]
    assert [each.error.code for each in stale] == [WITHDRAWN] * 3
    if verdict == "accepted":
        acting.line.answer(verdict_of_quote(CALL, "ORD_1", "ORD_2"))
    else:
        acting.line.refuse(verdict)
    assert [quotes(each) for each in acting.line.asked] == [[(PUT, 1.0, 2.0)], [(CALL, 4.4, 6.0)]]
    acting.line.answer(verdict_of_quote(CALL, "ORD_3", "ORD_4"), of=1)
    assert (newest.is_answered, newest.error) == (True, None)


def test_more_quotes_than_a_request_holds_leave_in_several():
    acting = Acting(Quiet)
    acting.do(lambda bot: [bot.quote(f"I{number}", 1.0, 2.0, 1) for number in range(2 * MAX_QUOTES_PER_REQUEST + 1)])
    assert [len(each.request.quotes) for each in acting.line.asked] == [MAX_QUOTES_PER_REQUEST] * 2 + [1]


def test_cancel_all_takes_quotes_back_that_wait_and_those_that_overtake_it():
    acting = Acting(Quiet)

    def both(bot):
        waiting = bot.quote(CALL, 4.0, 6.0, 1)
        bot.cancel_all()
        return waiting

    waiting = acting.do(both)
    assert (waiting.error.code, acting.line.asked) == (WITHDRAWN, [CancelAll()])
    acting.line.answer()
    acting.do(lambda bot: bot.quote(CALL, 4.0, 6.0, 1))
    acting.do(lambda bot: bot.quote(PUT, 4.0, 6.0, 1))
    acting.do(lambda bot: bot.cancel_all(side="sell"))
    acting.do(lambda bot: bot.quote(PUT, 4.0, 6.0, 2))
    acting.line.answer(of=2)
    answer = verdict_of_quote(CALL, "ORD_1", "ORD_2")
    acting.line.answer(answer)
    acting.line.answer(verdict_of_quote(PUT, "ORD_3", "ORD_4"))
    cancelled, quoted_anew = acting.line.asked
    assert (cancelled, quotes(quoted_anew)) == (Cancel("ORD_2"), [(PUT, 4.0, 6.0)])


def verdict_of_quote(instrument_id, bid_order_id, ask_order_id):
    result = QuoteResult(
        instrument_id=instrument_id, success=True, bid_order_id=bid_order_id, ask_order_id=ask_order_id
    )
    return Verdict(quotes=[result])


def test_a_side_is_taken_out_of_a_quote_that_waits():
    acting = Acting(Quiet)

    def both(bot):
        bot.quote(CALL, 4.0, 6.0, 1)
        bot.cancel_all(CALL, "buy")

    acting.do(both)
    assert quotes(acting.line.asked[-1]) == [(CALL, None, 6.0)]
