"""Mending a journal: a damaged end is cut off and reported, one failing command is skipped, all else is refused."""

import pytest
from journals import last_segment, read_all
from recovery_stage import build, snapshots, start, streams, trade, traded_directory
from venues import CALL

from openoutcry.bootstrap.server import IDS_SKIPPED
from openoutcry.domain.commands import HaltInstrument, Price, SkipIds, SubmitOrder
from openoutcry.domain.reasons import Accepted
from openoutcry.journal.framing import whole_frames
from openoutcry.journal.lock import DirectoryInUse
from openoutcry.journal.segment import MAGIC, JournalCorrupt, list_segments, segment_path
from openoutcry.runtime.data_directory import DataDirectory, NoExchangeHere
from openoutcry.runtime.recovery.repair import NotRepaired, quarantine, repair_tail
from openoutcry.runtime.recovery.replay import CommandFails
from openoutcry.runtime.recovery.verification import verify
from openoutcry.runtime.sequencing.unavailable import Unavailable
from openoutcry.venue import execution


def journal(path):
    return DataDirectory(path).journal


def records(path):
    return read_all(journal(path))[0]


@pytest.fixture
async def directory(tmp_path):
    """Its last segment holds more than ten commands, and a snapshot stands before it."""
    await traded_directory(tmp_path)
    exchange = start(tmp_path, segment_bytes=100_000)
    trade(exchange, 15, seed=2)
    exchange.close()
    build(tmp_path)
    return tmp_path


def damage_entry(path, number):
    """Change a byte of the `number`th entry of the last segment (0: its header); where that entry starts."""
    segment = last_segment(journal(path))
    data = bytearray(segment.read_bytes())
    starts = [len(MAGIC), *(end for end, _ in whole_frames(memoryview(bytes(data)), len(MAGIC)))]
    data[starts[number] + 10] ^= 0xFF
    segment.write_bytes(data)
    return starts[number]


# ---- --repair-tail


async def test_a_damaged_end_is_cut_where_the_damage_begins_and_what_is_lost_is_listed(directory):
    before = records(directory)
    segment = last_segment(journal(directory))
    first = len(before) - 15
    offset = damage_entry(directory, 6)
    damaged = segment.read_bytes()
    with pytest.raises(JournalCorrupt, match=f"byte {offset}: .*verify {directory} --repair-tail"):
        start(directory)

    cut = repair_tail(directory)

    assert (cut.path, cut.offset, cut.size) == (segment, offset, len(damaged) - offset)
    assert segment.read_bytes() + cut.copy.read_bytes() == damaged
    assert records(directory) == before[: first + 5]
    assert cut.last_sequence == first + 5
    assert cut.lost[0].endswith(f" bytes from byte {offset} on that cannot be read")
    lost = before[first + 6 :]
    assert [line.split()[0] for line in cut.lost[1:]] == [str(record.sequence) for record in lost]
    assert [line.split()[1] for line in cut.lost[1:]] == [f"TEAM_{record.command.team_id}" for record in lost]
    assert all(line.split()[3] in {"accepted", "reject", "duplicate"} for line in cut.lost[1:])


async def test_after_the_cut_the_exchange_goes_on_with_signs_of_the_loss(directory):
    epoch = start_and_close(directory)
    damage_entry(directory, 0)  # of the segment that this start began
    repair_tail(directory)
    exchange = start(directory, segment_bytes=100_000)
    trade(exchange, 10, seed=3)
    exchange.close()
    damage_entry(directory, 4)
    cut = repair_tail(directory)

    exchange = start(directory)

    assert exchange.sequencer.epoch > epoch
    assert records(directory)[cut.last_sequence].command == SkipIds(IDS_SKIPPED)
    told = streams(exchange)
    trade(exchange, 10, seed=4)
    exchange.close()
    assert all(told.values())
    assert verify(directory).is_sound


def start_and_close(directory):
    exchange = start(directory)
    epoch = exchange.sequencer.epoch
    exchange.close()
    return epoch


async def test_a_segment_whose_head_is_damaged_goes_altogether(directory):
    before = records(directory)
    segment = last_segment(journal(directory))
    damage_entry(directory, 0)

    cut = repair_tail(directory)

    assert not segment.exists()
    assert cut.offset == 0
    assert len(cut.lost) == 16  # the head, and fifteen commands
    assert records(directory) == before[:-15]


async def test_a_torn_tail_is_cut_as_a_start_would(directory):
    segment = last_segment(journal(directory))
    segment.write_bytes(segment.read_bytes()[:-60])
    before = records(directory)

    cut = repair_tail(directory)

    assert records(directory) == before
    assert cut.lost[-1].endswith("that cannot be read")


async def test_a_sound_journal_is_left_alone(directory):
    with pytest.raises(NotRepaired, match=r"every entry of the journal .* is sound"):
        repair_tail(directory)


async def test_damage_before_the_last_segment_is_not_cut(directory):
    path = segment_path(journal(directory), 2)
    data = bytearray(path.read_bytes())
    data[300] ^= 0xFF
    path.write_bytes(data)
    before = {each: each.read_bytes() for each in directory.rglob("*") if each.is_file()}

    with pytest.raises(JournalCorrupt, match="move later segments out of it"):
        repair_tail(directory)
    assert {each: each.read_bytes() for each in directory.rglob("*") if each.is_file()} == before


