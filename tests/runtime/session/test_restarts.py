"""A day that is interrupted comes out where an undisturbed one would, in market time."""

import asyncio
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from day_stage import DayStage, scenario_of_a_day
from recovery_stage import StillClock

from openoutcry.bootstrap.projections import projections_of
from openoutcry.bootstrap.server import open_server
from openoutcry.domain.commands import HaltInstrument, Price, RegisterTeam, ResumeInstrument, SkipIds, SubmitOrder
from openoutcry.domain.reasons import Accepted
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.snapshots.builder import build_next
from openoutcry.venue.snapshots.snapshot import decode, encode
from openoutcry.venue.venue import Venue

SHORT = "call = 09:00:00\nopening = 09:05:00\nclose = 09:30:00"
CALL = "SPX_CALL_4500_20240314"


def what_happens(second):
    """Commands by market second of the day: two teams trade, one instrument is halted, then all are."""
    if second == 1:
        yield RegisterTeam("ann", "market_maker", b"a" * 32)
        yield RegisterTeam("bob", "hedge_fund", b"b" * 32)
    if second % 7 == 2:
        ticks = 1_000 + second * 37 % 11
        yield SubmitOrder(1 + second % 2, CALL, "buy" if second % 2 else "sell", 1 + second % 3, Price(ticks))
    yield from {
        400: [HaltInstrument(CALL)],
        460: [ResumeInstrument(CALL)],
        700: [HaltInstrument(None)],
        900: [ResumeInstrument(None)],
    }.get(second, [])


def live_through_the_day(exchange, *, until):
    """Every market second with what happens in it."""
    sequencer, driver = exchange.sequencer, exchange.driver
    while sequencer.queries.day().is_running:
        day = sequencer.queries.day()
        second = day.market_time % 3_600
        if second >= until:
            return
        for command in what_happens(second):
            sequencer.perform(command)
        assert driver.tick()
        while sequencer.has_work:
            sequencer._take_slice()


@pytest.mark.parametrize("snapshots", [False, True], ids=["journal only", "snapshots"])
async def test_restarts_at_random_points_of_a_day_change_nothing(tmp_path, snapshots):
    scenario = scenario_of_a_day(tmp_path, schedule=SHORT, speed=1)
    loop = asyncio.get_running_loop()

    def day(folder, points):
        for until in [*points, 10_000]:
            exchange = open_server(
                scenario,
                folder,
                admin_key_hash=bytes(32),
                loop=loop,
                clock=StillClock(),
                entropy=lambda count: b"7" * count,
                segment_bytes=8_192 if snapshots else 10**9,
            )
            if exchange.sequencer.last_sequence == 0:
                assert isinstance(exchange.driver.start_session().verdict, Accepted)
            exchange.driver.stop()
            live_through_the_day(exchange, until=until)
            state = exchange.sequencer.state_hash()
            exchange.close()
            if snapshots:
                assert build_next(DataDirectory(folder), projections_of)
        return state

    points = sorted(random.Random(5).sample(range(1, 1_800), 8))
    assert day(tmp_path / "undisturbed", []) == day(tmp_path / "disturbed", points)


def test_a_day_goes_on_from_every_one_of_its_snapshots(tmp_path):
    """Also from those between two slices, and from within a halt and a call."""
    stage = DayStage(scenario_of_a_day(tmp_path, schedule=SHORT), entropy=lambda count: b"7" * count)
    stage.driver.start_session()
    stage.driver.stop()
    live_through_the_day(stage.exchange, until=10_000)

    venue = Venue(stage.exchange.scenario.rulebook, stage.exchange.scenario.instruments)
    for number, command in enumerate(stage.commands, start=1):
        if number % 3 == 0:
            venue = Venue(stage.exchange.scenario.rulebook, snapshot=decode(encode(venue.snapshot())))
        if isinstance(venue.validate(command), Accepted):
            venue.execute(number, stage.loop.now(), command)
    assert not any(isinstance(command, SkipIds) for command in stage.commands)
    assert venue.state_hash() == stage.exchange.sequencer.state_hash()
    assert stage.phases[-1] == "closed"


AROUND_CLOCK_CHANGES = ["2024-03-08", "2024-03-11", "2024-11-01", "2024-11-04"]

PLAYED = """
import json, sys, tempfile
from pathlib import Path
sys.path[:0] = json.loads(sys.argv[2])
from day_stage import DayStage, scenario_of_a_day
from openoutcry.protocol.timestamps import format_market_time

stage = DayStage(scenario_of_a_day(Path(tempfile.mkdtemp()), date=sys.argv[1]), entropy=lambda count: b"7" * count)
stage.driver.start_session()
stage.driver.stop()
seen, last = [], None
while True:
    day, phase = stage.queries.day(), stage.queries.market().phase
    if phase != last:
        seen.append((phase, format_market_time(day.market_time, day.utc_offset)))
        last = phase
    if not stage.driver.tick():
        break
print(json.dumps({"seen": seen, "hash": stage.exchange.sequencer.state_hash()}))
"""


def played(date, time_zone):
    support = [path for path in sys.path if path.endswith(("tests", "support"))]
    support.append(str(Path(__file__).resolve().parents[2] / "support"))
    run = subprocess.run(
        [sys.executable, "-c", PLAYED, date, json.dumps(support)],
        env=os.environ | {"TZ": time_zone},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return json.loads(run.stdout)


@pytest.mark.parametrize("date", AROUND_CLOCK_CHANGES)
def test_sessions_in_new_york_do_not_depend_on_the_machine_s_time_zone(date):
    there, here = played(date, "Pacific/Auckland"), played(date, "America/New_York")
    assert there == here
    winter = date in ("2024-03-08", "2024-11-04")
    offset = "-05:00" if winter else "-04:00"
    (_, begins), (_, opens), (_, closes) = there["seen"]
    assert [phase for phase, _ in there["seen"]] == ["pre_open", "continuous", "closed"]
    assert (begins, closes) == (f"{date}T09:00:00{offset}", f"{date}T15:00:00{offset}")
    assert f"{date}T09:29:30{offset}" <= opens <= f"{date}T09:30:00{offset}"
