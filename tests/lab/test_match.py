"""A match: a day of a scenario with bots of the same process, from before its call until it is settled."""

import os
import pickle
import subprocess
import sys

import pytest
from lab_bots import Failing, Maker, Rester, Taker

from openoutcry import Bot
from openoutcry.lab import Entrant, NotPlayable, constant, run_match
from openoutcry.scenarios.loader import ScenarioError

SECONDS = 300
BOTS = (Maker, Taker, Rester)


@pytest.fixture(scope="module")
def played():
    return run_match(BOTS, seconds=SECONDS)


def test_bots_trade_and_each_has_a_result(played):
    assert [bot.name for bot in played.bots] == ["Maker", "Taker", "Rester"]
    assert [bot.role for bot in played.bots] == ["market_maker", "hedge_fund", "hedge_fund"]
    assert not played.is_interrupted
    assert played["Maker"].fills > 0
    assert played["Taker"].contracts == sum(
        fill.quantity for fill in played.tables.fills if played.tables.names[fill.team_id] == "Taker"
    )
    for bot in played.bots:
        assert bot.score is not None
        assert bot.score.entry.pnl == round(bot.pnl * 10_000)
        assert sum(bot.explained.values()) == pytest.approx(bot.pnl, abs=1e-6)
        assert (bot.failures, bot.stop_reason) == (0, None)


def test_the_same_match_goes_the_same_way_and_another_seed_gives_another(played):
    again, other = run_match(BOTS, seconds=SECONDS), run_match(BOTS, seed=8, seconds=SECONDS)
    assert again == played
    assert (again.journal_hash, again.state_hash) == (played.journal_hash, played.state_hash)
    assert other.journal_hash != played.journal_hash


