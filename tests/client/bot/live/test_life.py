"""A bot on a live exchange: it trades, is told in order, and leaves no order behind."""

import asyncio

import pytest
from client_stage import CALL, PUT, until

from openoutcry import Bot, Refusal
from openoutcry.client import Client, ExecutionReport, NewOrderAck
from openoutcry.client.bot.handlers import Handled
from openoutcry.client.bot.line import Submit


class Quiet(Bot):
    role = "hedge_fund"

    def __init__(self) -> None:
        self.told: list[str] = []
        self.refusals: list[Refusal] = []

    def on_refused(self, refusal: Refusal) -> None:
        self.refusals.append(refusal)

    def on_new_order_ack(self, ack: NewOrderAck) -> None:
        self.told.append("acknowledged")

    def on_execution_report(self, fill: ExecutionReport) -> None:
        self.told.append("filled")


async def test_it_trades_and_knows_its_position(living, rival):
    bot = Quiet()
    async with living(bot) as life:
        order = bot.buy(CALL, 2, 40.004)
        assert order.status == "pending"
        await order.verdict()
        await until(lambda: order.status == "open")
        assert order.price == 40.0
        assert rival.submit_order(instrument_id=CALL, side="sell", quantity=2, price=40.0).success
        await until(lambda: bot.positions[CALL] == 2)
        assert (order.status, order.average_price, len(bot.orders)) == ("filled", 40.0, 0)
        assert bot.told == ["acknowledged", "filled"]
    assert life.ended == "the test is over"
    assert life.run.counts.fills == 1


async def test_its_orders_are_cancelled_at_its_end_and_the_cancel_is_confirmed(living, exchange):
    bot = Quiet()
    async with living(bot) as life:
        orders = [bot.buy(CALL, 1, 10.0 + number) for number in range(20)]
        await until(lambda: len(bot.told) == 20)
        key = life.client.api_key
        life.stop("enough")
        await life.task
        assert [order.status for order in orders] == ["cancelled"] * 20
    with Client(exchange.url, key) as api:
        assert api.get_account().data["account"]["open_orders"] == 0


async def test_orders_that_have_no_verdict_yet_when_it_ends_are_cancelled_too(living, exchange):
    bot = Quiet()
    async with living(bot) as life:
        for number in range(20):
            bot.buy(CALL, 1, 10.0 + number)
    assert len(life.run.orders) == 0
    with Client(exchange.url, life.client.api_key) as api:
        assert api.get_account().data["account"]["open_orders"] == 0
        assert len(api.get_closed_orders().data["orders"]) == 20


async def test_a_refusal_reaches_the_bot_with_its_code(living):
    bot = Quiet()
    async with living(bot):
        order = bot.buy("NO_SUCH_THING", 1, 10.0)
        await order.verdict()
        await until(lambda: bot.refusals)
        (refusal,) = bot.refusals
        assert (refusal.code, refusal.order, order.status) == ("INVALID_INSTRUMENT", order, "refused")
        assert isinstance(refusal.question, Submit)


async def test_cancel_and_amend_reach_the_exchange(living):
    bot = Quiet()
    async with living(bot):
        order = bot.buy(CALL, 3, 10.0)
        at_once = bot.buy(PUT, 1, 10.0)
        bot.cancel(at_once)  # before its verdict
        await order.verdict()
        assert not (await bot.amend(order, price=11.0).verdict()).is_refused
        await until(lambda: order.price == 11.0 and at_once.status == "cancelled")
        bot.cancel_all()
        kept = bot.buy(PUT, 1, 9.0)  # must not arrive before the cancel
        await until(lambda: order.status == "cancelled" and kept.status == "open")


async def test_a_handler_that_waits_holds_messages_back_and_gets_its_verdict(living):
    class Patient(Quiet):
        async def on_new_order_ack(self, ack: NewOrderAck) -> None:
            self.told.append("begins")
            if len(self.told) == 1:
                await self.buy(CALL, 1, 11.0).verdict()
            self.told.append("ends")

    bot = Patient()
    async with living(bot):
        bot.buy(CALL, 1, 10.0)
        await until(lambda: len(bot.told) == 4)
        assert bot.told == ["begins", "ends", "begins", "ends"]


async def test_a_bot_begins_with_the_orders_and_positions_of_its_team(living, exchange, rival, team_name):
    name = team_name()
    async with living(Quiet(), name=name) as first:
        with Client(exchange.url, first.client.api_key) as other_program:
            other_program.submit_order(instrument_id=CALL, side="buy", quantity=1, price=40.0)
            rival.submit_order(instrument_id=CALL, side="sell", quantity=1, price=40.0)
            await until(lambda: first.run.positions[CALL] == 1)
    with Client(exchange.url, first.client.api_key) as other_program:
        order_id = other_program.submit_order(instrument_id=CALL, side="buy", quantity=1, price=20.0).order_id
    bot = Quiet()
    async with living(bot, name=name):
        assert [order.order_id for order in bot.orders] == [order_id]
        assert (bot.positions[CALL], bot.cash) == (1, bot.account.cash)
        assert bot.account.rates["orders"].per_second > 0


async def test_a_handler_that_raises_ends_the_bot_and_cancels_its_orders(living, exchange, caplog):
    class Broken(Quiet):
        def on_new_order_ack(self, ack: NewOrderAck) -> None:
            raise ZeroDivisionError("no")

    bot = Broken()
    async with living(bot) as life:
        order = bot.buy(CALL, 1, 10.0)
        await life.task
        assert order.status == "cancelled"
    assert life.ended == "on_new_order_ack raised ZeroDivisionError: no"
    assert "in on_new_order_ack" in caplog.text


async def test_a_channel_that_the_exchange_does_not_have_ends_the_bot(living):
    class OfTomorrow(Quiet):
        """Of a newer client: this one knows that there is no such channel."""

    OfTomorrow.handled = Handled(frozenset(), ("gossip:*",))
    async with living(OfTomorrow()) as life:
        await life.task
    assert "there is no channel 'gossip:*'" in life.ended


async def test_a_maintained_book_follows_the_exchange(living, rival):
    class Reader(Quiet):
        def on_book(self, book) -> None:
            self.told.append(str(book.best_bid and book.best_bid.price))

    bot = Reader()
    async with living(bot):
        rival.submit_order(instrument_id=PUT, side="buy", quantity=1, price=12.0)
        await until(lambda: bot.told and bot.told[-1] == "12.0")
        assert bot.books[PUT].synced
        bot._run.line.subscribe([f"book:{PUT}"])  # as for a book that is wrong
        rival.submit_order(instrument_id=PUT, side="buy", quantity=1, price=13.0)
        await until(lambda: bot.told[-1] == "13.0")


@pytest.mark.parametrize("raises", [RuntimeError, asyncio.CancelledError])
async def test_on_stop_is_called_and_may_fail(living, raises):
    class Ending(Quiet):
        async def on_stop(self) -> None:
            self.told.append("stopping")
            raise raises

    bot = Ending()
    async with living(bot) as life:
        bot.buy(CALL, 1, 10.0)
        await until(lambda: bot.told)
    assert bot.told == ["acknowledged", "stopping"]
    assert len(life.run.orders) == 0
