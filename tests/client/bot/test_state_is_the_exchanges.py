"""Whatever a bot does, and however verdicts and events come: when all is quiet, it knows what the exchange knows."""

import asyncio
import logging
from random import Random

import pytest
from bot_stage import BotStage, handed_to
from hypothesis import given, settings
from hypothesis import strategies as st
from operations_stage import limit_order
from venues import CALL

from openoutcry import Bot
from openoutcry.client.bot.line import OUTCOME_UNKNOWN, Verdict
from openoutcry.client.bot.run import Run
from openoutcry.client.http.response import ApiError
from openoutcry.lab.lines.line import LabLine
from openoutcry.operations.order_entry import submit_order
from openoutcry.operations.own.account import show_account, show_positions
from openoutcry.operations.own.orders import list_orders, show_order
from openoutcry.protocol.queries import OrdersQuery

SECONDS = 0.05
"""The longest that anything is on its way."""
LOST = Verdict(error=ApiError(code=OUTCOME_UNKNOWN, message="its answer is lost"))


class LooseLine(LabLine):
    """A line on which requests overtake each other, verdicts come before or after the events of their orders, and some
    answers are lost. Only messages keep their order.
    """

    def __init__(self, *arguments, random, lost):
        super().__init__(*arguments)
        self._random, self._lost = random, lost

    def ask(self, question, answered):
        def arrives():
            verdict = self._carry_out(question)
            if self._random.random() < self._lost:
                verdict = LOST
            self._time.call_later(self._random.random() * SECONDS, lambda: answered(verdict))

        self._time.call_later(self._random.random() * SECONDS, arrives)


class Jumpy:
    """A latency that differs each time; in microseconds."""

    def __init__(self, random):
        self._random = random

    def there(self):
        return self._random.randrange(round(SECONDS * 1_000_000))

    back = there


class Doing(Bot):
    """Does what a test says. Its async handlers make messages wait."""

    after_error = "go_on"

    def __init__(self, random):
        self.chance = random
        self.made = []

    async def on_execution_report(self, fill):
        await asyncio.sleep(self.chance.random() * SECONDS)

    def on_refused(self, refusal):
        """Nobody is surprised."""

    def act(self, name, number):
        price = 100.0 + number
        match name:
            case "buy" | "sell":
                self.made.append(getattr(self, name)(CALL, 1 + 2 * number, price))
            case "market":
                self.made.append(self.buy(CALL, 1 + number))
            case "amend" if self.made:
                self.amend(self.made[number % len(self.made)], price=price, quantity=1 + number)
            case "cancel" if self.made:
                self.cancel(self.made[-1 - number % len(self.made)])
            case "cancel_all":
                self.cancel_all(side=(None, "buy", "sell")[number % 3])
            case "quote":
                self.quote(CALL, price - 1, price + 1, number % 4)
            case "fail":
                raise ValueError("a planted failure")
            case _:
                pass


ACTIONS = {
    "buy": 8,
    "sell": 8,
    "market": 3,
    "amend": 6,
    "cancel": 3,
    "cancel_all": 1,
    "quote": 5,
    "rival buys": 6,
    "rival sells": 6,
    "fail": 0.5,
}
"""Each with how often it happens, beside the others."""


@pytest.fixture(autouse=True)
def quiet_log(caplog):
    caplog.set_level(logging.CRITICAL)


@settings(max_examples=80)
@given(
    number=st.integers(0, 50),
    seed=st.integers(0, 1_000_000),
    lost=st.sampled_from([0.0, 0.3]),
)
def test_a_bot_knows_what_the_exchange_knows(number, seed, lost):
    random = Random(seed)
    stage = BotStage()
    team, rival = stage.register(), stage.rival()

    latency = Jumpy(random)
    line = LooseLine(stage.exchange, stage.time, team.team_id, stage.buckets, latency, random=random, lost=lost)
    bot = Doing(random)
    run = Run(bot, line, random, logging.getLogger("bot.doing"))
    line.receive = handed_to(run)
    with stage.loop.running():
        run.begin(line.standing())
    for turn, name in enumerate(random.choices(list(ACTIONS), ACTIONS.values(), k=number)):
        argument = random.randrange(6)
        if name.startswith("rival"):
            side = "buy" if name == "rival buys" else "sell"
            rival.ask(submit_order, limit_order(side, 1 + argument, 100.0 + argument))
        else:
            with stage.loop.running():
                run.tell(name, lambda name=name, argument=argument: bot.act(name, argument))
        stage.pass_seconds(random.choice([0.0, 0.01, 0.03]))
        if turn == number // 2:
            compare(stage, run)
    compare(stage, run)
    if not lost:
        stage.end(run)
        compare(stage, run)
        assert len(bot.orders) == 0
    stage.exchange.close()


def compare(stage, run):
    """Let everything arrive, and see that the bot knows how things stand."""
    stage.pass_seconds(60 * SECONDS)
    assert (run.doing, len(run.sending._places)) == (None, 0)
    bot, team = run.bot, stage.team_of(run)
    shown = {order.order_id: order for order in team.ask(list_orders, OrdersQuery()).data.orders}
    known = {order.order_id: order for order in bot.orders}
    assert known.keys() == shown.keys()
    for order_id, order in known.items():
        info = shown[order_id]
        assert (order.status, order.side, order.price) == (info.status, info.side, info.price)
        assert (order.quantity, order.remaining_quantity) == (info.quantity, info.remaining_quantity)
    for order in bot.made:
        if order.order_id is not None:
            info = team.ask(show_order, order.order_id).data.order
            assert (order.status, order.quantity) == (info.status, info.quantity)
        else:
            assert order.status in ("refused", "cancelled", "unknown")
    positions = team.ask(show_positions).data.positions
    assert bot.positions == {name: net for name, net in positions.items() if net}
    assert bot.cash == team.ask(show_account).data.account.cash
