"""The one writer: verdict, journal, execution, in this order."""

from collections import deque

import pytest
from faulty_disk import FaultyDisk, disk_full
from journals import go_on, read_all
from venues import ALICE, BOB, CALL, FIRST_ORDER_ID, cancel, new_venue, order

from openoutcry.domain.events import OrderAcknowledged, OrderCancelled, OrderExecuted
from openoutcry.domain.reasons import Accepted, ErrorCode, Reject
from openoutcry.runtime.sequencing.sequencer import Sequencer
from openoutcry.runtime.sequencing.unavailable import Unavailable


class Turns:
    """What runs later, and runs when told."""

    def __init__(self):
        self.waiting = deque()

    def __call__(self, callback):
        self.waiting.append(callback)

    def run(self):
        while self.waiting:
            self.waiting.popleft()()


class ToldTime:
    def __init__(self):
        self.time = 1_000

    def now(self):
        return self.time


class BreakingVenue:
    """A venue with a bug that shows when told to."""

    def __init__(self):
        self._venue = new_venue()
        self.queries = self._venue.queries
        self.state_hash = self._venue.state_hash
        self.has_work = False
        self.breaks_in = None

    def validate(self, command):
        assert self.breaks_in != "validate", "positions do not sum to zero"
        return self._venue.validate(command)

    def execute(self, sequence, now, command):
        assert self.breaks_in != "execute", "positions do not sum to zero"
        return self._venue.execute(sequence, now, command)


class Workbench:
    """A sequencer over a real venue and a real journal, with everything around it in hand."""

    def __init__(self, directory, venue):
        self.directory = directory
        self.disk = FaultyDisk()
        self.journal = go_on(directory, files=self.disk)
        self.venue = venue
        self.turns = Turns()
        self.clock = ToldTime()
        self.delivered = []
        self.sequencer = Sequencer(
            self.venue,
            self.journal,
            self.clock,
            deliver=self.deliver,
            schedule=self.turns,
            epoch=1,
        )

    @property
    def journaled(self):
        return read_all(self.directory)[0]

    def deliver(self, sequenced, events):
        self.delivered.append((sequenced, events))

    def delivered_of(self, sequence):
        return [event for sequenced, events in self.delivered if sequenced.sequence == sequence for event in events]


def open_on(directory, venue):
    exchange = Workbench(directory, venue)
    exchange.sequencer.perform(ALICE)
    exchange.sequencer.perform(BOB)
    return exchange


@pytest.fixture
def exchange(tmp_path):
    exchange = open_on(tmp_path, new_venue())
    yield exchange
    exchange.journal.close()


@pytest.fixture
def breaking_exchange(tmp_path):
    """For tests of the sources: to a compiled sequencer a `BreakingVenue` is no `Venue`."""
    exchange = open_on(tmp_path, BreakingVenue())
    yield exchange
    exchange.journal.close()


def test_the_verdict_comes_before_the_order_is_executed(exchange):
    sequenced = exchange.sequencer.submit(order(1, "buy"))

    assert (sequenced.sequence, sequenced.verdict) == (3, Accepted(FIRST_ORDER_ID))
    assert exchange.delivered_of(3) == []

    exchange.turns.run()
    assert isinstance(exchange.delivered_of(3)[0], OrderAcknowledged)


def test_an_order_is_validated_on_the_outcome_of_the_one_before_it(exchange):
    exchange.sequencer.submit(order(1, "sell", 5))

    refused = exchange.sequencer.submit(order(2, "buy", post_only=True))

    assert refused.verdict.code is ErrorCode.POST_ONLY_WOULD_TRADE
    assert isinstance(exchange.delivered_of(3)[0], OrderAcknowledged)


def test_orders_are_executed_once_each_and_in_sequence(exchange):
    for quantity in (1, 2, 3):
        exchange.sequencer.submit(order(1, "buy", quantity))
    exchange.turns.run()

    assert [sequenced.sequence for sequenced, _ in exchange.delivered] == [1, 2, 3, 4, 5]


def test_a_query_sees_the_order_whose_verdict_was_given(exchange):
    exchange.sequencer.submit(order(1, "buy"))

    assert len(exchange.sequencer.queries.open_orders(1)) == 1


def test_a_cancel_is_executed_before_its_answer_and_says_what_happened(exchange):
    exchange.sequencer.submit(order(1, "buy", 4))

    sequenced, events = exchange.sequencer.perform(cancel(1, FIRST_ORDER_ID))

    assert sequenced.verdict == Accepted()
    assert isinstance(events[0], OrderCancelled)
    assert exchange.delivered_of(4) == events


def test_a_refused_command_is_journaled_and_executed_by_nobody(exchange):
    sequenced, events = exchange.sequencer.perform(cancel(1, 99))

    assert sequenced.verdict.code is ErrorCode.CANCEL_FAILED
    assert events == []
    assert exchange.delivered_of(sequenced.sequence) == []
    assert exchange.journaled[-1].verdict == sequenced.verdict


def test_every_command_is_in_the_journal_when_its_verdict_is_known(exchange):
    for command in (order(1, "buy"), order(2, "sell", 10_000), order(2, "sell")):
        sequenced = exchange.sequencer.submit(command)
        last = exchange.journaled[-1]
        assert (last.sequence, last.time, last.command, last.verdict) == (
            sequenced.sequence,
            sequenced.time,
            command,
            sequenced.verdict,
        )


