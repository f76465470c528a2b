"""A directory is read while an exchange writes it, after it was killed, and as far as it goes where it is damaged."""

import asyncio
import os

import pytest
from recovery_stage import start, trade, traded_directory

from openoutcry.journal.segment import list_segments
from openoutcry.playback.reading import Reading
from openoutcry.runtime.data_directory import DataDirectory, NoExchangeHere

PATIENCE_SECONDS = 60


def journal_of(path):
    return [segment for _, segment in list_segments(DataDirectory(path).journal)]


async def read_all(path):
    """All that is there, and no more."""
    reading = Reading(path)
    task = asyncio.create_task(reading.run())
    async with asyncio.timeout(PATIENCE_SECONDS):
        await reading.read()
    task.cancel()
    return reading


async def until(condition):
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.001)


async def test_a_finished_directory_is_complete(tmp_path):
    state_hash, *_ = await traded_directory(tmp_path / "data")
    reading = await read_all(tmp_path / "data")
    assert (reading.state, reading.problem, reading.journal.cut) == ("complete", None, None)
    assert reading.playback.exchange.sequencer.state_hash() == state_hash
    assert reading.journal.progress.bytes_read == reading.journal.progress.bytes_total
    reading.close()


async def test_a_session_in_progress_is_followed_to_its_end_and_its_directory_is_left_alone(tmp_path):
    exchange = start(tmp_path / "data")
    trade(exchange, 40, seed=1)
    before = {path: path.read_bytes() for path in sorted((tmp_path / "data").rglob("*")) if path.is_file()}
    reading = Reading(tmp_path / "data", look_seconds=0.001)
    task = asyncio.create_task(reading.run())
    await until(lambda: reading.state == "following")
    assert reading.playback.moments.last.sequence == exchange.sequencer.last_sequence
    assert {path: path.read_bytes() for path in before} == before
    for seed in (2, 3, 4):
        trade(exchange, 60, seed)
        await until(lambda: reading.playback.moments.last.sequence == exchange.sequencer.last_sequence)
        assert reading.playback.exchange.sequencer.state_hash() == exchange.sequencer.state_hash()
    exchange.close()
    await until(lambda: reading.state == "complete")
    # Somebody starts the exchange again.
    exchange = start(tmp_path / "data")
    trade(exchange, 60, seed=5)
    await until(lambda: reading.playback.moments.last.sequence == exchange.sequencer.last_sequence)
    assert reading.problem is None
    exchange.close()
    await until(lambda: reading.state == "complete")
    task.cancel()
    reading.close()


async def test_requests_are_answered_while_it_is_read(tmp_path):
    await traded_directory(tmp_path / "data", steps=2_000)
    reading = Reading(tmp_path / "data")
    task = asyncio.create_task(reading.run())
    seen = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        while reading.state == "reading":
            await asyncio.sleep(0)
            seen.append(reading.playback.moments.last.sequence)
            reading.playback.frame(reading.playback.moments.last)
    assert len(set(seen)) > 2, "it is read in slices"
    task.cancel()
    reading.close()


async def test_a_killed_exchange_s_cut_record_is_told_and_not_shown(tmp_path):
    await traded_directory(tmp_path / "data")
    whole = await read_all(tmp_path / "data")
    last = journal_of(tmp_path / "data")[-1]
    os.truncate(last, last.stat().st_size - 150)
    cut = await read_all(tmp_path / "data")
    assert cut.state == "complete"
    assert "cut short" in cut.journal.cut
    assert 0 < cut.playback.moments.last.sequence < whole.playback.moments.last.sequence
    for reading in (whole, cut):
        reading.close()


async def test_what_comes_before_damage_is_shown(tmp_path):
    await traded_directory(tmp_path / "data", steps=200)
    damaged = journal_of(tmp_path / "data")[4]
    content = bytearray(damaged.read_bytes())
    content[-20] ^= 1
    damaged.write_bytes(content)
    reading = await read_all(tmp_path / "data")
    assert reading.state == "failed"
    assert damaged.name in reading.problem
    last = reading.playback.moments.last
    assert last.sequence > 10
    assert reading.playback.frame(last).moment == last
    reading.close()


async def test_an_exchange_that_was_asked_nothing_has_no_moment(tmp_path):
    start(tmp_path / "data").close()
    reading = await read_all(tmp_path / "data")
    assert reading.state == "complete"
    assert reading.playback.moments.first is None
    reading.close()


def test_a_folder_without_an_exchange_is_refused(tmp_path):
    with pytest.raises(NoExchangeHere, match=r"scenario\.json is missing"):
        Reading(tmp_path)
