"""Each reader gets every event of its team exactly once and in order, however it reads."""

import sys
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from stream_stage import CALL

from openoutcry.domain.commands import MassCancel
from openoutcry.domain.events import OrderCancelled, OrderExecuted, TeamKeyRotated
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.orders import BUY
from openoutcry.domain.reasons import Accepted, CancelReason
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import Money, OrderId, Sequence, TeamId, Ticks, TimestampUs, TradeId
from openoutcry.domain.views import MarketView
from openoutcry.protocol.stream import CloseCode
from openoutcry.protocol.translation import Translator
from openoutcry.runtime.streams.connection import Connection
from openoutcry.runtime.streams.connections import Connections
from openoutcry.runtime.streams.event_logs.folder import EventLogs
from openoutcry.runtime.streams.limits import StreamLimits
from openoutcry.runtime.streams.outgoing import Outgoing
from openoutcry.runtime.streams.pace import Pace
from openoutcry.runtime.streams.private_streams import EventLogDamaged, PrivateStreams
from openoutcry.runtime.streams.public_channels import PublicChannels
from openoutcry.runtime.streams.publisher import Publisher

WITHOUT_KEY = TeamId(3)
MARKET = MarketView("continuous", 1, None, None, (), {})
SLOW = Pace(1, lambda: 0, lambda _delay, _callback: None)
INSTRUMENT = Instrument(instrument_id=CALL, kind="option", underlying="SPX", tick_size=Money(100), multiplier=100)


class Streams:
    """All that stands between the sequencer and the connections."""

    def __init__(self, directory, market=MARKET, **limits):
        limits = StreamLimits(**limits)
        translator = Translator({CALL: INSTRUMENT}.get)
        self.private = PrivateStreams(translator, EventLogs(directory), lambda team_id: team_id != WITHOUT_KEY, limits)
        self.channels = PublicChannels(translator, {}, [INSTRUMENT], market, lambda: TimestampUs(0), (), SLOW)
        self.connections = Connections(limits)
        self.publisher = Publisher(self.private, self.channels, self.connections)


def cancelled(team_id, seq):
    return OrderCancelled(TeamId(team_id), seq, OrderId(team_id), None, CALL, BUY, 1, CancelReason.USER_REQUESTED)


def executed(*events, sequence=1):
    command = MassCancel(TeamId(1))
    return Sequenced(Sequence(sequence), TimestampUs(0), command, Accepted()), list(events)


def publish(streams, *events, sequence=1):
    streams.publisher.publish(*executed(*events, sequence=sequence))


def connect(streams, team_id, after_seq, outgoing=None):
    outgoing = outgoing or Outgoing(lambda _write: None)
    connection = Connection(streams.channels.snapshot_of, lambda: 0.0, outgoing, streams.connections.limits)
    streams.connections.attach(connection)
    streams.connections.follow(connection, TeamId(team_id), streams.private.of_team(TeamId(team_id)), after_seq)
    return connection


def drain(connection, count=1 << 30):
    """`count` messages, or the few more that come with them, or all there are."""
    drained = []
    while len(drained) < count and (taken := connection.take()):
        drained += map(msgspec.json.decode, taken)
    return drained


def seqs(messages):
    return [message["seq"] for message in messages]


