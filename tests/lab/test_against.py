"""Bots against a recording: they trade beside everything that was asked then, and are told what this cannot say."""

import datetime as dt

import pytest
from lab_bots import Maker, Rester, Taker
from market_stage import half_hour

from openoutcry import Bot
from openoutcry.domain.commands import RegisterTeam, ReplaceQuotes, SubmitOrder
from openoutcry.domain.identifiers import parse_team_id
from openoutcry.journal.lock import DirectoryInUse, DirectoryLock
from openoutcry.journal.reader import JournalReader
from openoutcry.lab import Entrant, check, constant, run_match
from openoutcry.lab.against import run_against
from openoutcry.lab.simulated_days import simulate_days
from openoutcry.runtime.data_directory import DataDirectory, DirectoryUsed, NoExchangeHere
from openoutcry.runtime.recovery.replay import OtherScenario
from openoutcry.runtime.recovery.rerun import rerun
from openoutcry.scenarios.loader import load_scenario

DATE = dt.date(2024, 3, 14)


class Idle(Bot):
    role = "hedge_fund"


UNSTEADY = """
import random
from openoutcry import Bot

class Unsteady(Bot):
    role = "hedge_fund"

    def on_start(self):
        self.every(60)

    def on_timer(self):
        if self.phase == "continuous":
            self.buy("SPY", 1, self.underlyings["SPY"] - 1 - random.random(), time_in_force="ioc")
"""


class Buyer(Bot):
    """Buys whatever is offered."""

    role = "market_maker"

    def on_start(self):
        self.every(1)

    def on_timer(self):
        if self.phase == "continuous":
            for name in self.instruments:
                self.buy(name, 5, time_in_force="ioc")


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    """A session of five minutes in which only the exchange's own teams trade."""
    folder = tmp_path_factory.mktemp("simulated")
    simulate_days(half_hour(folder, minutes=5), folder / "data", seed=7, admin_key_hash=bytes(32), date=DATE)
    return folder / "data"


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """One in which bots traded too."""
    folder = tmp_path_factory.mktemp("played") / "data"
    run_match((Maker, Taker, Rester), seconds=300, out=folder)
    return folder


def commands(directory):
    return [(record.time, record.command, record.verdict) for record in JournalReader(DataDirectory(directory).journal)]


@pytest.mark.parametrize("recording", ["simulated", "played"])
def test_beside_a_bot_that_does_nothing_everything_comes_as_it_was(recording, request, tmp_path):
    directory = request.getfixturevalue(recording)
    result = run_against(Idle, directory, out=tmp_path / "here")
    here, then = commands(tmp_path / "here"), commands(directory)
    here.remove(next(each for each in here if isinstance(each[1], RegisterTeam) and each[1].team_name == "Idle"))
    assert here == then
    assert (result.against.otherwise, result.against.contracts) == (0, 0)
    assert result.against.commands > 2_000
    assert (result["Idle"].pnl, result["Idle"].fills, result.is_interrupted) == (0, 0, False)
    assert result.state_hash == rerun(tmp_path / "here").state_hash
    assert run_against((), directory).state_hash == rerun(directory).state_hash


def test_a_bot_that_buys_everything_leaves_the_others_without(simulated):
    result = run_against(Buyer, simulated)
    told, buyer = result.against, result["Buyer"]
    assert told.contracts == buyer.contracts > 100
    assert told.among_bots == 0
    assert told.traded_otherwise > 0
    assert 0 < told.taken_from_others <= told.contracts
    assert 0 < told.share_otherwise < 1
    assert buyer.score is not None
    lines = "\n".join(told.told())
    assert "do not react" in lines
    assert f"Of {told.contracts:,} contracts" in lines


def test_the_same_bots_come_to_the_same_again_and_slower_ones_to_something_else(played):
    first, again = (run_against((Taker, Rester), played) for _ in range(2))
    slow = run_against((Taker, Rester), played, latency=constant(700))
    assert first == again
    assert slow.journal_hash != first.journal_hash


def test_isolated_bots_come_to_the_same(played):
    bots = (Taker, Rester)
    assert run_against(bots, played, isolated=True) == run_against(bots, played)


def test_a_bot_that_uses_chance_is_found_against_a_recording_too(simulated, tmp_path):
    file = tmp_path / "unsteady.py"
    file.write_text(UNSTEADY)
    checked = check([file, Taker], simulated, play=run_against)
    assert [each.bot for each in checked.differences] == ["Unsteady"]
    assert checked.result.against.commands > 2_000


class Hanging(Idle):
    def on_underlying_price(self, _price):
        while True:
            pass


def test_one_that_hangs_is_ended_and_named_with_its_line(simulated):
    result = run_against([Hanging, Taker], simulated, handler_seconds=1)
    assert "on_underlying_price has not returned for 1 seconds: at " in result["Hanging"].stop_reason
    assert result["Taker"].fills > 0


def test_a_bot_trades_under_a_name_that_is_free(played, tmp_path):
    result = run_against((Maker, Entrant(Taker, name="Quick")), played, out=tmp_path / "here")
    assert [bot.name for bot in result.bots] == ["Maker 2", "Quick"]
    mine = {parse_team_id(bot.team_id) for bot in result.bots}
    asked = (each for _, each, _ in commands(tmp_path / "here") if isinstance(each, SubmitOrder | ReplaceQuotes))
    assert {each.team_id for each in asked} > mine


def test_it_ends_where_it_is_to_end(simulated):
    assert run_against(Idle, simulated, must_end=lambda: True).is_interrupted


def test_what_cannot_be_played_against_is_refused(simulated, tmp_path):
    with pytest.raises(NoExchangeHere, match="holds no exchange"):
        run_against(Idle, tmp_path / "nowhere")
    with pytest.raises(OtherScenario, match="another scenario"):
        run_against(Idle, simulated, scenario=load_scenario("intern_fast"))
    with pytest.raises(DirectoryUsed):
        run_against(Idle, simulated, out=simulated)
    lock = DirectoryLock(DataDirectory(simulated).lock)
    with pytest.raises(DirectoryInUse, match="still being written"):
        run_against(Idle, simulated)
    lock.release()
