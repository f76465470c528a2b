"""`openoutcry score` as a process: tables and the document of a match and of a round, and what cannot be scored."""

import shutil
import subprocess
import sys

import msgspec
import pytest
from command_line import assert_told, openoutcry
from fair_stage import rewritten
from msgspec import structs
from scoring_stage import Match, match_scenario, scores_of
from served_exchange import PATIENCE_SECONDS

from openoutcry.cli.score.document import ScoreDocument
from openoutcry.domain.commands import StartSession
from openoutcry.domain.rulebook import RULEBOOK_VERSION
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.scenarios.model import hashed
from openoutcry.scoring.formula.score import ranking, score

# Hours of a few minutes: whoever trades at all has traded enough.
TERMS = {"active_ppm": 0}


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return match_scenario(tmp_path_factory.mktemp("match"), minutes=3, **TERMS)


def played(scenario, folder, seed=11, sessions=1):
    """The data directory, and the scores of the exchange that left it."""
    match = Match(scenario, seed=seed)
    match.trade_until()
    for _ in range(sessions - 1):
        match.start()
        match.trade_until()
    match.close()
    return match.save(folder), scores_of(scenario, match.tape)


@pytest.fixture(scope="module")
def first(scenario, tmp_path_factory):
    return played(scenario, tmp_path_factory.mktemp("first") / "data")


@pytest.fixture(scope="module")
def second(scenario, tmp_path_factory):
    return played(scenario, tmp_path_factory.mktemp("second") / "data", seed=12)


def document(*arguments):
    run = openoutcry("score", "--json", *arguments)
    assert run.returncode == 0, run.stderr
    return msgspec.json.decode(run.stdout, type=ScoreDocument)


# ---- a match


def test_the_document_has_the_digits_of_the_exchange_itself(first):
    data, scores = first
    (match,) = document(data).matches
    expected = ranking(score(scores.entries(), scores.rules), scores.rules)
    assert [team.team_name for team in match.teams] == [each.entry.team_name for each in expected]
    for team, each in zip(match.teams, expected, strict=True):
        assert (team.rank, team.total, team.pnl) == (each.rank, round(each.total, 6), each.entry.pnl / 10_000)
        assert team.inputs.items() <= structs.asdict(each.entry).items()
        assert len(team.inputs) == len(structs.asdict(each.entry)) - 4
    assert (match.session, match.date, match.over) == (1, "2024-03-14", True)
    assert len(match.seed) == 64


def test_every_number_of_a_team_adds_up(first):
    for team in document(first[0]).matches[0].teams:
        assert sum(each.points for each in team.components) == pytest.approx(team.total, abs=1e-5)
        assert team.total == pytest.approx(team.role_points + team.compliance + team.risk, abs=1e-5)
        parts = structs.asdict(team.explained.total)
        assert parts.pop("pnl") == pytest.approx(sum(parts.values()), abs=1e-3)
        assert team.explained.total.pnl == pytest.approx(team.pnl + team.excluded_value)


def test_a_table_ranks_the_teams_of_each_role(first):
    run = openoutcry("score", first[0])
    assert run.returncode == 0, run.stderr
    assert "session 1 of 2024-03-14" in run.stdout
    rows = [line.split() for line in run.stdout.splitlines()]
    (heading,) = [row for row in rows if row[:1] == ["rank"]]
    assert heading == ["rank", "team", "role", "P&L", "role/40", "compliance/15", "risk/15", "total/70"]
    for team in document(first[0]).matches[0].teams:
        (row,) = [row for row in rows if row[1:2] == [team.team_name] and len(row) == len(heading)]
        assert row[2:4] == [team.role, f"{team.pnl:,.2f}"]
        assert row[-1] == f"{team.total:.2f}"
    sure = openoutcry("score", first[0], "--seeds").stdout
    assert sure == run.stdout + "one match alone says nothing about how sure its ranking is.\n"


def test_a_team_is_shown_each_component_and_where_its_profit_comes_from(first):
    run = openoutcry("score", first[0], "--team", "amber")
    assert run.returncode == 0, run.stderr
    (team,) = [each for each in document(first[0]).matches[0].teams if each.team_name == "amber"]
    for each in team.components:
        assert each.name.replace("_", " ") in run.stdout
    for name in team.explained.instruments:
        assert name in run.stdout
    assert "settlement" in run.stdout
    assert "coral" not in run.stdout


# ---- a round


def test_several_directories_are_a_round_that_says_how_sure_it_is(first, second):
    found = document(first[0], second[0])
    assert [match.directory for match in found.matches] == [str(first[0]), str(second[0])]
    assert (found.round.matches, found.round.seeds) == (2, 2)
    makers = next(each for each in found.round.rankings if each.role == "market_maker")
    assert {each.team.team_name for each in makers.teams} == {"amber", "birch"}
    for team in makers.teams:
        totals = [
            each.total for match in found.matches for each in match.teams if each.team_name == team.team.team_name
        ]
        assert team.total.mean == pytest.approx(sum(totals) / 2, abs=1e-5)

    run = openoutcry("score", first[0], second[0], "--seeds")
    assert run.returncode == 0, run.stderr
    assert "The ranking rests on 2 matches; 20 with roles rotated are advised." in run.stdout
    for pair in makers.neighbours:
        assert pair.sentence in run.stdout
    for match in found.matches:
        assert match.seed[:12] in run.stdout


