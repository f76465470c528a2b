"""A bot that uses wall time or chance of its own is found and named, with the first event that differs."""

import pytest
from lab_bots import Rester, Taker

from openoutcry.lab import check

BOT = """
import asyncio, datetime as dt, random, time, uuid
from datetime import datetime
from openoutcry import Bot

class {name}(Bot):
    role = "hedge_fund"

    def on_start(self):
        self.every(10)

    async def on_timer(self):
        if self.phase == "continuous":
            await asyncio.sleep(0.01)
            self.buy("SPY", 1, self.underlyings["SPY"] - 0.5 - {by}, time_in_force="ioc")
"""
UNSTEADY = {
    "Random": "random.random()",
    "Clock": "int(time.time()) % 3600 / 100",
    "Monotonic": "int(time.monotonic_ns() // 10**10) % 1000 / 100",
    "Now": "datetime.now().hour",
    "Today": "dt.date.today().weekday()",
    "Written": "int(time.strftime('%H%M')) / 100",
    "Identity": "id(object()) // 16 % 997 / 100",
    "Unordered": "list({'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'}).index('d')",
    "Universal": "uuid.uuid4().int % 997 / 100",
}
"""Each with what it takes off its price, in steps of at least a tick."""


STEADY = """
from datetime import datetime
from openoutcry import Bot

class Steady(Bot):
    "Looks at the clock, and makes nothing of it."

    role = "hedge_fund"

    def on_underlying_price(self, price):
        self.seen = datetime.now()
        assert isinstance(self.market_time, datetime)
        if self.rng.random() < 0.05 and self.phase == "continuous":
            self.buy(sorted({"SPY", "AAA"})[1], 1, time_in_force="ioc")
"""


@pytest.fixture(scope="module")
def steady(tmp_path_factory):
    file = tmp_path_factory.mktemp("steady") / "steady.py"
    file.write_text(STEADY)
    return file


@pytest.fixture(scope="module")
def checked(tmp_path_factory, steady):
    """Two matches of all that are unsteady, and of three that are not. What they ask is told to nobody else."""
    folder = tmp_path_factory.mktemp("unsteady")
    files = [folder / f"unsteady_{name}.py" for name in UNSTEADY]
    for file, (name, by) in zip(files, UNSTEADY.items(), strict=True):
        file.write_text(BOT.format(name=name, by=by))
    return check([Taker, *files, steady, Rester], seconds=300)


def test_each_unsteady_bot_is_named_and_no_other(checked):
    assert [each.bot for each in checked.differences] == list(UNSTEADY)
    assert not checked.is_sound


@pytest.mark.parametrize("name", UNSTEADY)
def test_one_that_is_unsteady_is_found_where_it_first_differs(name, checked):
    (found,) = (each for each in checked.differences if each.bot == name)
    assert found.market_time.startswith("2024-03-14T14:")
    assert found.told == "that a timer of its own has rung"
    assert found.first != found.second
    for did in (found.first, found.second):
        assert did.startswith(
            'asked {"type":"Submit","order":{"instrument_id":"SPY","side":"buy","quantity":1,"price":'
        )
    line = BOT[: BOT.index("{by}")].count("\n") + 1
    assert any(f"unsteady_{name}.py:{line}: " in each for each in found.lines)
    told = str(found)
    assert told.startswith(f"{name} does something else when the same match is played with another clock")
    assert f"first match   it {found.first}" in told


def test_one_that_sleeps_and_one_that_only_looks_at_the_clock_pass(tmp_path, steady):
    file = tmp_path / "sleeper.py"
    file.write_text(BOT.format(name="Sleeper", by="0"))
    checked = check([file, steady, Taker, Rester], seconds=300)
    assert checked.is_sound
    assert checked.result["Sleeper"].asked > 20
    assert checked.result["Steady"].failures == 0


def test_the_message_that_a_difference_follows_is_named(tmp_path):
    file = tmp_path / "heard.py"
    file.write_text("""
import random
from openoutcry import Bot

class Heard(Bot):
    role = "hedge_fund"

    def on_session_status(self, status):
        if status.phase == "continuous" and status.instrument_id is None:
            self.stop(f"drew {random.random()}")

    def on_stop(self):
        self.buy("SPY", 1)
""")
    (found,) = check(file, seconds=300).differences
    assert '"type":"session_status"' in found.told
    assert found.first.startswith("stopped: drew 0.")
    assert found.lines == ('heard.py:10: self.stop(f"drew {random.random()}")',)
