"""Recorded commands, fed to an exchange in memory, give the same journal, the same seals and the same state."""

import datetime as dt
import os
import shutil
from pathlib import Path

import pytest
from market_stage import half_hour
from msgspec import structs

from openoutcry.bootstrap.server import open_server
from openoutcry.domain.commands import AdvanceMarket, SkipIds
from openoutcry.domain.reasons import Accepted, Reject
from openoutcry.journal.lock import DirectoryInUse, DirectoryLock
from openoutcry.journal.memory_files import MemoryFiles
from openoutcry.journal.reader import START, JournalReader
from openoutcry.journal.records import UNKNOWN_HASH
from openoutcry.journal.segment import list_segments, read_header
from openoutcry.journal.writer import JournalWriter
from openoutcry.lab.recorded.feed import FedOtherwise, feed
from openoutcry.lab.recorded.recording import NothingRecorded, Recording
from openoutcry.lab.simulated_days import simulate_days
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.runtime.data_directory import DataDirectory, NoExchangeHere
from openoutcry.runtime.recovery.replay import EditedScenario, OtherScenario, StateMismatch
from openoutcry.runtime.recovery.rerun import rerun
from openoutcry.scenarios.loader import load_scenario
from openoutcry.venue.venue import Venue

GOLDENS = Path(__file__).parents[2] / "house" / "goldens"
DATE = dt.date(2024, 3, 14)


@pytest.fixture(scope="module")
def short_day(tmp_path_factory):
    """A simulated session of five minutes: calls, auctions, a close, expiries and settlements with slices."""
    folder = tmp_path_factory.mktemp("day")
    simulate_days(half_hour(folder, minutes=5), folder / "data", seed=7, admin_key_hash=bytes(32), date=DATE)
    return folder / "data"


@pytest.fixture
def goldens(tmp_path):
    """A data directory with every kind of command, of which many are refused."""
    directory = DataDirectory(tmp_path / "goldens")
    shutil.copytree(GOLDENS / "journal", directory.journal)
    directory.keep_scenario(load_scenario(GOLDENS / "scenario.toml"))
    return directory.path


def records_in(files):
    """Everything after the segments' headers, which name the run of the machine."""
    return b"".join(bytes(content[_header_bytes(content, path) :]) for path, content in files)


def _header_bytes(content, path):
    return read_header(memoryview(content), path, in_last_segment=False)[1]


def test_every_kind_of_command_comes_out_as_it_was_recorded(goldens):
    fed = feed(goldens)
    recorded = rerun(goldens)
    assert (fed.state_hash, fed.commands) == (recorded.state_hash, recorded.commands)
    assert fed.refused > 100
    assert recorded.commands - recorded.executed == fed.refused + 1, "and one order was sent a second time"


def test_a_simulated_day_comes_out_to_the_byte(short_day):
    files = MemoryFiles()
    fed = feed(short_day, files)
    assert fed.state_hash == rerun(short_day).state_hash
    on_disk = [(path, path.read_bytes()) for _, path in list_segments(DataDirectory(short_day).journal)]
    assert records_in(files.contents.items()) == records_in(on_disk)
    assert fed.seals >= 2


def test_a_session_that_was_killed_and_gone_on_with_comes_out_too(tmp_path):
    scenario, folder = half_hour(tmp_path, minutes=5), tmp_path / "data"
    time = VirtualTime()
    first = open_server(scenario, folder, admin_key_hash=bytes(32), loop=time, clock=time, seed=7)
    first.driver.start_session()
    time.pass_seconds(320)
    shutil.copytree(folder, tmp_path / "killed", ignore=shutil.ignore_patterns("lock"))
    first.close()
    time.pass_seconds(20)
    second = open_server(scenario, tmp_path / "killed", admin_key_hash=bytes(32), loop=time, clock=time, seed=7)
    time.pass_seconds(30)
    state = second.sequencer.state_hash()
    second.close()

    records = [record.command for record in JournalReader(DataDirectory(tmp_path / "killed").journal)]
    assert sum(isinstance(each, SkipIds) for each in records) == 1
    assert sum(isinstance(each, AdvanceMarket) for each in records) > 340
    assert feed(tmp_path / "killed").state_hash == state


def tampered(goldens, folder, change, live_hash=lambda: UNKNOWN_HASH):
    """The same directory with its records or seals changed, so that the journal is whole and tells something else."""
    copied = DataDirectory(folder)
    copied.create()
    scenario = DataDirectory(goldens).kept_scenario()
    copied.keep_scenario(scenario)
    writer = JournalWriter(copied.journal, START, scenario_hash=scenario.hash, live_hash=live_hash)
    for record in map(change, JournalReader(DataDirectory(goldens).journal)):
        writer.append(record)
    writer.close(clean=True)
    return folder


def test_a_verdict_that_comes_out_otherwise_is_named(goldens, tmp_path):
    def change(record):
        return structs.replace(record, verdict=Accepted()) if isinstance(record.verdict, Reject) else record

    first = next(each.sequence for each in JournalReader(goldens / "journal") if isinstance(each.verdict, Reject))
    with pytest.raises(FedOtherwise, match=f"cannot be followed past sequence {first}: recorded as Accepted"):
        feed(tampered(goldens, tmp_path / "tampered", change))


def test_a_state_that_was_sealed_otherwise_is_found(goldens, tmp_path):
    def seal():
        return f"{live_version(goldens)}:other"

    with pytest.raises(StateMismatch, match="cannot be followed past sequence 0"):
        feed(tampered(goldens, tmp_path / "sealed", lambda record: record, seal))


def live_version(directory):
    scenario = DataDirectory(directory).kept_scenario()
    return Venue(scenario.rulebook, scenario.instruments).live_hash().partition(":")[0]


def test_an_exchange_that_was_never_asked_anything_is_refused(goldens, tmp_path):
    shutil.rmtree(goldens / "journal")
    (goldens / "journal").mkdir()
    with pytest.raises(NothingRecorded, match="never asked anything"):
        feed(goldens)


def test_what_is_not_finished_or_not_there_is_refused_with_a_sentence(goldens, tmp_path):
    lock = DirectoryLock(goldens / "lock")
    with pytest.raises(DirectoryInUse, match=rf"still being written by an exchange \(process {os.getpid()}\)"):
        Recording(goldens)
    lock.release()
    assert Recording(goldens).begins == next(iter(JournalReader(goldens / "journal"))).time
    with pytest.raises(NoExchangeHere, match="holds no exchange"):
        Recording(tmp_path / "nowhere")
    with pytest.raises(NoExchangeHere):
        Recording(goldens / "scenario.json")


def test_other_rules_are_refused(goldens, tmp_path):
    with pytest.raises(OtherScenario, match="another scenario"):
        Recording(goldens, load_scenario("intern"))
    DataDirectory(goldens).keep_scenario(load_scenario("intern"))
    with pytest.raises(EditedScenario, match="not those that the journal was written under"):
        Recording(goldens)
