"""`openoutcry fairness verify` and `show`, and `admin withdraw-commitment`, as processes."""

import itertools

import pytest
from command_line import assert_told, openoutcry, request
from fair_stage import rewritten, short_scenario
from msgspec import structs
from served_exchange import ServedExchange

from openoutcry.domain.commands import RevealSeed


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("short")
    short_scenario(folder)
    return folder


@pytest.fixture(scope="module")
def simulated(folder):
    """Two sessions on one data directory, the second on the price at which the first has ended."""
    days = "--days", 2, "--seed", 3, "--date", "2024-03-14"
    run = openoutcry("simulate", "--scenario", folder / "short.toml", "--out", folder / "data", *days)
    assert run.returncode == 0, run.stderr
    return folder / "data"


def test_every_session_of_a_directory_is_checked(simulated):
    run = openoutcry("fairness", "verify", simulated)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "session     1 of 2024-03-14" in run.stdout
    assert "session     2 of 2024-03-15" in run.stdout
    assert "FAILED" not in run.stdout
    assert run.stdout.endswith("fair: nothing is other than it should be\n")


def test_what_failed_is_told_and_is_the_exit_code(simulated, tmp_path):
    def other_seed(records):
        for record in records:
            command = record.command
            yield structs.replace(record, command=RevealSeed(bytes(32)) if isinstance(command, RevealSeed) else command)

    run = openoutcry("fairness", "verify", rewritten(simulated, tmp_path / "tampered", other_seed))
    assert run.returncode == 7
    assert "FAILED  commitment  the revealed seed is not the one that was committed to" in run.stdout
    assert "NOT FAIR" in run.stdout


def test_a_session_under_way_is_not_called_fair(simulated, tmp_path):
    run = openoutcry("fairness", "verify", rewritten(simulated, tmp_path / "half", lambda records: list(records)[:100]))
    assert run.returncode == 0, run.stderr
    assert run.stdout.endswith(
        "not checked yet: what is drawn in session 1 of 2024-03-14, until the session has ended and its seed is"
        " revealed; nothing else is other than it should be\n"
    )


def test_without_a_session_nothing_is_called_fair(simulated, tmp_path):
    run = openoutcry("fairness", "verify", rewritten(simulated, tmp_path / "none", lambda records: list(records)[:5]))
    assert run.returncode == 0, run.stderr
    assert run.stdout.endswith("not checked yet: no session has begun, so nothing is drawn\n")


def test_where_there_is_nothing_to_check_is_told(tmp_path):
    assert_told(openoutcry("fairness", "verify", tmp_path), 4, "holds no exchange")


def test_a_running_exchange_shows_what_it_commits_to_and_reveals(folder, tmp_path):
    with ServedExchange(tmp_path / "data", scenario=folder / "short.toml") as exchange:
        before = openoutcry("fairness", "show", exchange.url)
        assert before.returncode == 0, before.stderr
        shown = dict(itertools.islice((line.split("  ", 1) for line in before.stdout.splitlines()), 6))
        committed = shown["next commitment"].strip()
        assert "seed             not revealed" in before.stdout

        key = "--url", exchange.url, "--key-file", exchange.data / "admin.key"
        withdrawn = openoutcry("admin", "withdraw-commitment", *key, "--reason", "Rehearsal")
        assert withdrawn.returncode == 0, withdrawn.stderr
        after = request(exchange, "GET", "/fairness")["data"]
        assert after["withdrawn"] == 1
        assert after["next_commitment"] in withdrawn.stdout
        assert after["next_commitment"] != committed

        for what in ("start", "end"):
            openoutcry("admin", "session", what, *key)
        while request(exchange, "GET", "/fairness")["data"]["seed"] is None:
            pass
        revealed = openoutcry("fairness", "show", exchange.url)
        assert revealed.returncode == 0, revealed.stdout + revealed.stderr
        assert "the seed is the one that was committed to" in revealed.stdout
