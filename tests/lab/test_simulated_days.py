"""Simulated days are those of a live exchange with the same seed and no participants, and can be replayed."""

import asyncio
import datetime as dt
import json
import shutil
import subprocess
import sys
from zoneinfo import ZoneInfo

import pytest
from journals import read_all
from market_stage import CALL_SECONDS, WHOLE_SECONDS, half_hour
from msgspec import structs

from openoutcry.bootstrap.projections import projections_of
from openoutcry.bootstrap.server import open_server
from openoutcry.domain.commands import (
    AdvanceMarket,
    ExpireInstrument,
    ReplaceQuotes,
    RevealSeed,
    SettleInstrument,
    SkipIds,
    StartSession,
    SubmitOrder,
    TakeScenarioValues,
)
from openoutcry.domain.types import TimestampUs
from openoutcry.journal.reader import JournalReader
from openoutcry.lab.session import SimulationFailed
from openoutcry.lab.simulated_days import first_date, simulate_days
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.runtime.recovery.rerun import rerun
from openoutcry.runtime.recovery.snapshots.files import list_snapshots
from openoutcry.runtime.session.marks import ChainMarks
from openoutcry.scenarios.loader import load_scenario
from openoutcry.venue.venue import Venue

DATE = dt.date(2024, 3, 14)
ADMIN = {"admin_key_hash": bytes(32)}


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return half_hour(tmp_path_factory.mktemp("scenario"), speed=1_000)


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """The same for five minutes, the shortest session in which options can be settled."""
    return half_hour(tmp_path_factory.mktemp("short"), minutes=5, speed=1_000)


@pytest.fixture(scope="module")
def simulated(tmp_path_factory, scenario):
    """A data directory, and what came of it."""
    folder = tmp_path_factory.mktemp("simulated") / "data"
    return folder, simulate_days(scenario, folder, seed=7, date=DATE, **ADMIN)


def commands_in(folder):
    """All of the journal in order; ids are given by the venue and are in none of them."""
    records, _ = read_all(folder / "journal")
    return [(record.command, record.verdict) for record in records if not isinstance(record.command, SkipIds)]


def test_house_and_retail_flow_trade_and_the_market_moves(simulated):
    folder, ended = simulated
    commands = [command for command, _ in commands_in(folder)]
    assert (ended.dates, ended.is_interrupted) == (("2024-03-14",), False)
    ticks = [command for command in commands if isinstance(command, AdvanceMarket)]
    assert len(ticks) == WHOLE_SECONDS + 1
    prices = {tick.underlyings[0].price for tick in ticks}
    assert len({tick.underlyings[0].price for tick in ticks[: CALL_SECONDS + 1]}) == 1
    assert len(prices) > 1_000
    assert any(isinstance(command, ReplaceQuotes) for command in commands)
    assert sum(isinstance(command, SubmitOrder) for command in commands) > 500
    assert rerun(folder).trades > 100


def test_the_same_seed_gives_the_same_journal_and_another_gives_another(short, tmp_path):
    same, again, other = (
        simulate_days(short, tmp_path / name, seed=seed, date=DATE, **ADMIN)
        for name, seed in (("same", 7), ("again", 7), ("other", 8))
    )
    assert same == again
    assert commands_in(tmp_path / "same") == commands_in(tmp_path / "again")
    assert other.state_hash != same.state_hash


class Bell:
    """A projection that rings at each command by which a session gets on."""

    name = "bell"
    shape = ""
    commands = frozenset({AdvanceMarket, SettleInstrument, RevealSeed})

    def __init__(self):
        self._has_rung = asyncio.Event()

    def apply(self, _sequenced, _events):
        self._has_rung.set()

    def capture(self):
        return b""

    def restore(self, _state):
        """It rings anew."""

    async def until(self, condition):
        while not condition():
            self._has_rung.clear()
            await self._has_rung.wait()


async def live_through(scenario, folder, *, stops=()):
    """A session on the machine's clock; at each of `stops`, market seconds after the call, a new process goes on."""
    loop, begin = asyncio.get_running_loop(), None
    hours = scenario.session.hours
    whole = (hours.close.hour * 60 + hours.close.minute - hours.call.hour * 60 - hours.call.minute) * 60
    for stop in (*stops, whole):
        bell = Bell()
        server = open_server(
            scenario,
            folder,
            loop=loop,
            seed=7,
            projections_of=lambda scenario, bell=bell: (*projections_of(scenario), bell),
            **ADMIN,
        )
        if begin is None:
            server.driver.start_session()
            begin = server.sequencer.queries.day().market_time
        await bell.until(has_come(server.sequencer.queries, begin + stop))
        if stop == whole:
            await bell.until(is_over(server.sequencer.queries))
        server.close()


def has_come(queries, market_time):
    return lambda: queries.day().market_time >= market_time


def is_over(queries):
    """Options are settled, and the seed is revealed."""
    return lambda: queries.fairness().seed is not None and not queries.unsettled("20240314")


async def test_a_live_session_and_a_simulated_one_have_the_same_commands(simulated, scenario, tmp_path):
    folder, _ = simulated
    await live_through(scenario, tmp_path / "live")
    assert commands_in(tmp_path / "live") == commands_in(folder)


def brought(folder):
    """What market seconds brought: marks, news and signals, and what else moved the session."""
    kinds = (AdvanceMarket, TakeScenarioValues, StartSession, ExpireInstrument, SettleInstrument)
    return [command for command, _ in commands_in(folder) if isinstance(command, kinds)]


