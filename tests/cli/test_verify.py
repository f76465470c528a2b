"""`openoutcry verify` as a process: its output, its repairs and its exit status."""

import subprocess
import sys

import msgspec
import pytest
from command_line import assert_told, openoutcry, register, request
from kept_rules import edit_rules
from served_exchange import OPENOUTCRY, PATIENCE_SECONDS, ServedExchange

from openoutcry.domain.rulebook import RULEBOOK_VERSION
from openoutcry.journal.framing import frame, whole_frames
from openoutcry.journal.segment import MAGIC, list_segments
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.scenarios.loader import load_scenario

CALL = "SPX_CALL_4500_20240315"

PLANTED = """
import openoutcry.venue.handlers.session as session
from openoutcry.cli import main

def fail(*_terms):
    raise AssertionError("a planted bug")

session.EnterPhase = fail
main()
"""
"""The program with a bug in it: its venue fails on whatever halts an instrument."""


def faulty(*arguments):
    return subprocess.run(
        [sys.executable, "-c", PLANTED, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


@pytest.fixture
def traded(tmp_path):
    """A data directory in which two teams traded; its server ended in good order."""
    with ServedExchange(tmp_path / "data") as exchange:
        buyer = register(exchange, "buyer")
        seller = register(exchange, "seller", role="market_maker")
        order = {"instrument_id": CALL, "quantity": 3, "price": 100.0}
        for _ in range(3):
            assert request(exchange, "POST", "/orders", {**order, "side": "sell"}, **seller)["success"]
            assert request(exchange, "POST", "/orders", {**order, "side": "buy"}, **buyer)["success"]
    return tmp_path / "data"


def segment_of(directory):
    return list_segments(DataDirectory(directory).journal)[-1][1]


def damage(directory, entry):
    """Change a byte of this entry of the last segment; where the entry starts."""
    segment = segment_of(directory)
    data = bytearray(segment.read_bytes())
    starts = [len(MAGIC), *(end for end, _ in whole_frames(memoryview(bytes(data)), len(MAGIC)))]
    data[starts[entry] + 12] ^= 0xFF
    segment.write_bytes(data)
    return starts[entry]


def test_a_sound_directory_is_told_file_by_file(traded):
    result = openoutcry("verify", traded)

    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0].startswith("ok      00000001.segment: ")
    assert "commands 1 to 8, epoch 1" in lines[0]
    assert lines[1].startswith("ok      event logs: ")
    assert lines[2] == "sequence    8"
    assert lines[3].startswith("state hash  ")


def test_damage_is_told_with_what_to_run_and_ends_in_exit_code_7(traded):
    offset = damage(traded, 4)

    result = openoutcry("verify", traded)

    assert result.returncode == 7
    assert f"DAMAGE  journal: {segment_of(traded)}, byte {offset}: " in result.stdout
    assert f"openoutcry verify {traded} --repair-tail" in result.stdout
    assert "Traceback" not in result.stderr


def test_a_server_does_not_start_on_damage_and_says_what_to_run(traded):
    offset = damage(traded, 4)

    result = openoutcry("serve", "--scenario", "seed", "--data", traded, "--port", 0)

    assert_told(result, 4, f"{segment_of(traded)}, byte {offset}", f"openoutcry verify {traded} --repair-tail")


def test_a_repair_lists_what_is_lost_and_the_exchange_goes_on(traded):
    offset = damage(traded, 4)

    result = openoutcry("verify", traded, "--repair-tail")

    assert result.returncode == 0, result.stderr
    assert f"cut at byte {offset}" in result.stdout
    assert "00000001.segment.torn" in result.stdout
    assert [line.split() for line in result.stdout.splitlines() if line.startswith("  ")][1:] == [
        ["5", "TEAM_2", "submit_order", "accepted"],
        ["6", "TEAM_1", "submit_order", "accepted"],
        ["7", "TEAM_2", "submit_order", "accepted"],
        ["8", "TEAM_1", "submit_order", "accepted"],
    ]
    assert "now ends with sequence 3" in result.stdout
    with ServedExchange(traded) as exchange:
        exchange.end()
        assert "epoch raised" in exchange.stderr
    assert openoutcry("verify", traded).returncode == 0


def test_there_is_nothing_to_repair_in_a_sound_directory(traded):
    assert_told(openoutcry("verify", traded, "--repair-tail"), 1, "nothing to repair")


def test_a_command_that_trips_the_venue_is_quarantined_with_the_very_command_that_the_refusal_names(tmp_path):
    data = tmp_path / "data"
    with ServedExchange(data, command=(sys.executable, "-c", PLANTED)) as exchange:
        register(exchange, "one")
        key = {"X-Admin-Key": (data / "admin.key").read_text().strip()}
        halted = request(exchange, "POST", f"/admin/instruments/{CALL}/halt", {}, **key)
        assert halted["error"]["code"] == "SERVICE_UNAVAILABLE", halted
        exchange.end()
    refusal = faulty("serve", "--scenario", "seed", "--data", data, "--port", 0)
    assert_told(refusal, 4, "past sequence 2", "a planted bug", f"openoutcry verify {data} --quarantine 2")

    result = faulty("verify", data, "--quarantine", 2)

    assert result.returncode == 0, result.stderr
    assert "2  organiser  halt_instrument  accepted" in result.stdout
    assert "AssertionError: a planted bug" in result.stdout
    with ServedExchange(data, command=(sys.executable, "-c", PLANTED)) as exchange:
        assert request(exchange, "GET", f"/instruments/{CALL}")["success"]
    verified = openoutcry("verify", data)
    assert verified.returncode == 0, verified.stdout
    assert "passes over 2" in verified.stdout
    assert "quarantined 2" in openoutcry("replay", data).stdout


def test_nothing_is_quarantined_that_does_not_fail(traded):
    assert_told(openoutcry("verify", traded, "--quarantine", 3), 1, "nothing to quarantine")


def test_a_directory_in_use_is_looked_through_but_not_repaired(tmp_path):
    with ServedExchange(tmp_path / "data") as exchange:
        register(exchange, "one")
        assert openoutcry("verify", tmp_path / "data").returncode == 0
        assert_told(openoutcry("verify", tmp_path / "data", "--repair-tail"), 4, str(exchange.process.pid))
        assert_told(openoutcry("verify", tmp_path / "data", "--quarantine", 1), 4, "in use")


def test_a_directory_without_an_exchange_is_refused(tmp_path):
    for arguments in ((), ("--repair-tail",), ("--quarantine", 1)):
        assert_told(openoutcry("verify", tmp_path, *arguments), 4, "holds no exchange")


def test_one_repair_at_a_time(tmp_path):
    assert_told(openoutcry("verify", tmp_path, "--repair-tail", "--quarantine", 1), 2, "choose one of")


def with_header(directory, *fields):
    """A journal of one empty segment with this header, made by hand."""
    journal = DataDirectory(directory).journal
    for _, path in list_segments(journal):
        path.unlink()
    (journal / "00000001.segment").write_bytes(MAGIC + frame(msgspec.msgpack.encode(list(fields))))


@pytest.mark.parametrize(
    "command", [("verify",), ("replay",), ("serve", "--scenario", "seed", "--port", "0", "--data")]
)
def test_a_journal_of_a_format_that_is_not_read_is_refused_by_its_number(traded, command):
    with_header(traded, 0, "whatever", "format 0", "had")

    result = subprocess.run(
        [*OPENOUTCRY, *command, str(traded)], capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
    )

    assert_told(result, 4, "journal format 0", "use the version that wrote it")


def test_a_journal_of_an_older_rulebook_is_refused_by_its_number(traded):
    with_header(traded, 2, RULEBOOK_VERSION - 1, load_scenario("seed").hash, 1, 1)

    result = openoutcry("serve", "--scenario", "seed", "--data", traded, "--port", 0)

    assert_told(result, 3, f"rulebook {RULEBOOK_VERSION - 1}", "use the version that wrote it")


def test_a_journal_of_the_first_format_is_gone_on_with(traded):
    with_header(traded, 1, RULEBOOK_VERSION, load_scenario("seed").hash, 1, 1)

    with ServedExchange(traded) as exchange:
        register(exchange, "one")
    assert openoutcry("verify", traded).returncode == 0


@pytest.mark.parametrize("command", ["verify", "replay", "serve", "serve --scenario seed"])
def test_edited_rules_end_in_exit_code_7_with_both_hashes(traded, command):
    written = edit_rules(traded)
    read = DataDirectory(traded).kept_scenario().hash

    where = ("--port", "0", "--data", str(traded)) if command.startswith("serve") else (str(traded),)
    result = openoutcry(*command.split(), *where)

    assert result.returncode == 7
    assert f"the rules in {traded / 'scenario.json'}" in result.stderr
    assert written in result.stderr
    assert read in result.stderr
    assert "Traceback" not in result.stderr
