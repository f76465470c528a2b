"""`openoutcry demo` as a process, without a terminal: bots trade, it ends cleanly, and its journal tells the same."""

import os
import re
import signal
import socket
import subprocess
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from served_exchange import OPENOUTCRY, PATIENCE_SECONDS


@pytest.fixture
def start():
    """Starts a demonstration; whatever still runs at the end of the test is killed."""
    started = []

    def start(*arguments, **environment):
        process = subprocess.Popen(
            [*OPENOUTCRY, "demo", *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "COLUMNS": "200", **environment},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
            process.communicate()


def finish(process):
    """Its exit code and all it said."""
    stdout, stderr = process.communicate(timeout=PATIENCE_SECONDS)
    assert "Traceback" not in stderr
    return process.returncode, stdout, stderr


def wait_for_url(process):
    line = process.stdout.readline()
    assert line.startswith("exchange at http://127.0.0.1:"), line
    return line.removeprefix("exchange at ").strip()


def test_it_ends_by_itself_after_its_duration_and_bots_have_traded(start):
    code, stdout, stderr = finish(start("--duration", 5))
    assert code == 0, stderr
    assert stdout.startswith("exchange at http://127.0.0.1:")
    summary = re.search(r"(\d+) sent  \d+ refusals  (\d+) trades  (\d+) contracts\nthe journal", stdout)
    assert summary is not None, stdout
    sent, trades, contracts = map(int, summary.groups())
    assert sent > 0
    assert trades > 0
    assert contracts >= trades
    replayed = re.search(r"the journal, re-run: commands \d+, trades (\d+), the same state", stdout)
    assert int(replayed[1]) == trades
    explained = stdout[stdout.index("P&L explained") :]
    for team in ("Maker", "Volatility", "Tracking", "Retail"):
        assert team in stdout
        assert team in explained


def test_a_market_whose_prices_stand_still_has_bots_that_make_one(start):
    code, stdout, stderr = finish(start("--duration", 5, "--scenario", "demo"))
    assert code == 0, stderr
    assert int(re.search(r"  (\d+) trades  \d+ contracts\nthe journal", stdout)[1]) > 0, stdout
    for team in ("Maker", "Momentum", "Retail-A"):
        assert team in stdout


def test_ctrl_c_ends_it_with_the_summary_and_exit_code_0(start):
    process = start()
    wait_for_url(process)
    process.send_signal(signal.SIGINT)
    code, stdout, stderr = finish(process)
    assert code == 0, stderr
    assert "the same state" in stdout


def test_data_can_be_kept_and_the_server_is_gone_afterwards(start, tmp_path):
    code, _, stderr = finish(start("--duration", 1, "--data", tmp_path / "kept"))
    assert code == 0, stderr
    replayed = subprocess.run(
        [*OPENOUTCRY, "replay", str(tmp_path / "kept")],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_SECONDS,
    )
    assert "state hash" in replayed.stdout
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "kept" / "lock").read_text()), 0)


def test_the_same_seed_draws_the_same_market_again(start, tmp_path):
    worlds = []
    for folder in (tmp_path / "once", tmp_path / "again"):
        code, _, stderr = finish(start("--duration", 1, "--seed", 7, "--data", folder))
        assert code == 0, stderr
        (world,) = (folder / "worlds").iterdir()
        worlds.append(world.read_bytes())
    assert worlds[0] == worlds[1]


def test_a_server_that_dies_is_told(start, tmp_path):
    process = start("--data", tmp_path / "data")
    wait_for_url(process)
    os.kill(int((tmp_path / "data" / "lock").read_text()), signal.SIGKILL)
    code, _, stderr = finish(process)
    assert code == 1
    assert "the server ended by itself" in stderr


def test_a_server_that_cannot_start_is_told(start, tmp_path):
    code, _, stderr = finish(start("--scenario", "nope", "--data", tmp_path / "data"))
    assert code == 1
    assert "no scenario of this name comes with openoutcry" in stderr


def test_a_scenario_that_lets_no_bot_in_is_told(start, tmp_path):
    scenario = tmp_path / "closed.toml"
    scenario.write_text(
        'name = "closed"\ntitle = "For others"\n[registration]\nopen = true\nroles = ["referee"]\n'
        'default_role = "referee"\n[roles.referee]\n[[instruments]]\nsymbol = "SPY"\n',
        encoding="utf-8",
    )
    code, _, stderr = finish(start("--scenario", scenario))
    assert code == 1
    assert "referee" in stderr


@pytest.mark.parametrize("environment", [{}, {"OPENOUTCRY_ADMIN_KEY": "k" * 43}])
def test_a_day_is_opened_and_bots_that_need_codes_trade_what_it_lists(start, tmp_path, environment):
    scenario = tmp_path / "day.toml"
    scenario.write_text(
        'name = "day"\ntitle = "A day by codes"\n[session]\ndate = 2024-03-14\n'
        "[schedule]\nopening = 09:00:00\n[underlyings]\nSPX = 4500\nSPY = 450\n[chain]\n[pricing]\n"
        '[registration]\njoin_code = "secret"\nrole_codes = { market_maker = "another" }\n',
        encoding="utf-8",
    )
    code, stdout, stderr = finish(start("--scenario", scenario, "--duration", 8, **environment))
    assert code == 0, stderr
    assert (stderr, "does not take part" in stdout) == ("", False), stdout
    assert int(re.search(r"  (\d+) trades  \d+ contracts\nthe journal", stdout)[1]) > 0, stdout


def test_a_time_that_is_no_number_is_a_usage_error(start):
    code, _, stderr = finish(start("--duration", "soon"))
    assert code == 2
    assert "--duration" in stderr


def test_a_variable_that_others_use_too_does_not_steer_it(start):
    code, _, stderr = finish(start("--duration", 1, DURATION="soon"))
    assert code == 0, stderr


def test_a_demonstration_that_is_killed_takes_its_server_along(start):
    demo = start("--duration", 600)
    address = urlsplit(wait_for_url(demo))
    with socket.create_connection((address.hostname, address.port), PATIENCE_SECONDS) as connection:
        demo.kill()
        with suppress(ConnectionResetError):
            assert connection.recv(1) == b""
    demo.communicate()