def test_the_sessions_of_one_directory_are_a_round_and_each_can_be_chosen(scenario, tmp_path):
    data, _ = played(scenario, tmp_path / "data", sessions=2)
    both = document(data)
    assert [(match.session, match.date) for match in both.matches] == [(1, "2024-03-14"), (2, "2024-03-15")]
    assert both.round.matches == 2
    chosen = document(data, "--session", 1)
    assert [match.session for match in chosen.matches] == [1]
    assert chosen.round is None
    assert chosen.matches[0].teams[0].inputs == next(
        each.inputs for each in both.matches[0].teams if each.team_name == chosen.matches[0].teams[0].team_name
    )
    assert_told(openoutcry("score", data, "--session", 3), 4, "has no session 3: it has the sessions 1 to 2")


def test_where_no_team_has_played_the_tables_say_so(scenario, tmp_path):
    match = Match(scenario, teams=())
    match.end_quietly()
    match.close()
    alone, other = match.save(tmp_path / "alone"), tmp_path / "other"
    shutil.copytree(alone, other)
    for arguments in [alone], [alone, "--seeds"], [alone, other], [alone, other, "--seeds"]:
        run = openoutcry("score", *arguments)
        assert run.returncode == 0, run.stderr
        assert run.stdout.count("no team has played.") == 1
        assert "rank  team" not in run.stdout
        assert "every match" not in run.stdout
    assert document(alone).matches[0].teams == ()


def test_a_team_that_is_inactive_has_no_rank(tmp_path):
    idle = match_scenario(tmp_path, minutes=3, active_ppm=1_000_000)
    match = Match(idle, teams=[("Idle", "retail", None)])
    match.end_quietly()
    match.close()
    run = openoutcry("score", match.save(tmp_path / "data"), "--team", "Idle")
    assert "team      Idle, without a rank as retail\ninactive  " in run.stdout


# ---- what cannot be scored


def test_a_match_that_is_not_over_is_scored_only_when_asked_for(first, tmp_path):
    half = rewritten(first[0], tmp_path / "half", lambda records: list(records)[: len(records) // 2])
    assert_told(openoutcry("score", half), 4, "session 1 of 2024-03-14 in", "is still under way", "--so-far")
    (match,) = document(half, "--so-far").matches
    assert not match.over
    assert "so far, as of 2024-03-14T09:3" in openoutcry("score", half, "--so-far").stdout


def test_a_match_that_waits_for_its_settlements_is_not_over(first, tmp_path):
    def without_settlements(records):
        return [record for record in records if "Settle" not in type(record.command).__name__]

    waiting = rewritten(first[0], tmp_path / "waiting", without_settlements)
    assert_told(openoutcry("score", waiting), 4, "has closed, but not all that expired with it is settled")


def test_without_a_session_there_is_nothing_to_score(first, tmp_path):
    def before_the_session(records):
        for record in records:
            if isinstance(record.command, StartSession):
                return
            yield record

    none = rewritten(first[0], tmp_path / "none", before_the_session)
    assert_told(openoutcry("score", none), 4, "no session has begun there")


def test_a_scenario_without_scoring_has_no_scores(scenario, first, tmp_path):
    data = shutil.copytree(first[0], tmp_path / "data")
    DataDirectory(data).keep_scenario(hashed(structs.replace(scenario, scoring=None)))
    assert_told(openoutcry("score", data), 7, "are not those that the journal was written under")

    match = Match(hashed(structs.replace(scenario, scoring=None)))
    match.close()
    unscored = match.save(tmp_path / "unscored")
    assert_told(openoutcry("score", unscored), 3, "is not scored: its scenario 'match' has no [scoring]")


def test_matches_of_different_rules_are_no_round(first, tmp_path):
    other = match_scenario(tmp_path, minutes=3, **TERMS, inventory_delta=60)
    match = Match(other)
    match.close()
    folder = match.save(tmp_path / "data")
    told = "were played by different rules (here, then there: scoring.inventory_delta was 50 and is 60 now)"
    assert_told(openoutcry("score", first[0], folder), 3, told, "Score each by itself")


def test_a_match_counts_once(first):
    twice = openoutcry("score", first[0], first[0] / ".." / first[0].name)
    assert twice.returncode == 2
    assert "a match counts once" in " ".join(twice.stderr.replace("│", " ").split())
    choosing = openoutcry("score", first[0], "elsewhere", "--session", 1)
    assert choosing.returncode == 2


def test_a_team_that_nobody_knows_is_told_with_those_there_are(first):
    run = openoutcry("score", first[0], "--team", "zebra")
    assert run.returncode == 2
    assert "there are amber, birch" in " ".join(run.stderr.replace("│", " ").split())


def test_a_directory_without_an_exchange_is_told(tmp_path):
    assert_told(openoutcry("score", tmp_path), 4, "holds no exchange")


def test_a_damaged_journal_is_told(first, tmp_path):
    data = shutil.copytree(first[0], tmp_path / "data")
    segment = min(DataDirectory(data).journal.iterdir())
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 1
    segment.write_bytes(content)
    assert_told(openoutcry("score", data), 4, segment.name)


def test_a_journal_of_another_rulebook_is_told(first, tmp_path):
    data = shutil.copytree(first[0], tmp_path / "data")
    script = (
        "from openoutcry.runtime.recovery import replay; from openoutcry.cli import main;"
        f"replay.RULEBOOK_VERSION = {RULEBOOK_VERSION + 1}; main()"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, "score", data],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert_told(run, 3, f"was written under rulebook {RULEBOOK_VERSION}")


INTERRUPTED = """
import os, signal
from contextlib import contextmanager
from openoutcry.cli import main, progress

@contextmanager
def interrupt_at_the_first_progress():
    yield lambda progress: os.kill(os.getpid(), signal.SIGINT)

progress.replay_bar = interrupt_at_the_first_progress
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores SIGINT for tests in the background
main()
"""


def test_one_that_is_interrupted_says_so_and_prints_nothing(first):
    run = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, "score", first[0]],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert_told(run, 1, "openoutcry: interrupted before it was done\n")
