"""A bot that always wants more than its rate limit lets through, on an exchange that has one."""

import pytest
from bot_stage import PUT, BotStage
from msgspec import structs
from venues import CALL, SCENARIO

from openoutcry import Bot
from openoutcry.scenarios.model import Rate

RATE = Rate(per_second=20.0, burst=40)
LIMITED = structs.replace(
    SCENARIO,
    rate_limits=structs.replace(
        SCENARIO.rate_limits,
        orders=dict.fromkeys(SCENARIO.rate_limits.orders, RATE),
        cancels=dict.fromkeys(SCENARIO.rate_limits.cancels, RATE),
    ),
)
SECONDS = 60


class Greedy(Bot):
    """Sends an order and cancels it, or quotes, every ten milliseconds."""

    def __init__(self):
        self.refused = []
        self.turn = 0

    def on_start(self):
        self.every(0.01)

    def on_refused(self, refusal):
        self.refused.append(refusal.code)


class Ordering(Greedy):
    def on_timer(self):
        if len(self.orders) < 10:
            self.buy(CALL, 1, 5.0)
        for order in self.orders:
            self.cancel(order)


class Quoting(Greedy):
    def on_timer(self):
        self.turn += 1
        for name in (CALL, PUT):
            self.quote(name, 5.0 + self.turn % 50 / 100, 6.0 + self.turn % 50 / 100, 1)


@pytest.mark.parametrize("kind", [Ordering, Quoting])
def test_a_bot_uses_its_limit_and_is_not_refused(kind):
    stage = BotStage(LIMITED)
    run = stage.join(kind)
    asked_in_vain = []
    carry_out = run.line._carry_out

    def carried_out(question):
        verdict = carry_out(question)
        if verdict.retry_after is not None:
            asked_in_vain.append(question)
        return verdict

    run.line._carry_out = carried_out
    stage.pass_seconds(SECONDS)
    assert (asked_in_vain, run.bot.refused) == ([], [])
    if kind is Quoting:
        # Each request changes four sides, which cost a twentieth of a token each beside its own.
        assert run.counts.asked * 1.2 > 0.9 * (SECONDS * RATE.per_second + RATE.burst)
    else:
        assert run.counts.asked > 0.9 * SECONDS * RATE.per_second
    stage.end(run)
    stage.pass_seconds(0.1)
    assert len(run.orders) == 0
    stage.exchange.close()
