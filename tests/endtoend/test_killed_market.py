"""A live session of the simulated market with bots over sockets, killed three times in the middle: prices, news,
signals and phases are those of an undisturbed run, the flow's commands come out again, and nothing told is lost.
"""

import datetime as dt

from market_stage import half_hour

from openoutcry.bots.fleet import GAME_FLEET
from openoutcry.domain.commands import ReplaceQuotes, SubmitOrder
from openoutcry.journal.reader import JournalReader
from openoutcry.runtime.data_directory import DataDirectory
from proofs.killed_day.play import Kill
from proofs.killed_day.proof import prove_killed_day

KILLS = Kill(dt.time(9, 27, 30)), Kill(dt.time(9, 31), amid_orders=True), Kill(dt.time(9, 33), amid_orders=True)
"""In the call, and twice while bots trade."""
BOTS = tuple(member for member in GAME_FLEET if member.name in {"Maker", "Retail"})


def test_a_market_killed_three_times_is_that_of_an_undisturbed_run(tmp_path):
    half_hour(tmp_path, speed=60, minutes=5)
    scenario = str(tmp_path / "half_hour.toml")
    report = prove_killed_day(scenario, tmp_path / "days", seed=7, speed=60, kills=KILLS, fleet=BOTS)
    assert {check.claim: check.examples for check in report.checks if not check.holds} == {}
    commands = [record.command for record in JournalReader(DataDirectory(tmp_path / "days" / "live").journal)]
    traders = {command.team_id for command in commands if isinstance(command, SubmitOrder | ReplaceQuotes)}
    assert traders == {1, 2, 3, 4}, "house, retail flow and both bots"
