"""Seeds of sessions: kept from everybody, over restarts, and made from a number where one is given."""

import hashlib

import pytest
from day_stage import DayStage, scenario_of_a_day
from gateway_stage import start_exchange

from openoutcry.runtime.sequencing.unavailable import Unavailable
from openoutcry.runtime.session.seeds import NumberedSeeds, SessionSeeds, seed_of_number

DATE = "2024-03-15"


def counting(start=1):
    """Entropy that never gives the same bytes twice."""
    numbers = iter(range(start, 256))
    return lambda size: bytes([next(numbers)]) * size


def test_a_session_keeps_its_seed_over_restarts(tmp_path):
    first = SessionSeeds(counting(), tmp_path / "seeds").seed_of(DATE)
    assert first == bytes([1]) * 32
    assert SessionSeeds(counting(7), tmp_path / "seeds").seed_of(DATE) == first
    assert SessionSeeds(counting(7), tmp_path / "seeds", number=5).seed_of(DATE) == first


def test_another_session_has_another_seed(tmp_path):
    seeds = SessionSeeds(counting(), tmp_path / "seeds")
    assert seeds.seed_of(DATE) != seeds.seed_of("2024-03-18")
    assert seeds.seed_of(DATE) == bytes([1]) * 32


def test_a_number_stands_for_its_sha_256_in_decimal(tmp_path):
    expected = hashlib.sha256(b"42").digest()
    assert seed_of_number(42) == expected
    assert SessionSeeds(counting(), tmp_path / "seeds", number=42).seed_of(DATE) == expected
    assert SessionSeeds(counting(), number=42).seed_of(DATE) == expected


def test_a_session_s_word_follows_from_its_seed_and_date():
    seeds = SessionSeeds(counting(), number=42)
    expected = hashlib.sha256(hashlib.sha256(b"42").digest() + DATE.encode()).digest()[:8]
    assert seeds.word_of(DATE) == int.from_bytes(expected, "big")
    assert seeds.word_of(DATE) != seeds.word_of("2024-03-18")


@pytest.mark.parametrize(("number", "is_from_number"), [(None, False), (5, True)])
def test_a_seed_that_came_from_a_number_is_known_as_such_over_restarts(tmp_path, number, is_from_number):
    made = NumberedSeeds(counting(), tmp_path / "seeds", number)
    seed = made.seed_of(1)
    assert made.is_from_number(1) is is_from_number
    again = NumberedSeeds(counting(7), tmp_path / "seeds")
    assert (again.find(1), again.is_from_number(1)) == (seed, is_from_number)
    assert not again.is_from_number(2)


def test_nobody_else_can_read_the_file(tmp_path):
    SessionSeeds(counting(), tmp_path / "seeds").seed_of(DATE)
    (file,) = (tmp_path / "seeds").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "seeds").stat().st_mode & 0o077 == 0


def test_a_file_that_others_can_read_is_not_used(tmp_path):
    SessionSeeds(counting(), tmp_path / "seeds").seed_of(DATE)
    (tmp_path / "seeds" / f"{DATE}.seed").chmod(0o644)
    with pytest.raises(Unavailable, match="chmod 600"):
        SessionSeeds(counting(), tmp_path / "seeds").seed_of(DATE)


@pytest.mark.parametrize("content", ["", "abcd", "no hex at all", "ab" * 33])
def test_a_file_that_holds_no_seed_is_not_used_nor_replaced(tmp_path, content):
    (tmp_path / "seeds").mkdir()
    file = tmp_path / "seeds" / f"{DATE}.seed"
    file.write_text(content)
    file.chmod(0o600)
    with pytest.raises(Unavailable, match="32 bytes"):
        SessionSeeds(counting(), tmp_path / "seeds").seed_of(DATE)
    assert file.read_text() == content


def test_a_seed_that_cannot_be_kept_is_not_used(tmp_path):
    (tmp_path / "seeds").write_text("a file in the folder's place")
    with pytest.raises(Unavailable, match="seed"):
        SessionSeeds(counting(), tmp_path / "seeds").seed_of(DATE)


def test_the_same_number_opens_the_session_at_the_same_instant(tmp_path):
    def words(**terms):
        stage = DayStage(scenario_of_a_day(tmp_path), **terms)
        command = stage.driver.start_session().command
        return command.random_word, command.timetable

    assert words(seed=3) == words(seed=3)
    assert words(seed=3) != words(seed=4)
    assert words() != words()


async def test_the_seed_is_in_its_file_and_nowhere_else(tmp_path, caplog, capsys):
    exchange = start_exchange(tmp_path / "data", scenario_of_a_day(tmp_path), seed=42)
    exchange.driver.start_session()
    exchange.driver.stop()
    for _ in range(3):
        exchange.driver.tick()
    exchange.close()
    seed = seed_of_number(42)
    files = {path for path in (tmp_path / "data").rglob("*") if path.is_file()}
    holders = {path.name for path in files if seed in (content := path.read_bytes()) or seed.hex().encode() in content}
    assert holders == {"2024-03-14.seed"}
    said = capsys.readouterr()
    assert seed.hex() not in caplog.text + said.out + said.err