class Readers(RuleBasedStateMachine):
    """Teams' events, connections at any place in them, and what each connection has received."""

    teams = st.integers(min_value=1, max_value=2)

    @initialize(recent=st.sampled_from([1, 3, 16]), read_bytes=st.sampled_from([1, 1_000, 10_000]))
    def open(self, recent, read_bytes):
        self.directory = TemporaryDirectory()
        self.path = Path(self.directory.name)
        self.limits = {"recent_events": recent, "read_bytes": read_bytes}
        self.streams = Streams(self.path, **self.limits)
        self.last = {1: 0, 2: 0}
        self.readers = []

    def teardown(self):
        try:
            for reader in getattr(self, "readers", []):
                self._receive(reader, 1 << 30)
                assert reader["at"] == self.last[reader["team"]]
        finally:
            if hasattr(self, "directory"):
                self.directory.cleanup()

    def _receive(self, reader, count):
        for message in drain(reader["connection"], count):
            reader["at"] += 1
            assert message["seq"] == reader["at"]
            assert message["order_id"] == f"ORD_{reader['team']}"

    @rule(team=teams, count=st.sampled_from([1, 2, 7, 20]))
    def publish(self, team, count):
        for _ in range(count):
            self.last[team] += 1
            publish(self.streams, cancelled(team, self.last[team]))

    @rule(team=teams, behind=st.integers(min_value=0, max_value=30))
    def attach(self, team, behind):
        after_seq = max(0, self.last[team] - behind)
        self.readers.append({"team": team, "at": after_seq, "connection": connect(self.streams, team, after_seq)})

    @precondition(lambda self: self.readers)
    @rule(data=st.data(), count=st.sampled_from([1, 2, 5, 1 << 30]))
    def drain_some(self, data, count):
        self._receive(data.draw(st.sampled_from(self.readers)), count)

    @precondition(lambda self: self.readers)
    @rule(data=st.data(), count=st.integers(min_value=0, max_value=3), behind=st.integers(min_value=0, max_value=30))
    def drain_and_resume(self, data, count, behind):
        reader = data.draw(st.sampled_from(self.readers))
        self._receive(reader, count)
        reader["at"] = max(0, self.last[reader["team"]] - behind)
        reader["connection"].resume(reader["at"])

    @precondition(lambda self: self.readers)
    @rule(data=st.data())
    def detach(self, data):
        reader = self.readers.pop(data.draw(st.integers(0, len(self.readers) - 1)))
        self.streams.connections.release(reader["connection"])
        self.streams.connections.detach(reader["connection"])

    @rule(lost=st.integers(min_value=0, max_value=400), replay=st.booleans())
    def crash_and_recover(self, lost, replay):
        """Buffered lines are lost and the file may be torn; a replay publishes everything again."""
        if replay:
            self.streams.private.close()
        for path in self.path.iterdir():
            content = path.read_bytes()
            path.write_bytes(content[: max(0, len(content) - lost)])
        self.streams = Streams(self.path, **self.limits)
        for team, last in self.last.items():
            for seq in range(1, last + 1):
                self.streams.private.catch_up(*executed(cancelled(team, seq)))
        self.streams.private.finish_recovery({TeamId(team): last for team, last in self.last.items()})
        for reader in self.readers:
            reader["connection"] = connect(self.streams, reader["team"], reader["at"])

    @invariant()
    def nobody_is_closed(self):
        for reader in getattr(self, "readers", []):
            assert reader["connection"].closing is None


Readers.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
TestReaders = Readers.TestCase


@pytest.fixture
def streams(tmp_path):
    return Streams(tmp_path)


@pytest.mark.parametrize("in_memory", [True, False])
def test_events_that_the_recovered_venue_never_made_are_cut_off(tmp_path, in_memory):
    streams = Streams(tmp_path)
    for seq in range(1, 6):
        publish(streams, cancelled(1, seq))
    if not in_memory:
        streams.private.close()
        streams = Streams(tmp_path)

    streams.private.finish_recovery({TeamId(1): 3})

    publish(streams, cancelled(1, 4), sequence=99)
    messages = drain(connect(streams, 1, 0))
    assert seqs(messages) == [1, 2, 3, 4]
    assert messages[-1]["sequence"] == 99
    assert drain(connect(streams, 1, 3)) == messages[3:]


def test_the_stream_of_a_team_that_the_recovered_venue_does_not_know_begins_anew(tmp_path):
    streams = Streams(tmp_path)
    publish(streams, cancelled(1, 1), cancelled(2, 1))
    streams.private.close()
    streams = Streams(tmp_path)

    streams.private.finish_recovery({TeamId(1): 1})

    assert streams.private.of_team(TeamId(2)).last_seq == 0


def test_of_a_connection_that_is_gone_nothing_is_kept(streams):
    connection = connect(streams, 1, 0)
    streams.connections.release(connection)
    streams.connections.detach(connection)

    assert len(streams.connections) == streams.connections.count_of(TeamId(1)) == 0
    assert not streams.private.of_team(TeamId(1)).readers


def test_a_log_that_does_not_fit_the_journal_is_refused_with_what_to_do(streams):
    publish(streams, cancelled(1, 1))

    with pytest.raises(EventLogDamaged, match=r"TEAM_1 ends with event 1 where the journal has 2: move .*events"):
        streams.private.finish_recovery({TeamId(1): 2})
    with pytest.raises(EventLogDamaged, match="ends with event 1 where the journal has 3"):
        streams.private.catch_up(*executed(cancelled(1, 4)))


def test_a_reader_ahead_of_a_stream_that_waits_for_the_disk_gets_what_follows(streams):
    connection = connect(streams, 1, 2)
    for seq in range(1, 5):
        publish(streams, cancelled(1, seq))

    assert seqs(drain(connection)) == [3, 4]


