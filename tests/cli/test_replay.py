"""`openoutcry replay` as a process: the same journal gives the same state, and a damaged one is named."""

import re
import subprocess

import pytest
from command_line import register, request
from served_exchange import OPENOUTCRY, PATIENCE_SECONDS, ServedExchange

CALL = "SPX_CALL_4500_20240315"


def replay(directory, *options):
    return subprocess.run(
        [*OPENOUTCRY, "replay", str(directory), *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


def told(result):
    """What it printed, as a mapping."""
    assert result.returncode == 0, result.stderr
    return dict(re.fullmatch(r"(\S+(?: \S+)*?)  +(.+)", line).groups() for line in result.stdout.splitlines())


@pytest.fixture
def traded(tmp_path):
    """A data directory in which two teams traded, one order was refused, and its server's last state hash."""
    with ServedExchange(tmp_path / "data") as exchange:
        buyer = register(exchange, "buyer")
        seller = register(exchange, "seller", role="market_maker")
        order = {"instrument_id": CALL, "quantity": 3, "price": 100.0}
        assert request(exchange, "POST", "/orders", {**order, "side": "sell"}, **seller)["success"]
        assert request(exchange, "POST", "/orders", {**order, "side": "buy"}, **buyer)["success"]
        assert not request(exchange, "POST", "/orders", {**order, "side": "up"}, **buyer)["success"]
        exchange.end()
        return exchange.data, exchange.state_hash


def test_a_replay_ends_in_the_server_s_state(traded):
    directory, state_hash = traded
    report = told(replay(directory))
    assert report["state hash"] == state_hash
    assert report["scenario"] == "seed"
    assert report["commands"] == "5 (4 executed, 1 refused)"
    assert report["trades"] == "1"
    assert report["sequence"] == "5"


def test_a_replay_stops_after_a_command_and_shows_what_it_left_behind(traded):
    directory, _ = traded
    result = replay(directory, "--until", "4")
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] == "sequence    4"
    assert lines[2:4] == ["command     submit_order of TEAM_1 buyer", "verdict     accepted"]
    told = [line for line in lines if line.startswith("told")]
    assert any(line.startswith("told        TEAM_2 ") and '"execution_report"' in line for line in told)
    assert f"book        {CALL}  bids none  asks none" in lines
    assert lines[-4:] == [
        "orders      TEAM_1 buyer: none",
        f"positions   TEAM_1 buyer: 3 {CALL}",
        "orders      TEAM_2 seller: none",
        f"positions   TEAM_2 seller: -3 {CALL}",
    ]


def test_before_a_trade_an_order_stands(traded):
    directory, _ = traded
    lines = replay(directory, "--until", "3").stdout.splitlines()
    assert f"book        {CALL}  bids none  asks 3 @ 100.00" in lines
    assert lines[-2] == f"orders      TEAM_2 seller: ORD_67889 sell 3 {CALL} @ 100.00"


def test_a_refused_command_is_shown_with_its_refusal(traded):
    directory, _ = traded
    assert "verdict     refused: INVALID_SIDE" in replay(directory, "--until", "5").stdout


def test_a_command_that_the_journal_has_not_is_said_so(traded):
    directory, _ = traded
    result = replay(directory, "--until", "6")
    assert result.returncode == 2
    assert "there is no command 6 in the journal, which has 5 last before it" in result.stderr


def test_a_replay_changes_nothing_in_the_directory(traded):
    directory, _ = traded
    before = {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}
    replay(directory)
    assert {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()} == before


def test_a_replay_reads_the_journal_of_a_running_server(tmp_path):
    with ServedExchange(tmp_path / "data") as exchange:
        register(exchange, "one")
        assert told(replay(tmp_path / "data"))["commands"] == "1 (1 executed, 0 refused)"


def test_a_directory_without_an_exchange_is_refused(tmp_path):
    result = replay(tmp_path)
    assert result.returncode == 4
    assert "holds no exchange" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_damaged_journal_is_refused_by_file_and_place(traded):
    directory, _ = traded
    (segment,) = (directory / "journal").iterdir()
    damaged = bytearray(segment.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    segment.write_bytes(damaged)
    result = replay(directory)
    assert result.returncode == 4
    assert segment.name in result.stderr
    assert "Traceback" not in result.stderr


def test_a_record_that_was_cut_short_is_left_out_and_said(traded):
    directory, _ = traded
    (segment,) = (directory / "journal").iterdir()
    segment.write_bytes(segment.read_bytes()[:-3])
    result = replay(directory)
    assert told(result)["sequence"] == "5"
    assert "cut short" in result.stderr
