"""Seeds of a simulated market: committed to before each session, revealed after it, over restarts and losses."""

import hashlib

import pytest
from day_stage import DayStage, scenario_of_a_day
from gateway_stage import start_exchange
from journals import read_all
from msgspec import structs

from openoutcry.domain.commands import RegisterTeam, Why, WithdrawCommitment
from openoutcry.domain.fairness import commitment_of, random_word, seed_of_number, session_seed
from openoutcry.domain.simulation.world_rules import MarketRules
from openoutcry.runtime.sequencing.unavailable import Unavailable
from openoutcry.runtime.session.seeds import NumberedSeeds, derived_seed
from openoutcry.scenarios.model import hashed


@pytest.fixture
def scenario(tmp_path):
    return hashed(structs.replace(scenario_of_a_day(tmp_path), market=MarketRules()))


@pytest.fixture
def start(scenario, tmp_path):
    """Starts the exchange on one data directory, again and again."""
    exchanges = []

    def start(**terms):
        if exchanges:
            exchanges.pop().close()
        exchanges.append(start_exchange(tmp_path / "data", scenario, **terms))
        return exchanges[-1]

    yield start
    for exchange in exchanges:
        exchange.close()


def shown(exchange):
    return exchange.sequencer.queries.fairness()


def seed_file(tmp_path, number):
    return tmp_path / "data" / "seeds" / f"{number}.seed"


def kept_seed(tmp_path, number):
    return bytes.fromhex(seed_file(tmp_path, number).read_text().splitlines()[0])


def test_the_commitment_is_there_from_the_first_moment(scenario):
    stage = DayStage(scenario, seed=42)
    assert stage.queries.fairness().next_commitment == commitment_of(seed_of_number(42), scenario.hash)


def test_a_scenario_without_a_market_commits_to_nothing(tmp_path):
    stage = DayStage(scenario_of_a_day(tmp_path))
    stage.driver.start_session()
    assert (stage.queries.fairness().next_number, stage.queries.fairness().commitment) == (1, None)


def test_what_the_venue_draws_comes_from_the_seed_of_the_session(scenario):
    stage = DayStage(scenario, seed=42)
    started = stage.driver.start_session().command
    assert started.random_word == random_word(session_seed(seed_of_number(42), []), "2024-03-14")


def test_a_session_s_seed_is_made_of_the_seed_and_the_nonces_of_teams_that_have_one():
    parts = [seed_of_number(1), hashlib.sha256(b"first").digest(), hashlib.sha256("zwölf".encode()).digest()]
    expected = hashlib.sha256(b"".join(parts)).digest()
    assert session_seed(seed_of_number(1), ["first", None, "zwölf", None]) == expected
    assert session_seed(seed_of_number(1), ["zwölf", "first"]) != expected


def test_after_the_session_the_seed_is_revealed_and_the_next_one_committed_to(scenario):
    stage = DayStage(scenario, seed=42)
    stage.driver.start_session()
    assert stage.queries.fairness().seed is None
    assert stage.queries.fairness().next_commitment is None

    stage.driver.end_session()
    stage.pass_seconds(1)

    fairness = stage.queries.fairness()
    second = hashlib.sha256(seed_of_number(42) + b"2").digest()
    assert fairness.seed == seed_of_number(42)
    assert commitment_of(fairness.seed, scenario.hash) == fairness.commitment
    assert (fairness.next_number, fairness.next_commitment) == (2, commitment_of(second, scenario.hash))


def test_a_session_that_starts_at_once_after_another_has_its_own_commitment(scenario):
    stage = DayStage(scenario, seed=42)
    stage.driver.start_session()
    stage.driver.end_session()
    stage.loop.run()
    stage.driver.start_session()
    assert stage.queries.fairness().number == 2


async def test_a_restart_commits_to_nothing_new_and_plays_what_was_committed_to(start, tmp_path):
    committed = shown(start()).next_commitment
    exchange = start(seed=7)
    assert shown(exchange).next_commitment == committed

    exchange.driver.start_session()

    running = shown(start())
    assert (running.commitment, running.next_commitment, running.seed) == (committed, None, None)
    assert not seed_file(tmp_path, 2).exists()


async def test_a_commitment_to_a_seed_from_a_number_is_withdrawn_where_seeds_come_from_chance(start, tmp_path, capsys):
    """As after `simulate`, which leaves a commitment for the next session."""
    guessable = shown(start(seed=7)).next_commitment
    capsys.readouterr()

    fairness = shown(start())

    assert (fairness.next_number, fairness.withdrawn) == (2, 1)
    assert fairness.next_commitment != guessable
    assert "came from a number" in capsys.readouterr().out
    records, _ = read_all(tmp_path / "data" / "journal")
    (reason,) = [record.command.why.reason for record in records if isinstance(record.command, WithdrawCommitment)]
    assert "came from a number" in reason
    assert shown(start()) == fairness