async def test_restarts_in_the_middle_leave_out_steps_of_one_second_and_nothing_else(short, tmp_path):
    simulate_days(short, tmp_path / "simulated", seed=7, date=DATE, **ADMIN)
    await live_through(short, tmp_path / "live", stops=(100, 299, 450))
    assert brought(tmp_path / "live") == brought(tmp_path / "simulated")
    assert rerun(tmp_path / "live").trades > 10


REPLAYED = """
import json, sys
from pathlib import Path

for module in ("numpy", "scipy", "random", "secrets"):
    sys.modules[module] = None  # importing it is an error

from openoutcry.runtime.recovery.rerun import rerun

report = rerun(Path(sys.argv[1]))
print(json.dumps([report.state_hash, report.last_sequence]))
"""


def test_a_day_is_replayed_to_the_same_hash_without_a_random_number(simulated):
    folder, ended = simulated
    run = subprocess.run(
        [sys.executable, "-c", REPLAYED, str(folder)], capture_output=True, text=True, check=False, timeout=120
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == [ended.state_hash, ended.sequence]


def test_what_was_simulated_can_be_served_and_the_next_day_begins_where_this_one_ended(simulated, scenario, tmp_path):
    folder, ended = simulated
    copy = tmp_path / "data"
    shutil.copytree(folder, copy)
    time = VirtualTime(TimestampUs(1_710_500_000_000_000))
    server = open_server(scenario, copy, loop=time, clock=time, seed=7, **ADMIN)
    assert server.sequencer.state_hash() == ended.state_hash
    last = server.sequencer.queries.day().underlyings["SPX"]
    command = server.driver.start_session().command
    assert (command.date, server.sequencer.queries.day().underlyings["SPX"]) == ("2024-03-15", last)
    server.close()


def test_days_follow_each_other_each_with_a_seed_of_its_own(short, tmp_path):
    told = []
    ended = simulate_days(short, tmp_path / "data", seed=7, date=DATE, days=2, on_progress=told.append, **ADMIN)
    assert ended.dates == ("2024-03-14", "2024-03-15")
    digests = [
        command.world_digest for command, _ in commands_in(tmp_path / "data") if isinstance(command, StartSession)
    ]
    assert len(set(digests)) == 2
    assert [(progress.day, progress.date) for progress in told if progress.seconds == 0] == [
        (1, "2024-03-14"),
        (2, "2024-03-15"),
    ]
    assert all(progress.of_seconds == CALL_SECONDS + 300 for progress in told)


NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("now", "days", "first"),
    [
        (dt.datetime(2024, 3, 14, 9, 36, tzinfo=NEW_YORK), 1, dt.date(2024, 3, 14)),
        (dt.datetime(2024, 3, 14, 9, 35, 30, tzinfo=NEW_YORK), 1, dt.date(2024, 3, 13)),
        (dt.datetime(2024, 3, 18, 8, tzinfo=NEW_YORK), 1, dt.date(2024, 3, 15)),
        (dt.datetime(2024, 3, 17, 12, tzinfo=NEW_YORK), 3, dt.date(2024, 3, 13)),
        (dt.datetime(2024, 3, 15, 4, tzinfo=dt.UTC), 2, dt.date(2024, 3, 13)),
    ],
)
def test_without_a_date_the_last_session_is_the_newest_that_is_over(short, now, days, first):
    assert first_date(structs.replace(short, session_date=None), days, now) == first
    assert first_date(short, days, now) == DATE


def test_it_leaves_a_snapshot_of_all_but_the_last_segment(short, tmp_path):
    ended = simulate_days(short, tmp_path / "data", seed=7, date=DATE, segment_bytes=100_000, **ADMIN)
    (newest, *_) = list_snapshots(tmp_path / "data" / "snapshots")
    last_header = JournalReader(tmp_path / "data" / "journal", sealed_only=True).seal
    assert int(newest.stem) == last_header.first_sequence - 1
    assert 0 < int(newest.stem) < ended.sequence


def test_one_that_is_interrupted_ends_cleanly_and_can_be_gone_on_with(short, tmp_path):
    calls = []
    ended = simulate_days(
        short, tmp_path / "data", seed=7, date=DATE, must_end=lambda: len(calls) > 3 or calls.append(0), **ADMIN
    )
    assert (ended.dates, ended.is_interrupted) == ((), True)
    time = VirtualTime()
    server = open_server(short, tmp_path / "data", loop=time, clock=time, seed=7, **ADMIN)
    assert server.sequencer.state_hash() == ended.state_hash
    assert server.sequencer.queries.day().is_running
    server.close()


def test_a_scenario_without_a_schedule_has_no_days(tmp_path):
    with pytest.raises(ValueError, match="there is no day to be simulated"):
        simulate_days(load_scenario("seed"), tmp_path / "data", seed=7, date=DATE, **ADMIN)


def test_an_exchange_that_stopped_itself_ends_the_simulation_and_says_why(short, tmp_path, monkeypatch):
    execute = Venue.execute

    def fail(venue, sequence, time, command):
        if type(command) is ReplaceQuotes:
            raise ArithmeticError("no quote")
        return execute(venue, sequence, time, command)

    monkeypatch.setattr(Venue, "execute", fail)
    interrupted = iter([False] * 5)
    with pytest.raises(SimulationFailed, match="ArithmeticError"):
        simulate_days(short, tmp_path / "data", seed=7, date=DATE, must_end=lambda: next(interrupted, True), **ADMIN)


def test_a_day_that_cannot_go_on_ends_the_simulation_and_says_why(short, tmp_path, monkeypatch):
    def fail(*_):
        raise ArithmeticError("no value")

    monkeypatch.setattr(ChainMarks, "make", fail)
    with pytest.raises(SimulationFailed, match="ArithmeticError"):
        simulate_days(short, tmp_path / "data", seed=7, date=DATE, **ADMIN)
