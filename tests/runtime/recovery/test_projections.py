"""Projections of an exchange on disk: after any stop and from any beginning, they know the whole past."""

import shutil
from functools import partial

import msgspec
import pytest
import structlog
from journals import SyncsWhenTold
from recovery_stage import build, snapshots, start, trade, until
from venues import SCENARIO

from openoutcry.domain.commands import SubmitOrder
from openoutcry.domain.shapes import shape_of
from openoutcry.journal.framing import frame
from openoutcry.journal.reader import JournalReader
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.counts import Counts
from openoutcry.runtime.recovery.replay import replay
from openoutcry.runtime.recovery.rerun import rerun
from openoutcry.runtime.recovery.snapshots.files import MAGIC, block_of, read_snapshot
from openoutcry.runtime.recovery.snapshots.finding import restore_newest
from openoutcry.runtime.recovery.verification import verify
from proofs.chaos.machine.projections import Chain, projections_of


class AnotherShape(Chain):
    shape = "SHA-256 of something else"


class Fragile(Counts):
    """Breaks over the first order for more than 8."""

    name = "fragile"

    def apply(self, sequenced, events):
        if type(sequenced.command) is SubmitOrder and sequenced.command.quantity > 8:
            raise ZeroDivisionError("more than it can count")
        super().apply(sequenced, events)


class Uncapturable(Counts):
    name = "uncapturable"

    def capture(self):
        raise RecursionError("too deep")


def uncapturable(_scenario):
    return (Uncapturable(),)


def fragile(scenario):
    return *projections_of(scenario), Fragile()


open_with_projections = partial(start, projections_of=projections_of)


def come_to(exchange):
    """What each projection has come to."""
    return exchange.projections.capture(exchange.sequencer.last_sequence)


def of_the_whole_journal(path, of=projections_of):
    return rerun(path, projections_of=of).projections


def began_with(path, of):
    """The sequence of the snapshot that a start would begin with; 0 without one."""
    directory = DataDirectory(path)
    return restore_newest(directory, directory.kept_scenario(), of).after.last_sequence


def rewrite(path, **changes):
    """The snapshot file with another header."""
    header, state, captured = read_snapshot(path)
    header = msgspec.structs.replace(header, **changes)
    payload = frame(msgspec.msgpack.encode(header))
    path.write_bytes(MAGIC + payload + state + b"".join(each.state for each in captured))


@pytest.fixture
async def directory(tmp_path):
    """Closed, with a snapshot that holds projections, and segments after it."""
    for seed, steps in ((1, 40), (2, 20)):
        exchange = open_with_projections(tmp_path)
        trade(exchange, steps, seed)
        exchange.close()
        if seed == 1:
            build(tmp_path, projections_of)
    return tmp_path


async def test_live_and_in_a_rerun_they_come_to_the_same(tmp_path):
    exchange = open_with_projections(tmp_path)
    trade(exchange, 60)

    assert exchange.sequencer.refused
    assert come_to(exchange) == of_the_whole_journal(tmp_path)

    exchange.close()
    report = rerun(tmp_path)
    counts = Counts()
    counts.restore(memoryview(come_to(exchange)[0].state))
    assert (counts.executed, counts.events, counts.trades) == (report.executed, report.events, report.trades)
    assert 0 < counts.trades < counts.executed < report.commands


async def test_a_start_goes_on_with_what_the_snapshot_holds(directory):
    began = began_with(directory, projections_of)

    exchange = open_with_projections(directory)

    assert 0 < began < exchange.sequencer.last_sequence
    trade(exchange, 20, seed=3)
    assert come_to(exchange) == of_the_whole_journal(directory)
    exchange.close()


async def test_killed_between_two_commands_they_are_what_they_were(tmp_path):
    """What a killed server leaves is what its directory holds at that moment."""
    path = tmp_path / "life 0"
    for life in range(10):
        exchange = open_with_projections(path)
        assert come_to(exchange) == of_the_whole_journal(path)
        trade(exchange, 5 + life, seed=life)
        if life == 4:
            exchange.close()
            build(path, projections_of)
            exchange = open_with_projections(path)
            trade(exchange, 5, seed=99)
        killed = tmp_path / f"life {life + 1}"
        shutil.copytree(path, killed)
        before = come_to(exchange)
        exchange.close()
        again = restore_newest(DataDirectory(killed), SCENARIO, projections_of)
        reader = JournalReader(DataDirectory(killed).journal, after=again.after)
        list(replay(reader, again.venue, [again.projections.apply]))
        assert again.projections.capture(reader.end.last_sequence) == before
        path = killed
    assert began_with(path, projections_of) > 0


async def test_with_durability_disk_they_know_what_is_on_the_disk(tmp_path):
    syncs = []

    def helper(work, interval_seconds):
        syncs.append(work)
        return SyncsWhenTold(work, interval_seconds)

    exchange = open_with_projections(tmp_path, durability="disk", start_helper=helper)
    before = come_to(exchange)

    trade(exchange, 5)
    assert come_to(exchange) == before

    syncs[0]()
    await until(lambda: come_to(exchange) == of_the_whole_journal(tmp_path))
    exchange.close()


async def test_a_clean_close_brings_them_what_waited_for_the_disk(tmp_path):
    exchange = open_with_projections(tmp_path, durability="disk", start_helper=SyncsWhenTold)
    trade(exchange, 20)

    exchange.close()

    assert come_to(exchange) == of_the_whole_journal(tmp_path)
    assert [finding for finding in verify(tmp_path).findings if finding.kind != "sound"] == []


