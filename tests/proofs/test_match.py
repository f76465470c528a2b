"""The venue reproduces the recorded match, and the proof notices every difference."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from proofs.match.log import Cancel, Insert, Trade, read_match_log
from proofs.match.proof import prove_match
from proofs.real_data import MATCH_EVENTS, real_data_folder

ROOT = Path(__file__).resolve().parents[2]
LOG = real_data_folder() / MATCH_EVENTS

needs_the_log = pytest.mark.skipif(not LOG.is_file(), reason=f"{MATCH_EVENTS} is not on this machine")


def prove(rows):
    return prove_match(rows, advance=lambda: None)


def check(report, claim):
    return next(check for check in report.checks if claim in check.claim)


SMALL_LOG = [
    Insert(("", 0), "0", 1, 5, 100),
    Insert(("Ada", 1), "0", 0, 3, 100),
    Trade(("Ada", 1), "0", 0, 3, 100, is_maker=False),
    Insert(("Bob", 1), "0", 0, 4, 101),
    Trade(("Bob", 1), "0", 0, 2, 100, is_maker=False),
    Insert(("Ada", 2), "0", 1, 1, 99),
    Trade(("Bob", 1), "0", 0, 1, 101, is_maker=True),
    Trade(("Ada", 2), "0", 1, 1, 101, is_maker=False),
    Cancel(("Bob", 1), 1),
]


def test_a_log_of_price_time_priority_agrees():
    report = prove(SMALL_LOG)
    assert report.holds, report.checks
    assert check(report, "logged trade").compared == 4


@pytest.mark.parametrize(
    ("place", "wrong", "claim"),
    [
        (2, Trade(("Ada", 1), "0", 0, 3, 101, is_maker=False), "logged trade"),
        (4, Trade(("Bob", 1), "0", 0, 1, 100, is_maker=False), "logged trade"),
        (6, Trade(("Bob", 1), "0", 0, 1, 101, is_maker=False), "logged trade"),
        (8, Cancel(("Bob", 1), 2), "cancelled remainder"),
        (8, Cancel(("Ada", 1), 0), "cancelled remainder"),
    ],
)
def test_a_log_that_says_otherwise_is_found_out(place, wrong, claim):
    report = prove([*SMALL_LOG[:place], wrong, *SMALL_LOG[place + 1 :]])
    assert not report.holds
    assert check(report, claim).differences


def test_a_trade_that_the_log_lacks_is_found_out():
    report = prove([row for row in SMALL_LOG if row is not SMALL_LOG[2]])
    assert "absent from the log" in check(report, "logged trade").examples[0]


def test_both_sides_of_a_trade_in_another_order_are_found_out():
    maker, taker = SMALL_LOG[6], SMALL_LOG[7]
    assert not prove([*SMALL_LOG[:6], taker, maker, SMALL_LOG[8]]).holds


@pytest.mark.realdata
@needs_the_log
def test_the_recorded_match_comes_out_as_it_was_logged():
    report = prove(list(read_match_log(LOG)))
    assert report.holds, [check.examples for check in report.checks]
    compared = {check.claim: check.compared for check in report.checks}
    assert list(compared.values()) == [14_398, 6_399, 7_776, 5_352]


def run_proof(data_folder):
    return subprocess.run(
        [sys.executable, "-m", "proofs", "match"],
        cwd=ROOT,
        env=os.environ | {"OPENOUTCRY_DATA": str(data_folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.realdata
@needs_the_log
def test_the_command_ends_with_1_when_one_price_is_changed(tmp_path):
    lines = LOG.read_text().splitlines(keepends=True)
    place = max(place for place, line in enumerate(lines) if ",Trade," in line)
    time, competitor, operation, order, instrument, side, volume, price, lifespan, fee = lines[place].split(",")
    changed = ",".join(
        (time, competitor, operation, order, instrument, side, volume, f"{int(price) + 1}", lifespan, fee)
    )
    copy = tmp_path / MATCH_EVENTS
    copy.parent.mkdir()
    copy.write_text("".join([*lines[:place], changed, *lines[place + 1 :]]))
    finished = run_proof(tmp_path)
    assert finished.returncode == 1, finished.stdout
    assert "It does not agree." in finished.stdout


def test_the_command_says_where_it_looked_when_the_data_is_absent(tmp_path):
    finished = run_proof(tmp_path)
    assert finished.returncode == 2
    assert str(tmp_path / MATCH_EVENTS) in finished.stdout
    assert "$OPENOUTCRY_DATA" in finished.stdout
