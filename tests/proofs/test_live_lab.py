"""The proof of live and lab finds what it must: another state, an order or a refusal that was never, fills amiss."""

import datetime as dt

import pytest
from msgspec import structs

from openoutcry import Bot
from openoutcry.client.bot.line import Verdict
from openoutcry.client.http.response import ApiError
from openoutcry.domain.events import OrderAcknowledged, OrderExecuted
from openoutcry.domain.orders import BUY, SELL
from openoutcry.lab import run_match
from proofs.live_lab import checks
from proofs.live_lab.fill_rules import FillRules, judged
from proofs.live_lab.lab import round_trips
from proofs.live_lab.live import LiveBot, LiveDay
from proofs.live_lab.proof import BOTS
from proofs.live_lab.timed_line import Answered, TimedLine
from proofs.report import Report


class Chance(Bot):
    """Trades by chance, sometimes more than it may."""

    role = "retail"

    def on_start(self):
        self.every(20)

    def on_timer(self):
        if self.phase == "continuous":
            trade = self.rng.choice((self.buy, self.sell))
            trade(self.rng.choice(sorted(self.instruments)), self.rng.choice((1, 500)), time_in_force="ioc")


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """A match of the proof's bots, and a clumsy one, in the lab, and its data directory."""
    out = tmp_path_factory.mktemp("played") / "data"
    return run_match([*BOTS, Chance], seconds=300, seed=3, date=dt.date(2024, 3, 14), out=out), out


def failed(report):
    return [check.claim for check in report.checks if not check.holds]


def test_what_the_lab_played_it_judges_alike_and_another_state_is_found(played):
    match, out = played
    report = Report("")
    fed, scores = checks.check_fed(report, "lab", out, match.state_hash)
    assert failed(report) == []
    assert fed.commands == match.sequence
    assert {each.entry.team_name: each.total for each in scores} | {} == {
        bot.name: bot.score.total for bot in match.bots
    }
    report = Report("")
    checks.check_fed(report, "lab", out, "0" * 64)
    assert failed(report) == ["lab: state hash at the end = the lab's, and openoutcry replay's"]


def told(match, *verdicts):
    """A bot of the match that was told these verdicts, half a second after it asked."""
    line = TimedLine(None)
    line.answers.extend(Answered(float(number), number + 0.5, each) for number, each in enumerate(verdicts))
    return LiveBot(name="Chance", team_id=match["Chance"].team_id, asked=len(verdicts), line=line, summary=None)


def test_an_order_and_a_refusal_that_never_were_are_found(played):
    match, out = played
    assert match["Chance"].refusals, "some of its orders are too large"
    (order_id, *_) = (row.order_id for row in match.tables.orders if match.tables.names[row.team_id] == "Chance")
    right = Verdict(order_id=f"ORD_{order_id}")
    wrong = Verdict(order_id="ORD_999999"), Verdict(error=ApiError(code="LIMIT", message="never said", details=None))
    lost = Verdict(error=ApiError(code="OUTCOME_UNKNOWN", message="", details=None))
    report = Report("")
    checks.check_told(report, out, [told(match, right, lost)])
    assert [check.differences for check in report.checks] == [0, 0]
    report = Report("")
    checks.check_told(report, out, [told(match, right, *wrong, lost)])
    assert [(check.compared, check.differences) for check in report.checks] == [(2, 1), (1, 1)]


def test_round_trips_over_a_kill_are_left_out(played):
    match, out = played
    bot = told(match, *(Verdict() for _ in range(6)), Verdict(error=ApiError(code="NOT_CONNECTED", message="")))
    day = LiveDay(
        data=out,
        date=dt.date(2024, 3, 14),
        lives=(),
        outages=((2.2, 4.1),),
        bots=(bot,),
        board=None,
        state_hash="",
    )
    assert round_trips(bot, day) == [500.0] * 3, "those of the seconds 0, 1 and 5"


def test_fills_of_the_lab_keep_the_rules(played):
    _, out = played
    rules = judged(out)
    assert (rules.fills > 100, rules.wrong) == (True, [])


ENTERED = OrderAcknowledged(1, 1, 10, None, "SPY", SELL, 100, 5, 5, "day")
CALM = (ENTERED, structs.replace(ENTERED, team_id=2, order_id=11))
BOUGHT = structs.replace(ENTERED, team_id=3, order_id=12, side=BUY)


def fill(order, quantity=5, price=100, left=0, **terms):
    liquidity = "taker" if order is BOUGHT else "maker"
    event = OrderExecuted(
        order.team_id,
        2,
        order.order_id,
        None,
        7,
        "SPY",
        order.side,
        price,
        quantity,
        quantity,
        left,
        quantity * price,
        "filled",
        liquidity,
        0,
    )
    return structs.replace(event, **terms)


@pytest.mark.parametrize(
    ("fills", "wrong"),
    [
        ((fill(BOUGHT), fill(ENTERED)), ""),
        ((fill(BOUGHT), fill(CALM[1])), "passes over the orders [10]"),
        ((fill(BOUGHT, price=101), fill(ENTERED, price=101)), "not at the price of the order that rested"),
        ((fill(BOUGHT, price=99), fill(ENTERED, price=99)), "beyond the limit"),
        ((fill(BOUGHT, quantity=4, left=1), fill(ENTERED)), "told otherwise to the other side"),
        ((fill(BOUGHT, quantity=4, left=2), fill(ENTERED, quantity=4, left=1)), "leaves 2, not 1"),
        ((fill(ENTERED),), "not a buyer and a seller"),
        ((fill(structs.replace(BOUGHT, team_id=1)), fill(ENTERED)), "not open"),
    ],
)
def test_fills_that_break_a_rule_are_found(fills, wrong):
    rules = FillRules()
    rules.follow(None, [*CALM])
    if "not open" not in wrong:
        rules.follow(None, [BOUGHT])
    rules.follow(None, list(fills))
    assert (wrong in " ".join(rules.wrong)) if wrong else not rules.wrong


def test_an_auction_with_two_prices_is_found():
    rules = FillRules()
    rules.follow(None, [*CALM, BOUGHT, structs.replace(BOUGHT, team_id=4, order_id=13, price=101)])
    auction = {"liquidity_type": "auction"}
    rules.follow(
        None,
        [
            fill(BOUGHT, **auction),
            fill(ENTERED, **auction),
            fill(structs.replace(BOUGHT, team_id=4, order_id=13), price=101, trade_id=8, **auction),
            fill(CALM[1], price=101, trade_id=8, **auction),
        ],
    )
    assert rules.wrong == ["an auction in SPY has the prices [100, 101]"]


def test_the_bots_of_the_proof_are_one_of_each_role():
    assert len({kind.role for kind in BOTS}) == len(BOTS) == 4