async def test_its_advice_for_damage_further_back_does(directory):
    for each in snapshots(directory):
        each.unlink()
    path = segment_path(journal(directory), 2)
    data = bytearray(path.read_bytes())
    data[300] ^= 0xFF
    path.write_bytes(data)
    for number, segment in list_segments(journal(directory)):
        if number > 2:
            segment.rename(directory / segment.name)

    repair_tail(directory)

    exchange = start(directory)
    exchange.close()
    assert verify(directory).is_sound


async def test_a_server_s_directory_is_not_repaired_under_it(directory):
    exchange = start(directory)

    with pytest.raises(DirectoryInUse):
        repair_tail(directory)
    with pytest.raises(DirectoryInUse):
        quarantine(directory, 3)
    exchange.close()


def test_a_directory_without_an_exchange_is_refused_and_left_as_it_was(tmp_path):
    with pytest.raises(NoExchangeHere):
        repair_tail(tmp_path)
    assert list(tmp_path.iterdir()) == []


# ---- --quarantine


@pytest.fixture
def halting_fails(monkeypatch):
    """A planted bug: the venue fails on whatever halts an instrument."""

    def fail(*_terms):
        raise AssertionError("a planted bug")

    monkeypatch.setattr("openoutcry.venue.handlers.session.EnterPhase", fail)
    return monkeypatch.undo


async def test_a_command_that_the_venue_fails_on_stops_it_and_every_start_until_it_is_quarantined(
    directory, halting_fails
):
    exchange = start(directory)
    trade(exchange, 5, seed=3)
    told = streams(exchange)
    with pytest.raises(Unavailable, match="stopped itself executing sequence"):
        exchange.sequencer.perform(HaltInstrument(CALL))
    sequence = exchange.sequencer.last_sequence
    with pytest.raises(Unavailable):
        exchange.sequencer.queries  # noqa: B018 - asking is what is refused
    exchange.close()
    with pytest.raises(CommandFails, match=rf"past sequence {sequence}: .*planted.* --quarantine {sequence}"):
        start(directory)

    quarantined = quarantine(directory, sequence)

    assert quarantined.command.split() == [str(sequence), "organiser", "halt_instrument", "accepted"]
    assert quarantined.failure == "AssertionError: a planted bug"
    exchange = start(directory)
    assert streams(exchange) == told
    assert exchange.sequencer.queries.market().halted == ()
    assert exchange.sequencer.epoch > 1
    assert exchange.sequencer.last_sequence == sequence + 1  # the ids that it was promised are passed over
    trade(exchange, 20, seed=4)
    state_hash = exchange.sequencer.state_hash()
    exchange.close()
    halting_fails()
    assert verify(directory).is_sound
    assert verify(directory).state_hash == state_hash
    build(directory)
    exchange = start(directory)
    assert exchange.sequencer.state_hash() == state_hash
    exchange.close()


@pytest.mark.interpreted
async def test_ids_of_a_quarantined_order_are_not_given_again(directory, monkeypatch):
    trade = execution.trade

    def fail_on_eleven(state, outcome, team, market, order):
        assert order.quantity != 11, "a planted bug"
        trade(state, outcome, team, market, order)

    monkeypatch.setattr("openoutcry.venue.execution.trade", fail_on_eleven)
    exchange = start(directory)
    with pytest.raises(Unavailable):
        exchange.sequencer.perform(SubmitOrder(1, CALL, "buy", 11, Price(900)))
    exchange.close()
    failed = records(directory)[-1]
    assert type(failed.verdict) is Accepted

    quarantine(directory, failed.sequence)

    monkeypatch.undo()
    exchange = start(directory)
    sequenced, _ = exchange.sequencer.perform(failed.command)
    assert sequenced.verdict.new_id == failed.verdict.new_id + IDS_SKIPPED
    exchange.close()


async def test_only_the_command_that_fails_can_be_quarantined(directory, halting_fails):
    exchange = start(directory)
    with pytest.raises(Unavailable):
        exchange.sequencer.perform(HaltInstrument(CALL))
    sequence = exchange.sequencer.last_sequence
    exchange.close()
    before = {each: each.read_bytes() for each in directory.rglob("*") if each.is_file() and each.name != "lock"}

    with pytest.raises(NotRepaired, match=f"fails on the command at {sequence}, not on the one at {sequence - 1}"):
        quarantine(directory, sequence - 1)
    assert {each: each.read_bytes() for each in before} == before


async def test_nothing_can_be_quarantined_where_nothing_fails(directory):
    with pytest.raises(NotRepaired, match="nothing to quarantine"):
        quarantine(directory, 3)


async def test_a_command_that_others_were_built_on_cannot_be_quarantined(directory, monkeypatch):
    """A later version fails on what an earlier one did: without it the verdicts after it are other ones."""
    exchange = start(directory)
    exchange.sequencer.perform(HaltInstrument(CALL))
    trade(exchange, 10, seed=3)  # refused, because trading is halted
    exchange.close()

    def fail(*_terms):
        raise AssertionError("a planted bug")

    monkeypatch.setattr("openoutcry.venue.handlers.session.EnterPhase", fail)
    with pytest.raises(CommandFails) as failure:
        start(directory)

    with pytest.raises(NotRepaired, match="cannot be followed without it"):
        quarantine(directory, failure.value.sequence)


async def test_a_torn_tail_behind_it_does_not_keep_a_command_from_being_quarantined(directory, halting_fails):
    exchange = start(directory)
    with pytest.raises(Unavailable):
        exchange.sequencer.perform(HaltInstrument(CALL))
    sequence = exchange.sequencer.last_sequence
    exchange.close()
    with last_segment(journal(directory)).open("ab") as segment:
        segment.write(b"torn")

    quarantine(directory, sequence)

    start(directory).close()