@pytest.mark.parametrize(
    ("others", "reason"),
    [
        (lambda scenario: (*projections_of(scenario), Fragile()), "nothing of the projection 'fragile'"),
        (lambda _scenario: (AnotherShape(),), "the projection 'chain' in another shape"),
    ],
    ids=["one more", "another shape"],
)
async def test_a_snapshot_without_what_each_needs_is_passed_over_and_the_start_replays_more(directory, others, reason):
    with structlog.testing.capture_logs() as log:
        exchange = start(directory, projections_of=others)

    assert [entry["reason"] for entry in log if entry["event"] == "snapshot passed over"] == [f"it holds {reason}"]
    assert come_to(exchange) == of_the_whole_journal(directory, others)
    exchange.close()
    built = build(directory, others)
    assert built.commands == built.sequence == began_with(directory, others)


async def test_without_projections_a_snapshot_that_holds_some_does(directory):
    began = began_with(directory, projections_of)
    assert began_with(directory, lambda _scenario: ()) == began > 0


async def test_damage_in_a_projection_is_damage_of_the_snapshot(directory):
    path = snapshots(directory)[0]
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert began_with(directory, projections_of) == 0
    path.write_bytes(data[:-1])
    assert began_with(directory, projections_of) == 0


async def test_one_that_raises_is_dropped_and_a_snapshot_says_so(tmp_path):
    exchange = start(tmp_path, projections_of=fragile)
    trade(exchange, 60)
    failed = dict(exchange.projections.failed)
    assert failed.keys() == {"fragile"}
    assert come_to(exchange)[:-1] == of_the_whole_journal(tmp_path)
    assert exchange.sequencer.stopped_reason is None
    exchange.close()
    assert failed["fragile"] <= build(tmp_path, fragile).sequence

    header, _, captured = read_snapshot(snapshots(tmp_path)[0])
    *sound, dropped = header.projections
    assert (dropped.name, dropped.failed_at) == ("fragile", failed["fragile"])
    assert bytes(captured[-1].state) == b""
    assert {block.name for block in sound} >= {"counts", "chain", "actions"}
    assert all(block.failed_at is None for block in sound)
    exchange = start(tmp_path, projections_of=fragile)
    assert exchange.projections.failed == failed
    trade(exchange, 10, seed=2)
    assert come_to(exchange) == of_the_whole_journal(tmp_path, fragile)
    exchange.close()


async def test_one_that_cannot_be_captured_is_told_of_at_the_start_and_is_no_damage(tmp_path):
    for seed in (1, 2):
        exchange = start(tmp_path, projections_of=uncapturable)
        trade(exchange, 40, seed)
        exchange.close()
        built = build(tmp_path, uncapturable)
    newest, first = snapshots(tmp_path)
    failed_at = read_snapshot(first)[2][0].failed_at
    assert built.failed_projections == {"uncapturable": failed_at}
    assert built.sequence > failed_at
    first.unlink()  # from now on nobody can tell where it failed

    with structlog.testing.capture_logs() as log:
        exchange = start(tmp_path, projections_of=uncapturable)
    told = [entry for entry in log if entry["event"] == "projections were dropped before this start"]
    assert [entry["failed_at"] for entry in told] == [{"uncapturable": failed_at}]
    exchange.close()
    findings = verify(tmp_path, projections_of=uncapturable).findings
    assert [finding.kind for finding in findings if finding.subject == newest.name] == ["sound"]


async def test_verify_holds_snapshots_to_the_projections_of_a_replay(directory):
    def findings(of):
        found = verify(directory, projections_of=of).findings
        return [(each.kind, each.text) for each in found if each.subject == snapshots(directory)[0].name]

    assert [kind for kind, _ in findings(projections_of)] == ["sound"]

    path = snapshots(directory)[0]
    header, state, captured = read_snapshot(path)
    forged = [msgspec.structs.replace(each, state=bytes(32)) if each.name == "chain" else each for each in captured]
    changed = msgspec.structs.replace(header, projections=tuple(map(block_of, forged)))
    payload = frame(msgspec.msgpack.encode(changed))
    path.write_bytes(MAGIC + payload + state + b"".join(each.state for each in forged))
    assert began_with(directory, projections_of) > 0

    [(kind, text)] = findings(projections_of)
    assert kind == "damage"
    assert "another state of the projection 'chain' at command" in text
    # What no version of the exchange at hand has is nothing to compare.
    assert [kind for kind, _ in findings(lambda _scenario: (Counts(),))] == ["sound"]


async def test_a_snapshot_of_format_1_is_passed_over_and_nothing_is_wrong_with_it(directory):
    path = snapshots(directory)[0]
    header, state, _ = read_snapshot(path)
    fields = list(msgspec.structs.astuple(header))[:-1]
    path.write_bytes(MAGIC + frame(msgspec.msgpack.encode([1, *fields[1:]])) + state)

    with structlog.testing.capture_logs() as log:
        exchange = open_with_projections(directory)

    passed_over = "it is written in snapshot format 1, this version reads 2"
    assert [entry["reason"] for entry in log if entry["event"] == "snapshot passed over"] == [passed_over]
    assert come_to(exchange) == of_the_whole_journal(directory)
    exchange.close()
    findings = {each.subject: each for each in verify(directory).findings}
    assert findings[path.name].kind == "note"
    assert findings[path.name].text == f"{passed_over}; a start passes it over"


def test_a_shape_is_another_wherever_what_is_kept_is_another():
    def shape(*fields, told=None):
        return shape_of(msgspec.defstruct("State", fields, namespace={"__doc__": told}))

    assert shape(("a", int), ("b", str)) == shape(("a", int), ("b", str))
    assert shape(("description", str), told="One text.") == shape(("description", str), told="Another.") != shape()
    assert len({shape(("a", int)), shape(("a", str)), shape(("b", int)), shape(("a", int), ("b", str))}) == 4
