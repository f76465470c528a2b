"""Every reader of a journal notices edited rules in the data directory."""

import pytest
from kept_rules import edit_rules
from recovery_stage import build, start, traded_directory
from venues import SCENARIO

from openoutcry.domain.types import Sequence
from openoutcry.journal.reader import JournalReader
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.repair import quarantine
from openoutcry.runtime.recovery.replay import EditedScenario
from openoutcry.runtime.recovery.rerun import rerun
from openoutcry.runtime.recovery.snapshots.schedule import ChildProcess, SnapshotFailed
from openoutcry.runtime.recovery.verification import verify
from openoutcry.scenarios.loader import load_scenario, shipped_scenarios

READERS = {
    "serve": start,
    "verify": verify,
    "replay": rerun,
    "snapshot": build,
    "quarantine": lambda path: quarantine(path, Sequence(3)),
}


def everything(path):
    return {each: each.read_bytes() for each in path.rglob("*") if each.is_file() and each.name != "lock"}


@pytest.fixture
async def directory(tmp_path):
    await traded_directory(tmp_path)
    return tmp_path


@pytest.mark.parametrize("reader", READERS)
async def test_every_reader_of_the_journal_refuses_edited_rules_by_both_hashes(directory, reader):
    written = edit_rules(directory)
    read = DataDirectory(directory).kept_scenario().hash
    before = everything(directory)

    with pytest.raises(EditedScenario, match=rf"hash {read}, the journal names {written}"):
        READERS[reader](directory)

    assert read != written == JournalReader(DataDirectory(directory).journal).header.scenario_hash
    assert everything(directory) == before


async def test_rules_that_are_read_back_under_a_forged_hash_are_found_too(directory):
    written = edit_rules(directory)
    read = DataDirectory(directory).kept_scenario().hash
    path = DataDirectory(directory).scenario
    path.write_bytes(path.read_bytes().replace(written.encode(), read.encode()))

    with pytest.raises(EditedScenario, match=written):
        rerun(directory)


async def test_the_process_that_builds_snapshots_tells_of_edited_rules(directory):
    edit_rules(directory)

    with pytest.raises(SnapshotFailed, match="EditedScenario"):
        ChildProcess(directory).build()


async def test_a_start_writes_rules_anew_that_are_missing_or_cannot_be_read(directory):
    kept = DataDirectory(directory).scenario
    for damage in (kept.unlink, lambda: kept.write_bytes(b"{")):
        damage()
        start(directory).close()
        assert DataDirectory(directory).kept_scenario() == SCENARIO


@pytest.mark.parametrize("name", shipped_scenarios())
def test_what_is_kept_of_a_scenario_has_the_hash_of_what_was_loaded(tmp_path, name):
    directory = DataDirectory(tmp_path)
    directory.create()
    directory.keep_scenario(load_scenario(name))

    assert directory.kept_scenario() == load_scenario(name)
