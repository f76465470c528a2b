"""What a move must not change, to the byte: documents, journal, streams, verdicts and states of one session.

A test that fails here says that a change was seen outside the code. Where that is intended, `make goldens` records it,
and the commit says what changed and why.
"""

import difflib
import re
import shutil
from typing import get_args

import pytest
from record_goldens import GOLDENS, SessionClock, exchange_on, record

from openoutcry.domain.commands import Command
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.scenarios.loader import load_scenario

SHOWN_LINES = 60
JOURNAL = "journal/00000001.segment"
NAMES = ["openapi.json", "asyncapi.json", "session.txt", "digests.txt", JOURNAL]


@pytest.fixture(scope="module")
def recorded():
    return {name: content for name, content in record().items() if not name.startswith("in-full/")}


def difference(name, golden, now):
    """What to read where a golden does not hold."""
    if name.startswith("journal/"):
        place = next((place for place, pair in enumerate(zip(golden, now, strict=False)) if len(set(pair)) == 2), None)
        where = "one goes on where the other ends" if place is None else f"first at byte {place}"
        shown = f"{len(golden)} bytes then, {len(now)} now; they differ {where}"
    else:
        lines = (text.decode().splitlines() for text in (golden, now))
        changes = list(difflib.unified_diff(*lines, "golden", "now", lineterm="", n=2))
        shown = "\n".join(change[:300] for change in changes[:SHOWN_LINES])
        if len(changes) > SHOWN_LINES:
            shown += f"\n... and {len(changes) - SHOWN_LINES} lines more"
    return (
        f"{name} is not what tests/house/goldens/{name} says:\n{shown}\n"
        "If that is intended: make goldens, read the difference in git, and say in the commit what changed and why.\n"
        "If not: make goldens FOLDER=/tmp/now here, the same on the commit before, and compare the two folders."
    )


@pytest.mark.parametrize("name", NAMES)
def test_what_is_seen_outside_the_code_is_what_it_was(recorded, name):
    golden = (GOLDENS / name).read_bytes()
    if recorded[name] != golden:
        pytest.fail(difference(name, golden, recorded[name]), pytrace=False)


def test_every_golden_is_compared(recorded):
    kept = {path.relative_to(GOLDENS).as_posix() for path in GOLDENS.rglob("*") if path.is_file()}
    assert kept == {*NAMES, "scenario.toml"} == {*recorded, "scenario.toml"}


def test_the_session_gives_every_kind_of_command(recorded):
    given = set(re.findall(r'^\d+ \["(\w+)"', recorded["session.txt"].decode(), re.MULTILINE))
    assert given == {command.__struct_config__.tag for command in get_args(Command)}


async def test_the_journal_that_was_recorded_leads_to_the_state_that_was_recorded(tmp_path):
    directory = DataDirectory(tmp_path / "data")
    directory.create()
    directory.keep_scenario(load_scenario(GOLDENS / "scenario.toml"))
    shutil.copy(GOLDENS / JOURNAL, directory.journal)

    exchange = exchange_on(directory.path, SessionClock())
    state = exchange.sequencer.state_hash()
    exchange.close()

    assert f"state at the end: {state}\n" in (GOLDENS / "digests.txt").read_text(encoding="utf-8")
