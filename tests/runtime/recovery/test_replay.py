"""A replay gives the same events and state, or stops at the first difference."""

import msgspec
import pytest
from journals import SyncsAtOnce, go_on, last_segment, read_all, write_journal
from venues import ALICE, BOB, CALL, FIRST_ORDER_ID, SCENARIO, cancel, new_venue, order

from openoutcry.domain.commands import HaltInstrument, Price, QuoteTerms, ReplaceQuotes, SetPhase, SkipIds
from openoutcry.domain.reasons import Accepted, ErrorCode, Reject
from openoutcry.domain.rulebook import RULEBOOK_VERSION
from openoutcry.domain.sequenced import Sequenced
from openoutcry.journal.reader import JournalReader
from openoutcry.journal.records import FORMAT_VERSION, UNKNOWN_HASH, SegmentHeader
from openoutcry.journal.segment import segment_path, segment_start
from openoutcry.runtime.recovery.replay import (
    CommandFails,
    OtherScenario,
    ReplayFailed,
    ReplayMismatch,
    StateMismatch,
    check_same_scenario,
    replay,
)
from openoutcry.runtime.sequencing.sequencer import Sequencer
from openoutcry.venue.venue import Venue

COMMANDS = [
    ALICE,
    BOB,
    ALICE,  # refused: the name is taken
    order(1, "sell", 5, client_order_id="mine"),
    order(1, "sell", 5, client_order_id="mine"),  # a repeat
    order(2, "buy", 3),
    order(2, "buy", 10_000),  # refused: over the limits
    order(2, "buy", 1, price_ticks=1_000, time_in_force="never"),
    ReplaceQuotes(1, (QuoteTerms(CALL, Price(900), 2, Price(1_100), 2), QuoteTerms("NO_SUCH", Price(1), 1, None, 0))),
    cancel(2, 12),
    cancel(1, FIRST_ORDER_ID),
    HaltInstrument(CALL),
    order(2, "buy"),
    SkipIds(1_000_000),
    SetPhase("closed"),
    order(2, "buy"),
]


class StillClock:
    def now(self):
        return 1_000


def run(directory):
    """Have all of `COMMANDS` sequenced; each with its events, and the state's hash."""
    happened = []
    journal = go_on(directory, segment_bytes=1, start_helper=SyncsAtOnce)
    sequencer = Sequencer(
        new_venue(),
        journal,
        StillClock(),
        deliver=appending_to(happened),
        deliver_refused=appending_to(happened),
        schedule=lambda _callback: None,
        epoch=1,
    )
    for command in COMMANDS:
        sequencer.submit(command)
    state_hash = sequencer.state_hash()
    journal.close()
    return happened, state_hash


def appending_to(happened):
    return lambda sequenced, events: happened.append((sequenced, events))


def run_again(directory):
    happened = []
    venue = new_venue()
    list(replay(JournalReader(directory), venue, [appending_to(happened)]))
    return happened, venue.state_hash()


def journal_of(directory, *records):
    write_journal(directory, records)


def test_a_replay_makes_the_same_events_and_the_same_state(tmp_path):
    happened, state_hash = run(tmp_path)

    again, hash_again = run_again(tmp_path)

    assert {type(each.verdict).__name__ for each in read_all(tmp_path)[0]} == {"Accepted", "Duplicate", "Reject"}
    assert again == happened
    assert hash_again == state_hash


def test_the_first_verdict_that_differs_ends_the_replay_and_is_named(tmp_path):
    journal_of(
        tmp_path,
        Sequenced(1, 1_000, ALICE, Accepted(1)),
        Sequenced(2, 1_000, cancel(1, 5), Accepted()),
        Sequenced(3, 1_000, cancel(1, 6), Accepted()),
    )

    with pytest.raises(ReplayMismatch, match=r"past sequence 2: recorded as Accepted.*judged Reject") as raised:
        run_again(tmp_path)
    assert raised.value.sequence == 2


def test_another_text_of_a_refusal_is_another_verdict(tmp_path):
    journal_of(
        tmp_path,
        Sequenced(1, 1_000, ALICE, Accepted(1)),
        Sequenced(2, 1_000, cancel(1, 5), Reject(ErrorCode.CANCEL_FAILED, "in other words")),
    )

    with pytest.raises(ReplayMismatch, match="sequence 2"):
        run_again(tmp_path)


def test_a_command_that_the_venue_fails_on_is_named(tmp_path):
    class FailingVenue:
        def validate(self, _command):
            return Accepted(1)

        def execute(self, _sequence, _now, _command):
            raise AssertionError("positions do not sum to zero")

    journal_of(tmp_path, Sequenced(1, 1_000, ALICE, Accepted(1)))

    advice = f"openoutcry verify {tmp_path.parent} --quarantine 1"
    with pytest.raises(CommandFails, match=rf"past sequence 1: the venue failed .*do not sum.* run: {advice}"):
        list(replay(JournalReader(tmp_path), FailingVenue()))


def test_a_quarantined_command_is_passed_over(tmp_path):
    journal_of(
        tmp_path,
        Sequenced(1, 1_000, ALICE, Accepted(1)),
        Sequenced(2, 1_000, HaltInstrument("NO_SUCH"), Accepted()),
        Sequenced(3, 1_000, BOB, Accepted(2)),
    )
    with pytest.raises(ReplayFailed, match="sequence 2"):
        run_again(tmp_path)

    go_on(tmp_path, quarantined=(2,)).close()

    happened, _ = run_again(tmp_path)
    assert [sequenced.sequence for sequenced, _ in happened] == [1, 3]