async def test_a_commitment_to_a_seed_from_a_number_stays_where_a_number_is_given(start):
    before = shown(start(seed=7))
    assert shown(start(seed=7)) == before


async def test_a_session_under_way_goes_on_with_its_seed_from_a_number_and_the_next_one_comes_from_chance(start):
    start(seed=7).driver.start_session()
    exchange = start()
    exchange.driver.end_session()
    exchange.driver.start_session()
    assert (shown(exchange).number, shown(exchange).withdrawn) == (2, 0)
    assert shown(exchange).commitment != commitment_of(derived_seed(7, 2), exchange.scenario.hash)


async def test_a_restart_after_the_end_reveals_what_was_not_revealed_yet(start, tmp_path):
    exchange = start()
    exchange.driver.start_session()
    exchange.driver.stop()
    exchange.driver.end_session()
    exchange.driver.stop()
    assert shown(exchange).seed is None

    ended = shown(start())

    assert ended.seed == kept_seed(tmp_path, 1)
    assert ended.next_number == 2
    assert shown(start()) == ended


async def test_a_seed_on_the_disk_that_the_journal_does_not_know_is_committed_to(start, scenario, tmp_path):
    """As after a loss of power between the two: what may have been published stays true."""
    seeds = tmp_path / "data" / "seeds"
    seeds.mkdir(parents=True, mode=0o700)
    kept = NumberedSeeds(lambda size: bytes([9]) * size, seeds).seed_of(1)
    assert shown(start()).next_commitment == commitment_of(kept, scenario.hash)


async def test_a_lost_seed_of_the_next_session_keeps_it_from_starting_until_it_is_given_up(start, scenario, tmp_path):
    lost = shown(start()).next_commitment
    seed_file(tmp_path, 1).unlink()
    exchange = start()
    with pytest.raises(Unavailable, match=r"1\.seed does not hold .* withdraw-commitment"):
        exchange.driver.start_session()

    exchange.sequencer.perform(WithdrawCommitment(Why("Ann", "A disk broke")))
    exchange.driver.start_session()

    fairness = shown(exchange)
    assert (fairness.number, fairness.withdrawn) == (2, 1)
    assert fairness.commitment == commitment_of(kept_seed(tmp_path, 2), scenario.hash) != lost


async def test_a_seed_other_than_the_one_committed_to_is_not_played(start, tmp_path):
    start()
    seed_file(tmp_path, 1).write_text(f"{seed_of_number(1).hex()}\n")
    with pytest.raises(Unavailable, match="does not hold what"):
        start().driver.start_session()


async def test_a_lost_seed_of_the_last_session_is_not_revealed_and_the_next_one_is_played(start, tmp_path, capsys):
    exchange = start()
    exchange.driver.start_session()
    exchange.driver.stop()
    seed_file(tmp_path, 1).unlink()
    exchange = start()
    exchange.driver.end_session()
    exchange.driver.start_session()
    assert (shown(exchange).number, shown(exchange).seed) == (2, None)


async def test_a_lost_seed_that_is_put_back_is_revealed_after_all(start, tmp_path):
    exchange = start()
    exchange.driver.start_session()
    exchange.driver.stop()
    content = seed_file(tmp_path, 1).read_text()
    seed_file(tmp_path, 1).unlink()
    exchange = start()
    exchange.driver.end_session()
    assert shown(exchange).seed is None
    seed_file(tmp_path, 1).write_text(content)
    seed_file(tmp_path, 1).chmod(0o600)
    assert shown(start()).seed == kept_seed(tmp_path, 1)


async def test_a_seed_that_comes_from_a_number_cannot_be_lost(start, tmp_path):
    start(seed=5)
    seed_file(tmp_path, 1).unlink()
    exchange = start(seed=5)
    exchange.driver.start_session()
    assert shown(exchange).number == 1


async def test_a_team_that_registers_while_the_session_runs_does_not_change_its_seed(start):
    exchange = start(seed=5)
    exchange.driver.start_session()
    before = shown(exchange).teams
    exchange.sequencer.perform(RegisterTeam("late", "retail", b"late"))
    assert shown(exchange).teams == before


async def test_the_seed_is_in_no_file_but_its_own_before_it_is_revealed(start, tmp_path, caplog, capsys):
    exchange = start(seed=42)
    exchange.driver.start_session()
    exchange.driver.stop()
    for _ in range(3):
        exchange.driver.tick()
    exchange.close()
    seed = seed_of_number(42)
    holders = {
        path.name
        for path in (tmp_path / "data").rglob("*")
        if path.is_file() and (seed in (content := path.read_bytes()) or seed.hex().encode() in content)
    }
    assert holders == {"1.seed"}
    said = capsys.readouterr()
    assert seed.hex() not in caplog.text + said.out + said.err
