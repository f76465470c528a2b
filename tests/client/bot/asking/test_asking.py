"""What a bot can ask, on a real exchange."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from bot_stage import PUT, BotStage
from operations_stage import limit_order
from venues import CALL

from openoutcry import Bot
from openoutcry.operations.order_entry import submit_order


class Asking(Bot):
    """Does in a handler what a test says, and notes refusals."""

    def __init__(self):
        self.refused = []

    def on_refused(self, refusal):
        self.refused.append((refusal.code, refusal.instrument_id))


@pytest.fixture
def stage():
    stage = BotStage()
    yield stage
    stage.exchange.close()


@pytest.fixture
def run(stage):
    return stage.join(Asking)


@pytest.fixture
def do(stage, run):
    """`do(act)`: what `act(bot)` returns, called in a handler of the bot; then time passes until all has arrived."""
    return lambda act: done_in(stage, run, act)


def done_in(stage, run, act):
    done = []
    with stage.loop.running():
        run.tell("a test", lambda: done.append(act(run.bot)))
    stage.pass_seconds(0.1)
    return done[0]


def test_orders_are_put_on_the_grid_and_what_cannot_be_is_refused(run, do):
    bid = do(lambda bot: bot.buy(CALL, 2.9, 100.019))
    offer = do(lambda bot: bot.sell(PUT, 3, 7.001))
    assert [(order.status, order.price, order.quantity) for order in (bid, offer)] == [
        ("open", 100.01, 2),
        ("open", 7.01, 3),
    ]
    for name, quantity in (("NOTHING", 1), (CALL, 0.5), (CALL, -1)):
        order = do(lambda bot, name=name, quantity=quantity: bot.buy(name, quantity, 5.0))
        assert order.status == "refused"
    assert [instrument for _, instrument in run.bot.refused] == ["NOTHING", CALL, CALL]


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda bot: bot.buy(CALL, 1, float("nan")), "price is nan: it must be a finite number"),
        (lambda bot: bot.buy(CALL, 1, "5"), "price is '5': it must be a number"),
        (lambda bot: bot.sell(CALL, float("inf"), 5), "quantity is inf: it must be a finite number"),
        (lambda bot: bot.sell("NOTHING", float("nan"), 5), "quantity is nan: it must be a finite number"),
        (lambda bot: bot.sell(CALL, None, 5), "quantity is None: it must be a number"),
        (lambda bot: bot.buy([CALL], 1, 5), "must be an id of self.instruments"),
        (lambda bot: bot.quote(CALL, 5, "6", 1), "price is '6': it must be a number"),
        (lambda bot: bot.cancel("ORD_1"), "'ORD_1' is no order: pass the handle"),
        (lambda bot: bot.amend(None, price=5), "None is no order: pass the handle"),
    ],
)
def test_what_is_no_number_and_no_order_is_said_where_it_is_asked(run, do, act, said):
    def acting(bot):
        with pytest.raises((TypeError, ValueError), match=said):
            act(bot)

    do(acting)
    assert run.counts.asked == 0


def test_a_bid_never_costs_more_than_was_asked_for(run, do):
    for price in (-5, 0, 0.004):
        assert do(lambda bot, price=price: bot.buy(CALL, 1, price)).status == "refused"
    assert do(lambda bot: bot.sell(CALL, 1, -5)).price == 0.01


def test_a_bot_asks_in_the_thread_of_its_handlers_alone(do):
    def in_a_thread(bot):
        with ThreadPoolExecutor() as threads, pytest.raises(RuntimeError, match="asks in another thread"):
            threads.submit(bot.buy, CALL, 1, 5).result()

    do(in_a_thread)


def test_an_order_at_the_market_is_filled_or_gone(stage, run, do):
    stage.rival().ask(submit_order, limit_order("sell", 2, 100.0))
    order = do(lambda bot: bot.buy(CALL, 2))
    gone = do(lambda bot: bot.buy(CALL, 2, time_in_force="ioc"))
    assert (order.status, order.average_price, order.price) == ("filled", 100.0, None)
    assert not gone.is_working
    assert run.positions == {CALL: 2}


def test_orders_are_amended_and_cancelled(run, do):
    order = do(lambda bot: bot.buy(CALL, 5, 10.0))
    assert do(lambda bot: bot.amend(order, price=11.0, quantity=4)).error is None
    assert (order.price, order.quantity, order.status) == (11.0, 4, "open")
    assert do(lambda bot: bot.cancel(order)).error is None
    assert (order.status, len(run.orders)) == ("cancelled", 0)
    assert do(lambda bot: bot.amend(order, price=12.0)).error.code == "AMEND_FAILED"
    assert run.bot.refused == [("AMEND_FAILED", CALL)]


def test_what_is_asked_in_one_turn_is_carried_out_in_order(run, do):
    def act(bot):
        first = bot.buy(CALL, 5, 10.0)
        bot.amend(first, quantity=3)
        second = bot.buy(CALL, 5, 9.0)
        bot.cancel(second)
        return first, second

    first, second = do(act)
    assert (first.status, first.quantity, second.status) == ("open", 3, "cancelled")
    assert run.bot.refused == []


def test_quotes_are_replaced_withdrawn_and_cancelled(run, do):
    do(lambda bot: [bot.quote(name, 5.0, 6.0, 2) for name in (CALL, PUT)])
    assert sorted((order.instrument_id, order.side, order.price) for order in run.orders) == [
        (CALL, "buy", 5.0),
        (CALL, "sell", 6.0),
        (PUT, "buy", 5.0),
        (PUT, "sell", 6.0),
    ]
    do(lambda bot: bot.quote(CALL, 5.1, None, 2))
    assert [(order.side, order.price) for order in run.orders.working(CALL)] == [("buy", 5.1)]
    do(lambda bot: bot.cancel_all(side="buy"))
    assert [(order.instrument_id, order.side) for order in run.orders] == [(PUT, "sell")]
    do(lambda bot: bot.cancel_all(PUT))
    assert len(run.orders) == 0
    assert run.bot.refused == []


def test_a_role_that_may_not_quote_is_told(stage):
    run = stage.join(Asking, role="hedge_fund")
    assert done_in(stage, run, lambda bot: bot.quote(CALL, 5.0, 6.0, 2)).is_refused
    [(code, _)] = run.bot.refused
    assert code in run.counts.refusals


def test_protection_is_set_triggers_and_is_reset(stage):
    class Noting(Asking):
        def on_protection_triggered(self, protection):
            self.refused.append((protection.limit, protection.group))

    run = stage.join(Noting)
    rival = stage.rival()

    def do(act):
        return done_in(stage, run, act)

    assert do(lambda bot: bot.protect_quotes("SPX", quantity=2, interval_seconds=60)).error is None
    do(lambda bot: bot.quote(CALL, 5.0, 6.0, 2))
    rival.ask(submit_order, limit_order("buy", 2, 6.0))
    stage.pass_seconds(0.1)
    assert run.bot.refused == [("quantity", "SPX")]
    assert len(run.orders) == 0
    assert do(lambda bot: bot.quote(CALL, 5.0, 6.0, 2)).is_refused
    assert do(lambda bot: bot.reset_protection("SPX")).error is None
    assert do(lambda bot: bot.quote(CALL, 5.0, 6.0, 2)).error is None
    assert len(run.orders) == 2


def test_an_async_handler_trades_in_the_time_of_the_exchange(stage):
    class Patient(Bot):
        async def on_start(self):
            order = await self.buy(CALL, 1, 5.0).verdict()
            await asyncio.sleep(30)
            self.asked = await self.cancel(order).verdict()
            self.quoted = await self.quote(CALL, 5.0, 6.0, 1).verdict()
            self.stop("done")

    begun = stage.time.now()
    run = stage.join(Patient)
    stage.pass_seconds(31)
    assert (run.stop_reason, run.bot.asked.error, run.bot.quoted.error) == ("done", None, None)
    stage.end(run)
    stage.pass_seconds(0.1)
    assert len(run.orders) == 0
    assert stage.time.now() - begun < 32_000_000
