"""A fair session is found to be so, from its data directory alone, whatever the organiser did by hand."""

import os
import re
import subprocess
import sys

import pytest
from fair_stage import Play, failed, told, verified
from journals import read_all
from msgspec import structs
from tampering import after_opening, left_out

from openoutcry.domain.commands import (
    EndSession,
    ExpireInstrument,
    HaltInstrument,
    ReinstateTeam,
    ResumeInstrument,
    RevealSeed,
    SettleInstrument,
    SuspendTeam,
    TakeScenarioValues,
    Why,
)
from openoutcry.domain.reasons import Accepted
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.fairness.verification import NotDrawn
from openoutcry.runtime.sequencing.unavailable import Unavailable


def test_a_fair_session_is_fair_with_restarts_and_an_organiser_s_news_in_it(played):
    report = verified(played)
    assert report.is_fair
    assert report.is_whole
    found = {finding.subject: finding for finding in report.sessions[0].findings}
    assert {name: finding.kind for name, finding in found.items()} == {
        "commitment": "sound",
        "seed": "sound",
        "world": "sound",
        "marks": "sound",
        "news": "sound",
        "settlement": "sound",
        "flow": "sound",
        "starts": "note",
        "organiser": "note",
        "headlines": "note",
    }
    assert "when 0 teams had registered" in found["commitment"].text
    assert "nonces of 2 teams" in found["seed"].text
    assert "started 2 times" in found["starts"].text
    assert "1 publish_news" in found["organiser"].text
    assert re.fullmatch(
        r"1 of the organiser's moved the market: after second \d+: high volatility, a jump of -0\.4 %",
        found["headlines"].text,
    )


def test_what_is_written_anew_and_unchanged_is_followed_as_far_as_the_journal_shows_starts(verify):
    """A journal in one piece shows no start of the exchange, so steps that a restart left out are missing there."""
    assert failed(verify(lambda records: records)) == {"flow"}


ELSEWHERE = {
    "PYTHONHASHSEED": "12345",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TZ": "Asia/Tokyo",
    "LC_ALL": "C",
    "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX",
}
"""Another process: hashes, threads, time zone, and a processor with fewer instructions for numpy to choose from."""


@pytest.mark.interpreted
def test_values_of_the_cash_check_that_a_crash_has_held_up_are_told_after_it(scenario, tmp_path):
    played = Play(scenario, tmp_path / "data")
    played.register("alpha", "hedge_fund", "a-nonce")
    played.server.driver.start_session()
    played.trade_until(50)
    perform, lost = played.sequencer.perform, []

    def lose(command):
        if isinstance(command, TakeScenarioValues):
            lost.append(command)
            raise Unavailable("the process has ended")
        return perform(command)

    played.sequencer.perform = lose
    while not lost:
        played.time.leap()
    played.let_die(tmp_path / "after-a-crash")
    played.trade_until(1_000)
    played.close()
    records, _ = read_all(played.folder / "journal")
    assert lost[0] in [record.command for record in records]
    assert verified(played.folder).is_fair


def test_another_process_on_another_kind_of_machine_finds_the_same(played):
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "openoutcry", "fairness", "verify", str(played)],
        env={**os.environ, **ELSEWHERE},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "fair: nothing is other than it should be" in run.stdout


def test_a_session_that_has_ended_and_whose_seed_is_kept_secret_is_found(verify):
    report = verify(left_out(lambda command: isinstance(command, RevealSeed)))
    assert failed(report) == {"seed"}


def test_a_session_that_is_under_way_cannot_be_checked_yet_and_is_told(verify):
    def change(records):
        for record in records:
            yield record
            if after_opening(record.command):
                return

    report = verify(change)
    assert report.is_fair
    assert not report.is_whole
    assert told(report, "seed").kind == "note"


def test_without_a_session_there_is_nothing_to_check_yet(verify):
    report = verify(lambda records: list(records)[:5])
    assert (report.is_fair, report.is_whole, report.sessions) == (True, False, ())


def test_without_a_simulated_market_there_is_nothing_to_check(played, scenario, tmp_path):
    (tmp_path / "data").mkdir()
    DataDirectory(tmp_path / "data").keep_scenario(structs.replace(scenario, market=None))
    with pytest.raises(NotDrawn, match="no simulated market"):
        verified(tmp_path / "data")


def test_nothing_that_an_organiser_does_by_hand_is_a_fault_of_the_market(scenario, tmp_path):
    why = Why("Ann", "To see what happens")
    played = Play(scenario, tmp_path / "data")
    played.register("alpha", "hedge_fund", None)
    played.server.driver.start_session()
    for second, command in (
        (-10, ExpireInstrument("SPY_CALL_450_20240321", why)),
        (10, HaltInstrument(None, why)),
        (20, ResumeInstrument(None, why)),
        (30, SuspendTeam(1, why)),
        (40, ReinstateTeam(1, why)),
        (40, SuspendTeam(2, why)),
        (50, ReinstateTeam(2, why)),
        (60, SettleInstrument("SPX_CALL_4500_20240314", 1_000, None, why)),
        (70, EndSession(why)),
    ):
        played.trade_until(second)
        sequenced, _ = played.sequencer.perform(command)
        assert isinstance(sequenced.verdict, Accepted)
    played.close()
    report = verified(played.folder)
    assert (report.is_fair, report.is_whole) == (True, True)
    assert told(report, "organiser").text.count("1 ") == 5
    assert told(report, "organiser").text.count("2 ") == 2