def test_a_repeated_order_is_answered_and_not_executed(exchange):
    first = exchange.sequencer.submit(order(1, "buy", client_order_id="mine"))
    second = exchange.sequencer.submit(order(1, "buy", client_order_id="mine"))
    exchange.turns.run()

    assert second.verdict.order_id == first.verdict.new_id
    assert len(exchange.sequencer.queries.open_orders(1)) == 1


def test_time_never_goes_back(exchange):
    times = []
    for now in (5_000, 4_000, 4_999, 5_001):
        exchange.clock.time = now
        times.append(exchange.sequencer.submit(order(1, "buy")).time)

    assert times == [5_000, 5_000, 5_000, 5_001]


def test_validating_alone_changes_nothing(exchange):
    exchange.sequencer.submit(order(1, "sell", 5))

    verdict = exchange.sequencer.validate(order(2, "buy", post_only=True))

    assert verdict.code is ErrorCode.POST_ONLY_WOULD_TRADE
    assert (exchange.sequencer.last_sequence, len(exchange.journaled)) == (3, 3)


def test_a_failing_journal_takes_nothing_and_changes_nothing(exchange):
    exchange.sequencer.submit(order(1, "sell", 5))
    state = exchange.sequencer.state_hash()
    delivered = list(exchange.delivered)
    exchange.disk.coming_writes.extend([disk_full(), disk_full(), 3])

    for command in (order(2, "buy"), order(2, "sell"), cancel(1, FIRST_ORDER_ID)):
        with pytest.raises(Unavailable, match="journal cannot be written"):
            exchange.sequencer.perform(command)

    exchange.turns.run()
    assert (exchange.sequencer.last_sequence, exchange.sequencer.state_hash()) == (3, state)
    assert exchange.delivered == delivered
    assert exchange.sequencer.stopped_reason is None


def test_when_the_journal_works_again_so_does_the_exchange(exchange):
    exchange.sequencer.submit(order(1, "sell", 5))
    exchange.disk.coming_writes.append(disk_full())
    with pytest.raises(Unavailable):
        exchange.sequencer.submit(order(2, "buy"))

    sequenced = exchange.sequencer.submit(order(2, "buy"))
    exchange.turns.run()

    assert sequenced.sequence == 4
    assert any(isinstance(event, OrderExecuted) for event in exchange.delivered_of(4))


@pytest.mark.interpreted
@pytest.mark.parametrize("breaks_in", ["validate", "execute"])
def test_a_broken_assertion_stops_the_venue_and_keeps_the_journal(breaking_exchange, breaks_in):
    breaking_exchange.sequencer.submit(order(1, "buy"))
    breaking_exchange.venue.breaks_in = breaks_in
    with pytest.raises(Unavailable, match="stopped itself"):
        breaking_exchange.sequencer.submit(order(1, "buy"))
    breaking_exchange.venue.breaks_in = None
    journaled = breaking_exchange.journaled

    for use in (
        lambda: breaking_exchange.sequencer.submit(order(1, "buy")),
        lambda: breaking_exchange.sequencer.perform(cancel(1, FIRST_ORDER_ID)),
        lambda: breaking_exchange.sequencer.validate(order(1, "buy")),
        lambda: breaking_exchange.sequencer.queries,
        breaking_exchange.sequencer.state_hash,
    ):
        with pytest.raises(Unavailable, match="AssertionError"):
            use()
    breaking_exchange.turns.run()
    assert breaking_exchange.journaled == journaled
    assert [each.sequence for each in journaled] == [1, 2, 3]
    assert "AssertionError" in breaking_exchange.sequencer.stopped_reason


@pytest.mark.interpreted
def test_a_venue_that_breaks_in_its_own_turn_refuses_the_next_command(breaking_exchange):
    breaking_exchange.sequencer.submit(order(1, "buy"))
    breaking_exchange.venue.breaks_in = "execute"

    breaking_exchange.turns.run()

    with pytest.raises(Unavailable, match="executing sequence 3"):
        breaking_exchange.sequencer.submit(order(1, "buy"))


def test_events_that_cannot_be_delivered_stop_the_venue(exchange, tmp_path):
    def refuse(_sequenced, _events):
        raise disk_full()

    sequencer = Sequencer(
        new_venue(), exchange.journal, exchange.clock, deliver=refuse, schedule=exchange.turns, epoch=1, last_sequence=2
    )

    with pytest.raises(Unavailable, match="stopped itself"):
        sequencer.perform(ALICE)
    with pytest.raises(Unavailable, match="stopped itself"):
        sequencer.perform(BOB)


def test_verdicts_are_counted_by_their_code(exchange):
    for command in (order(1, "buy"), order(1, "nowhere"), cancel(1, 99), cancel(2, 99)):
        exchange.sequencer.submit(command)

    assert exchange.sequencer.accepted == 3
    assert exchange.sequencer.refused == {ErrorCode.INVALID_SIDE: 1, ErrorCode.CANCEL_FAILED: 2}


def test_sequence_and_time_go_on_after_a_restart(exchange):
    sequencer = Sequencer(
        new_venue(),
        exchange.journal,
        exchange.clock,
        deliver=exchange.deliver,
        schedule=exchange.turns,
        epoch=2,
        last_sequence=2,
        last_time=9_000,
    )

    sequenced, _ = sequencer.perform(ALICE)

    assert (sequenced.sequence, sequenced.time) == (3, 9_000)
    assert not isinstance(sequenced.verdict, Reject)
    assert sequencer.queries.depth(CALL, 1).bids == ()