def test_it_goes_the_same_way_in_a_process_with_another_hash_seed(played):
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": os.pathsep.join(sys.path)}
    program = (
        "from lab_bots import *; from openoutcry.lab import run_match;"
        f" print(run_match((Maker, Taker, Rester), seconds={SECONDS}).journal_hash)"
    )
    told = subprocess.run([sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True)
    assert told.stdout.strip() == played.journal_hash


def test_a_slower_bot_makes_another_match(played):
    slow = run_match((Maker, Entrant(Taker, latency=constant(400)), Rester), seconds=SECONDS)
    assert slow.journal_hash != played.journal_hash


def test_what_became_of_each_order_is_told(played):
    orders = [order for order in played.tables.orders if played.tables.names[order.team_id] == "Rester"]
    assert [(order.quantity, order.filled_quantity, order.ended) for order in orders] == [
        (5, 0, "user_requested"),
        (1, 1, "filled"),
    ]


def test_equity_is_told_by_the_minute_and_prices_by_the_second(played):
    tables = played.tables
    assert [at for at, _ in tables.equity] == list(range(tables.equity[0][0], tables.equity[-1][0] + 1, 60))
    assert [at for at, _ in tables.prices] == list(range(tables.prices[0][0], tables.prices[-1][0] + 1))
    assert len(tables.prices) > SECONDS
    assert tables.symbols == ("SPX", "SPY")


def test_a_result_is_shown_in_one_line(played):
    bots = ", ".join(f"{bot.name} {bot.pnl:+,.2f}" for bot in played.bots)
    assert repr(played) == f"<MatchResult intern 2024-03-14 seed 7: {bots}>"


def test_a_result_can_be_pickled(played):
    assert pickle.loads(pickle.dumps(played)) == played


class ReadsOnlyOneTop(Bot):
    channels = ("top:SPY",)

    def on_underlying_price(self, price):
        self.seen = set(self.tops)


def test_the_channel_of_an_instrument_is_read_once_it_is_listed():
    bot = ReadsOnlyOneTop()
    run_match(bot, seconds=SECONDS)
    assert bot.seen == {"SPY"}


class Lives(Bot):
    def __init__(self):
        self.told = []

    def on_start(self):
        self.told.append(("start", self.phase, self.market_time))

    def on_underlying_price(self, price):
        self.last = self.market_time

    def on_stop(self):
        self.told.append(("stop", self.phase, self.market_time))


def test_a_bot_lives_from_before_the_call_until_after_the_close():
    bot = Lives()
    run_match(bot, seconds=SECONDS)
    (start, before, _), (stop, after, at_the_end) = bot.told
    assert (start, before) == ("start", "closed")
    assert (stop, after, at_the_end) == ("stop", "closed", bot.last)
    assert (bot.last.hour, bot.last.minute, bot.last.second) == (15, 0, 0)


def test_a_bot_that_fails_ends_and_the_match_goes_on():
    played = run_match([Failing, Taker], seconds=SECONDS)
    failed = played["Failing"]
    assert failed.failures > 0
    assert failed.stop_reason == "on_underlying_price raised ZeroDivisionError: a planted failure"
    assert "a planted failure" in failed.tracebacks[0]
    assert played["Taker"].fills > 0


def test_two_of_one_class_have_names_of_their_own():
    played = run_match([Taker, Entrant(Taker, role="retail"), Entrant(Taker, name="Other")], seconds=SECONDS)
    assert [(bot.name, bot.role) for bot in played.bots] == [
        ("Taker", "hedge_fund"),
        ("Taker 2", "retail"),
        ("Other", "hedge_fund"),
    ]


def test_a_match_can_be_ended_before_the_close():
    calls = []
    played = run_match([Taker], seconds=SECONDS, must_end=lambda: len(calls) > 0 or calls.append(0))
    assert played.is_interrupted
    assert len(played.tables.prices) < SECONDS


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"bots": [Entrant(Taker, role="king")]}, NotPlayable, "Taker cannot be a king: in scenario intern a team is"),
        ({"bots": [int]}, NotPlayable, "is no bot: pass a class derived from openoutcry.Bot"),
        ({"bots": [Taker], "scenario": "seed"}, ScenarioError, "scenario seed has no .schedule.: there is no day"),
        ({"bots": [Taker], "scenario": "nowhere"}, ScenarioError, "nowhere"),
        ({"bots": [Taker], "date": "someday"}, ValueError, "'someday' is no date such as 2024-03-14"),
        ({"bots": [Taker], "seconds": 10}, ValueError, "a session of 10 seconds cannot be: it has 300 to 19,800"),
        ({"bots": [Taker], "speed": 0}, ValueError, "speed is 0: it must be more than 0"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(arguments, error, text):
    with pytest.raises(error, match=text):
        run_match(**arguments)


def test_frames_are_on_the_exchange_s_clocks_and_in_currency(played):
    fills, orders, equity, prices, scores = played.fills, played.orders, played.equity, played.prices, played.scores
    assert fills.filter(fills["bot"] == "Maker")["quantity"].sum() == played["Maker"].contracts
    assert fills["fees"].sum() == pytest.approx(sum(bot.fees for bot in played.bots))
    assert str(prices["market_time"].max()) == "2024-03-14 15:00:00-04:00"
    assert prices.columns == ["market_time", "SPX", "SPY"]
    assert prices["SPX"][0] == 4500
    assert set(orders["ended"]) <= {"filled", "ioc_remainder", "market_remainder", "user_requested"}
    assert equity.columns == ["market_time", "bot", "equity", "pnl"]
    assert set(equity.filter(equity["market_time"] == equity["market_time"].min())["pnl"]) == {0}
    for bot in played.bots:
        points = scores.filter(scores["bot"] == bot.name)["points"].sum()
        assert points == pytest.approx(bot.score.total)


def test_without_polars_frames_say_how_to_install_it(played, monkeypatch):
    fresh = pickle.loads(pickle.dumps(played))
    fresh.__dict__.pop("fills", None)
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(ImportError, match=r"run pip install 'openoutcry.lab.'"):
        _ = fresh.fills


class Spoiler(Bot):
    """Writes into all that it is given."""

    role = "hedge_fund"
    channels = ("top:*",)

    def on_start(self):
        self.account.rates.clear()
        for instrument in self.instruments.values():
            instrument.tick_size = -1.0

    def on_underlying_price(self, price):
        price.price = -1.0

    def on_top_of_book(self, top):
        top.bid_price = top.ask_price = -1.0


class Looking(Bot):
    role = "hedge_fund"

    def __init__(self):
        self.tops_seen, self.spoilt = 0, []

    def on_start(self):
        self.spoilt += [each for each in self.instruments.values() if each.tick_size < 0]
        self.spoilt += [] if self.account.rates else [self.account]

    def on_underlying_price(self, price):
        self.spoilt += [price] if price.price < 0 else []

    def on_top_of_book(self, top):
        self.tops_seen += 1
        self.spoilt += [top] if -1.0 in (top.bid_price, top.ask_price) else []


def test_what_a_bot_writes_into_what_it_is_told_no_other_sees():
    looking = Looking()
    result = run_match([Spoiler, looking], seconds=SECONDS)
    assert (result["Spoiler"].failures, result["Looking"].failures, looking.spoilt) == (0, 0, [])
    assert looking.tops_seen > 0
