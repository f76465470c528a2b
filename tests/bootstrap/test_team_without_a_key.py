"""A team without a key trades like any other. Its events are not kept, because nobody could read them."""

import msgspec
import pytest
from recovery_stage import build, read_all_of, snapshots, start
from venues import ALICE, BOB, CALL, order

from openoutcry.access.keys import hash_key
from openoutcry.domain.commands import NO_KEY, MassCancel, RegisterTeam, RotateKey
from openoutcry.domain.events import OrderExecuted
from openoutcry.protocol.channels import ChannelName
from openoutcry.runtime.recovery.verification import verify
from openoutcry.runtime.streams.connection import Connection

HOUSE = RegisterTeam("house", "market_maker", NO_KEY)
FLOW = RegisterTeam("flow", "market_maker", NO_KEY)
ALICE_ID, HOUSE_ID, BOB_ID, FLOW_ID = 1, 2, 3, 4


def let_in(exchange):
    for command in (ALICE, HOUSE, BOB, FLOW):
        exchange.sequencer.perform(command)


def trade(exchange, times=1):
    """The house sells to Alice, and what is left to the flow."""
    for _ in range(times):
        for command in (order(HOUSE_ID, "sell", 5), order(ALICE_ID, "buy", 3), order(FLOW_ID, "buy", 2)):
            exchange.sequencer.perform(command)


def watch(exchange):
    """A reader of all that is public."""
    connection = Connection(exchange.public_channels.snapshot_of, lambda: 0.0, exchange.outgoing)
    channels = [ChannelName(kind, CALL) for kind in ("book", "top", "trades")]
    for single in exchange.public_channels.subscribe(connection, channels):
        exchange.public_channels.begin(connection, single, exchange.sequencer.queries.depth)
    taken(connection)
    return connection


def taken(connection):
    return [msgspec.json.decode(message) for message in connection.take()]


def told(exchange, team_id):
    messages = map(msgspec.json.decode, read_all_of(exchange.private_streams.of_team(team_id)))
    return [(message["seq"], message["type"]) for message in messages]


def logs(path):
    return sorted(log.name for log in (path / "events").iterdir())


ALICE_IS_TOLD = [(1, "new_order_ack"), (2, "execution_report"), (3, "position_update")]


@pytest.fixture
async def exchange(tmp_path):
    exchange = start(tmp_path)
    let_in(exchange)
    yield exchange
    exchange.close()


async def test_what_it_does_reaches_the_public_and_the_teams_that_it_trades_with(exchange):
    public = watch(exchange)

    trade(exchange)

    assert told(exchange, ALICE_ID) == ALICE_IS_TOLD
    assert [message["type"] for message in taken(public)].count("trade") == 2
    assert exchange.sequencer.queries.trades(CALL, 10)[-1].quantity == 2


async def test_the_venue_makes_and_counts_its_events_like_any_other_team_s(exchange):
    exchange.sequencer.perform(order(HOUSE_ID, "sell", 5))
    _, events = exchange.sequencer.perform(order(ALICE_ID, "buy", 3))

    assert [event.seq for event in events if isinstance(event, OrderExecuted) and event.team_id == HOUSE_ID] == [2]
    assert exchange.sequencer.queries.last_seq(HOUSE_ID) == 3
    assert exchange.sequencer.queries.positions(HOUSE_ID) == {CALL: -3}


async def test_nothing_is_kept_of_what_it_would_be_told(exchange, tmp_path):
    trade(exchange, times=20)
    exchange.private_streams.close()

    assert logs(tmp_path) == ["TEAM_1.jsonl"]
    assert list(exchange.private_streams._streams) == [ALICE_ID]


async def test_nobody_can_ask_in_its_name(exchange):
    queries = exchange.sequencer.queries
    assert queries.team_of_key(NO_KEY) is None
    assert queries.team_of_key(hash_key(b"")) is None
    assert [queries.has_key(team_id) for team_id in (ALICE_ID, HOUSE_ID, BOB_ID, FLOW_ID)] == [True, False, True, False]

    sequenced, _ = exchange.sequencer.perform(RotateKey(HOUSE_ID, b"n" * 32))

    assert sequenced.verdict.code == "TEAM_NOT_FOUND"
    assert not queries.has_key(HOUSE_ID)


@pytest.mark.parametrize("from_snapshot", [False, True])
async def test_a_restart_goes_on_without_a_stream_for_it(tmp_path, from_snapshot):
    exchange = start(tmp_path)
    let_in(exchange)
    trade(exchange, times=10)
    state_hash = exchange.sequencer.state_hash()
    exchange.close()
    if from_snapshot:
        build(tmp_path)
        assert len(snapshots(tmp_path)) == 1

    exchange = start(tmp_path)
    assert exchange.sequencer.state_hash() == state_hash
    trade(exchange)
    last_seqs = [exchange.sequencer.queries.last_seq(team_id) for team_id in (ALICE_ID, HOUSE_ID)]
    assert [seq for seq, _ in told(exchange, ALICE_ID)] == list(range(1, last_seqs[0] + 1))
    exchange.close()

    # Of those that have a key, each has a log; all of it is as the journal leads to.
    assert logs(tmp_path) == ["TEAM_1.jsonl"]
    assert verify(tmp_path).is_sound
    assert not [finding for finding in verify(tmp_path).findings if finding.kind != "sound"]


async def test_all_its_orders_can_be_taken_back(exchange):
    exchange.sequencer.perform(order(HOUSE_ID, "sell", 5))
    _, events = exchange.sequencer.perform(MassCancel(HOUSE_ID))

    assert type(events[0]).__name__ == "OrderCancelled"
    assert exchange.sequencer.queries.depth(CALL, 1).asks == ()