def test_a_live_reader_past_its_bound_is_closed_and_a_replaying_one_is_not(tmp_path):
    streams = Streams(tmp_path, private_backlog_bytes=2_000)
    for seq in range(1, 41):
        publish(streams, cancelled(1, seq))
    replaying, live = connect(streams, 1, 0), connect(streams, 1, 40)

    for seq in range(41, 61):
        publish(streams, cancelled(1, seq))

    assert live.closing.code == CloseCode.TOO_SLOW
    assert replaying.closing is None
    assert seqs(drain(replaying)) == list(range(1, 61))


def test_what_a_live_reader_has_taken_does_not_count_against_it(tmp_path):
    streams = Streams(tmp_path, private_backlog_bytes=2_000, read_bytes=1)
    connection = connect(streams, 1, 0)
    for seq in range(1, 101):
        publish(streams, cancelled(1, seq), cancelled(2, seq))
        if seq > 4:
            drain(connection, 1)

    assert connection.closing is None
    assert seqs(drain(connection)) == [97, 98, 99, 100]


def test_a_rotated_key_closes_the_teams_connections_and_no_others(streams):
    first, second, other = connect(streams, 1, 0), connect(streams, 1, 0), connect(streams, 2, 0)

    publish(streams, TeamKeyRotated(TeamId(1)))

    assert first.closing.code == second.closing.code == CloseCode.AUTHENTICATION_FAILED
    assert other.closing is None


def filled(seq, number):
    """A fill whose ids are `number`."""
    return OrderExecuted(
        team_id=TeamId(1),
        seq=seq,
        order_id=OrderId(number),
        client_order_id=None,
        trade_id=TradeId(number),
        instrument_id=CALL,
        side=BUY,
        price=Ticks(4000),
        quantity=1,
        cumulative_quantity=1,
        remaining_quantity=0,
        cumulative_value=4000,
        order_status="filled",
        liquidity_type="taker",
        fees=Money(100),
    )


@pytest.mark.parametrize("digits", range(1, 13))
def test_events_are_kept_in_no_more_memory_than_they_are_long(streams, digits):
    # With the first come caches and buffers, which are no event's.
    publish(streams, filled(1, 10**digits - 1))
    tracemalloc.start()
    try:
        for seq in range(2, 101):
            publish(streams, filled(seq, 10**digits - 1))
        taken = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    messages = streams.private.of_team(TeamId(1)).read(1)
    assert len(messages) == 99
    places_in_queues = 64 * len(messages)
    assert taken <= sum(map(sys.getsizeof, messages)) + places_in_queues


def test_events_encoded_once_are_the_same_text_for_every_reader(streams):
    first, second = connect(streams, 1, 0), connect(streams, 1, 0)
    publish(streams, cancelled(1, 1))

    assert first.take()[0] is second.take()[0]


@pytest.fixture
def end_of_turn():
    """What the loop is to do at the end of the turn."""
    return []


@pytest.fixture
def outgoing(end_of_turn):
    return Outgoing(end_of_turn.append)


def written_by(connection):
    """What the connection's writer writes, by calls."""
    writes = []
    connection.writer = lambda: writes.append(seqs(map(msgspec.json.decode, connection.take())))
    return writes


def end(turn):
    callbacks = turn.copy()
    turn.clear()
    for callback in callbacks:
        callback()


def test_what_a_turn_brings_is_written_at_its_end_at_once(streams, outgoing, end_of_turn):
    connection = connect(streams, 1, 0, outgoing)
    writes = written_by(connection)
    end(end_of_turn)

    for seq in range(1, 51):
        publish(streams, cancelled(1, seq))
    assert writes == [[]]
    end(end_of_turn)

    assert writes == [[], list(range(1, 51))]
    assert not end_of_turn


def test_the_turn_after_begins_anew(streams, outgoing, end_of_turn):
    first, second = connect(streams, 1, 0, outgoing), connect(streams, 2, 0, outgoing)
    writes, others = written_by(first), written_by(second)
    end(end_of_turn)

    publish(streams, cancelled(1, 1))
    end(end_of_turn)
    publish(streams, cancelled(1, 2), cancelled(2, 1))
    end(end_of_turn)

    assert writes == [[], [1], [2]]
    assert others == [[], [1]]


def test_what_was_written_before_the_turn_ended_is_not_written_again(streams, outgoing, end_of_turn):
    writes = written_by(connect(streams, 1, 0, outgoing))

    publish(streams, cancelled(1, 1))
    outgoing.write()
    end(end_of_turn)

    assert writes == [[1]]
