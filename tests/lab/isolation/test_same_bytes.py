"""A match with bots in processes of their own is the same, byte for byte, as one with bots in this process."""

import logging

import pytest
from lab_bots import Failing, Maker, Rester, Taker

from openoutcry import Bot
from openoutcry.lab import Entrant, NotPlayable, constant, log_normal, run_match

SECONDS = 300

WAITERS = """
import asyncio
from openoutcry import Bot

class Waiter(Bot):
    '''Waits for verdicts, sleeps, and has tasks of its own, while messages of everybody come in.'''

    role = "hedge_fund"

    async def on_start(self):
        self.every(7)
        await asyncio.sleep(0.5)
        self.side = asyncio.create_task(self.beside())

    async def beside(self):
        while self.is_there:
            await asyncio.sleep(1.5)
            if self.phase == "continuous":
                await self.cancel_all().verdict()

    is_there = True

    async def on_timer(self):
        if self.phase == "continuous":
            price = self.underlyings["SPY"]
            first, second = self.buy("SPY", 2, price - 0.1), self.sell("SPY", 2, price + 0.1)
            await asyncio.gather(first.verdict(), second.verdict())
            await self.amend(first, quantity=1).verdict()
            self.cancel(second)

    async def on_execution_report(self, fill):
        await asyncio.sleep(0.001)
        self.buy("SPY", 1.0, time_in_force="ioc")

    def on_stop(self):
        self.is_there = False
        self.side.cancel()
"""

ODD = """
from fractions import Fraction
from openoutcry import Bot

class Odd(Bot):
    '''Asks what no type allows.'''

    def on_start(self):
        self.every(20)
        self.codes = []

    def on_timer(self):
        if self.phase == "continuous":
            self.buy("SPY", 1, 400.0, time_in_force="whenever")
            self.buy("SPY", 1, Fraction(400))
            self.cancel_all(side=7)
            self.protect_quotes(quantity="many")

    def on_refused(self, refusal):
        self.codes.append(refusal.code)

    def on_stop(self):
        raise RuntimeError(str(sorted(self.codes)))
"""

STOPPER = """
from openoutcry import Bot

class Stopper(Bot):
    role = "hedge_fund"

    async def on_session_status(self, status):
        if status.phase == "continuous" and status.instrument_id is None:
            self.buy("SPY", 5, self.underlyings["SPY"] - 1)
            self.stop("it has seen enough")
            self.buy("SPY", 5, self.underlyings["SPY"] - 2)
"""


def both(bots, **options):
    here = run_match(bots, seconds=SECONDS, **options)
    isolated = run_match(bots, seconds=SECONDS, isolated=True, **options)
    assert isolated == here
    assert isolated.journal_hash == here.journal_hash
    return isolated


@pytest.fixture
def files(tmp_path):
    def written(**texts):
        paths = [tmp_path / f"{name}.py" for name in texts]
        for path, text in zip(paths, texts.values(), strict=True):
            path.write_text(text)
        return paths

    return written


@pytest.mark.parametrize("latency", [constant(2), constant(0), log_normal(5, 0.5)], ids=["2 ms", "none", "by chance"])
def test_plain_and_async_bots(files, latency):
    result = both([Maker, Taker, Rester, *files(waiter=WAITERS), Entrant(Taker, "Other")], latency=latency)
    assert result["Maker"].fills > 0
    assert result["Waiter"].asked > 50


def test_a_question_that_no_type_allows_is_refused_in_the_same_way(files):
    result = both(files(odd=ODD))
    assert sum(result["Odd"].refusals.values()) >= 5


def test_bots_that_end_before_the_match_does(files):
    result = both([Failing, *files(stopper=STOPPER), Taker])
    assert "a planted failure" in result["Failing"].stop_reason
    assert result["Stopper"].stop_reason == "it has seen enough"


def test_what_a_bot_logs_and_prints_is_told_with_its_name(files, caplog):
    caplog.set_level(logging.INFO, "openoutcry.bot")
    text = """
import openoutcry
print("imported")
class Talker(openoutcry.Bot):
    def on_start(self):
        self.log.info("begins in %s", self.phase)
        self.log.debug("nobody wants to know")
        print("two", "words", end=""); print("!")
"""
    run_match(files(talker=text), seconds=300, isolated=True)
    assert [text for _, _, text in caplog.record_tuples] == [
        "Talker: imported",
        "Talker: begins in closed",
        "Talker: two words!",
    ]


def test_a_bot_without_a_file_cannot_be_isolated():
    class Local(Bot):
        pass

    for bot in (Local, Maker()):
        with pytest.raises(NotPlayable, match="cannot play in a process of its own: pass its file"):
            run_match(bot, seconds=300, isolated=True)