def with_live_hashes(directory, *, of_seal, of_close):
    """A journal of two commands whose writer noted these live hashes."""
    venue = new_venue()
    hashes = iter([venue.live_hash(), venue.live_hash(), of_seal, of_close])
    writer = go_on(directory, segment_bytes=1, live_hash=lambda: next(hashes), start_helper=SyncsAtOnce)
    for sequence, command in enumerate((ALICE, BOB), start=1):
        writer.append(Sequenced(sequence, 1_000, command, Accepted(sequence)))
    writer.close()


def live_hashes():
    venue = new_venue()
    for sequence, command in enumerate((ALICE, BOB), start=1):
        venue.execute(sequence, 1_000, command)
        yield venue.live_hash()


def test_the_state_is_held_to_what_the_server_noted_at_each_seal_and_at_its_end(tmp_path):
    after_one, after_two = live_hashes()

    with_live_hashes(tmp_path / "right", of_seal=after_one, of_close=after_two)
    run_again(tmp_path / "right")

    with_live_hashes(tmp_path / "seal", of_seal=after_two, of_close=after_two)
    with pytest.raises(StateMismatch, match="past sequence 1: the state here differs"):
        run_again(tmp_path / "seal")

    with_live_hashes(tmp_path / "close", of_seal=after_one, of_close=after_one)
    with pytest.raises(StateMismatch, match="past sequence 2"):
        run_again(tmp_path / "close")


def test_live_hashes_of_another_version_of_the_program_are_not_compared(tmp_path):
    with_live_hashes(tmp_path, of_seal="0:unlike", of_close=UNKNOWN_HASH)

    run_again(tmp_path)


def test_the_seal_of_what_is_read_alone_is_held_to_as_well(tmp_path):
    after_one, after_two = live_hashes()
    with_live_hashes(tmp_path / "right", of_seal=after_one, of_close=after_two)
    venue = new_venue()
    list(replay(JournalReader(tmp_path / "right", sealed_only=True), venue))
    assert venue.live_hash() == after_one

    with_live_hashes(tmp_path / "wrong", of_seal=after_two, of_close=after_two)
    with pytest.raises(StateMismatch, match="past sequence 1"):
        list(replay(JournalReader(tmp_path / "wrong", sealed_only=True), new_venue()))


@pytest.mark.interpreted
def test_sums_kept_for_live_hashes_are_held_to_the_state_where_that_is_asked_for(tmp_path):
    """A journal that notes none of them tells nothing of what went wrong."""
    journal_of(tmp_path, Sequenced(1, 1_000, ALICE, Accepted(1)), Sequenced(2, 1_000, BOB, Accepted(2)))

    class Miscounting(Venue):
        def execute(self, sequence, now, command):
            events = super().execute(sequence, now, command)
            self._state.team(1).working_sum += 1
            return events

    list(replay(JournalReader(tmp_path), new_venue(), checks_sums=True))
    list(replay(JournalReader(tmp_path), Miscounting(SCENARIO.rulebook, SCENARIO.instruments)))
    with pytest.raises(StateMismatch, match="past sequence 2: the sums that the venue keeps"):
        list(replay(JournalReader(tmp_path), Miscounting(SCENARIO.rulebook, SCENARIO.instruments), checks_sums=True))


def test_progress_is_told_on_the_way_and_at_the_end(tmp_path):
    run(tmp_path)

    progress = list(replay(JournalReader(tmp_path), new_venue(), step=5))

    assert [each.commands for each in progress] == [5, 10, 15, 16]
    assert progress[0].bytes_read < progress[-1].bytes_read == progress[-1].bytes_total


def test_a_torn_tail_is_left_out_and_reported(tmp_path):
    happened, _ = run(tmp_path)
    path = last_segment(tmp_path)
    path.write_bytes(path.read_bytes()[:-30])
    reader = JournalReader(tmp_path)
    again = []

    list(replay(reader, new_venue(), [appending_to(again)]))

    assert again == happened[: len(again)]
    assert reader.end.torn_tail.path == path


def test_an_empty_journal_suits_every_scenario(tmp_path):
    check_same_scenario(JournalReader(tmp_path), SCENARIO)


@pytest.mark.parametrize(
    ("rulebook_version", "scenario_hash", "problem"),
    [
        (RULEBOOK_VERSION, "other", "another scenario .other…. than 'seed'"),
        (RULEBOOK_VERSION + 1, SCENARIO.hash, f"rulebook {RULEBOOK_VERSION + 1}"),
    ],
)
def test_a_journal_of_another_scenario_or_rulebook_is_refused(tmp_path, rulebook_version, scenario_hash, problem):
    header = SegmentHeader(FORMAT_VERSION, rulebook_version, scenario_hash, 1, 1)
    segment_path(tmp_path, 1).write_bytes(segment_start(header))

    with pytest.raises(OtherScenario, match=problem):
        check_same_scenario(JournalReader(tmp_path), SCENARIO)


def test_every_command_keeps_its_terms_in_the_journal():
    encode, decode = msgspec.msgpack.encode, msgspec.msgpack.Decoder(Sequenced).decode

    for command in COMMANDS:
        record = Sequenced(1, 1_000, command, Accepted())
        assert decode(encode(record)) == record
