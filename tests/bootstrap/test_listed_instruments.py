"""Listed instruments are part of the state: a start restores them, from the journal alone or from a snapshot."""

import msgspec
import pytest
from recovery_stage import build, read_all_of, snapshots, start
from venues import ALICE, BOB, CALL, SCENARIO

from openoutcry.domain.commands import ListInstrument, Price, SubmitOrder
from openoutcry.domain.instruments import Instrument, parse_symbol
from openoutcry.domain.reasons import Accepted
from openoutcry.protocol.channels import ChannelName
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.rerun import rerun
from openoutcry.runtime.recovery.verification import verify
from openoutcry.runtime.streams.connection import Connection

SYMBOL = "SPX_PUT_4600_20240315"
NEW = Instrument(
    instrument_id=SYMBOL,
    kind="option",
    underlying="SPX",
    tick_size=500,
    multiplier=10,
    option=parse_symbol(SYMBOL)[1],
)


def trade(exchange, times=1):
    for _ in range(times):
        for team_id, side in ((1, "sell"), (2, "buy")):
            sequenced, _ = exchange.sequencer.perform(SubmitOrder(team_id, SYMBOL, side, 1, Price(40)))
            assert type(sequenced.verdict) is Accepted, sequenced.verdict


def told(exchange):
    return [msgspec.json.decode(line) for line in read_all_of(exchange.private_streams.of_team(1))]


@pytest.fixture
async def traded(tmp_path):
    """A closed directory in whose exchange an instrument was listed and traded; the state's hash at its end."""
    exchange = start(tmp_path)
    for command in (ALICE, BOB, ListInstrument(NEW)):
        exchange.sequencer.perform(command)
    trade(exchange, times=10)
    state_hash = exchange.sequencer.state_hash()
    exchange.close()
    return tmp_path, state_hash


@pytest.mark.parametrize("from_snapshot", [False, True])
async def test_a_restart_finds_what_was_listed_and_trades_on(traded, from_snapshot):
    path, state_hash = traded
    if from_snapshot:
        build(path)
        assert len(snapshots(path)) == 1

    exchange = start(path)
    assert exchange.sequencer.state_hash() == state_hash
    assert [each.instrument_id for each in exchange.sequencer.queries.instruments()][-1] == SYMBOL
    assert exchange.public_channels.knows(SYMBOL)
    trade(exchange)
    assert [message["price"] for message in told(exchange) if message["type"] == "execution_report"] == [2.0] * 11
    exchange.close()

    assert not [finding for finding in verify(path).findings if finding.kind != "sound"]


async def test_logs_are_made_anew_from_a_journal_in_which_it_was_listed(traded):
    path, _ = traded
    exchange = start(path)
    before = told(exchange)
    exchange.close()
    for log in DataDirectory(path).events.iterdir():
        log.unlink()

    exchange = start(path)
    assert told(exchange) == before
    exchange.close()


async def test_the_scenario_and_its_hash_stay_what_they_were(traded):
    path, state_hash = traded
    assert DataDirectory(path).kept_scenario() == SCENARIO
    assert rerun(path).state_hash == state_hash


async def test_every_instrument_means_what_was_listed_too(traded):
    exchange = start(traded[0])
    reader = Connection(exchange.public_channels.snapshot_of, lambda: 0.0, exchange.outgoing)
    singles = exchange.public_channels.subscribe(reader, [ChannelName("book")])
    assert singles[0].instrument_id == CALL
    assert singles[-1].instrument_id == SYMBOL
    exchange.close()
