"""An instrument that is listed while connections read: readers of all instruments get it from its empty book on."""

import msgspec
import pytest
from stream_stage import CALL, Team, connected, exchange_on

from openoutcry.domain import commands
from openoutcry.domain.instruments import Instrument, parse_symbol
from openoutcry.protocol.stream_errors import StreamErrorCode

SYMBOL = "SPX_PUT_4600_20240315"
NEW = Instrument(
    instrument_id=SYMBOL,
    kind="option",
    underlying="SPX",
    tick_size=500,
    multiplier=10,
    option=parse_symbol(SYMBOL)[1],
)
EVERYTHING = ["market", "book:*", "top:*", "trades:*"]


def list_it(exchange):
    exchange.sequencer.perform(commands.ListInstrument(NEW))


def trade(alice, bob):
    alice.order("sell", 3, 40, instrument_id=SYMBOL)
    bob.order("buy", 2, 40, instrument_id=SYMBOL)


async def subscribed(client, *channels):
    ack = await client.ask("subscribe", channels=list(channels))
    assert ack.type == "ack", ack
    client.say({"op": "ping"})
    await client.until(lambda message: message.type == "ack" and message.op == "ping")


async def told(client):
    """What has come since, up to the answer to a ping."""
    client.say({"op": "ping"})
    messages = []
    while (message := await client.next()).type != "ack":
        messages.append(message)
    return messages


async def test_the_market_channel_tells_of_it_as_it_is_shown_everywhere(exchange, alice):
    async with connected(exchange) as client:
        await subscribed(client, "market")
        list_it(exchange)
        (listed,) = await told(client)

    roles = exchange.scenario.rulebook.roles
    assert listed.type == "instrument_listed"
    assert listed.sequence == exchange.sequencer.last_sequence
    assert listed.instrument == exchange.translator.instrument_info(NEW, roles)
    assert (listed.instrument.tick_size, listed.instrument.strike) == (0.05, 4600.0)


async def test_a_reader_of_all_instruments_reads_it_from_its_empty_book_on(exchange, alice, bob):
    async with connected(exchange) as client:
        await subscribed(client, *EVERYTHING)
        await told(client)
        list_it(exchange)
        listed, snapshot, top = await told(client)
        trade(alice, bob)
        messages = await told(client)

    assert [message.type for message in (listed, snapshot, top)] == [
        "instrument_listed",
        "book_snapshot",
        "top_of_book",
    ]
    assert (snapshot.instrument_id, snapshot.book_seq, snapshot.bids, snapshot.asks) == (SYMBOL, 0, [], [])
    assert (top.instrument_id, top.bid_price, top.ask_price) == (SYMBOL, None, None)
    updates = [message for message in messages if message.type == "book_update"]
    assert [(update.prev_book_seq, update.book_seq) for update in updates] == [(0, 1), (1, 2)]
    assert [(trade.price, trade.quantity) for trade in messages if trade.type == "trade"] == [(2.0, 2)]


async def test_one_that_is_named_can_be_read_from_its_listing_on(exchange, alice, bob):
    async with connected(exchange) as client:
        refused = await client.ask("subscribe", channels=[f"book:{SYMBOL}"])
        assert refused.code == StreamErrorCode.INVALID_INSTRUMENT
        list_it(exchange)
        trade(alice, bob)
        await client.ask("subscribe", channels=[f"book:{SYMBOL}"])
        (snapshot,) = await told(client)

    assert [(level.price, level.quantity) for level in snapshot.asks] == [(2.0, 1)]


async def test_a_reader_that_unsubscribed_from_everything_hears_nothing_of_it(exchange, alice, bob):
    async with connected(exchange) as leaves, connected(exchange) as stays:
        for client in (leaves, stays):
            await subscribed(client, "trades:*", f"book:{CALL}")
        await leaves.ask("unsubscribe", channels=["trades:*"])
        for client in (leaves, stays):
            await told(client)
        list_it(exchange)
        trade(alice, bob)

        assert await told(leaves) == []
        assert [message.type for message in await told(stays)] == ["trade"]


async def test_a_team_is_told_of_its_orders_in_it(exchange, alice, bob):
    list_it(exchange)
    async with connected(exchange, alice.headers) as client:
        await client.next()
        trade(alice, bob)
        ack, report, position = await told(client)

    assert (ack.price, report.price, report.average_price) == (2.0, 2.0, 2.0)
    assert (position.instrument_id, position.position) == (SYMBOL, -2)


@pytest.mark.parametrize("to_disk", [False, True])
async def test_readers_hear_of_it_before_anything_in_it(tmp_path, to_disk):
    exchange = exchange_on(tmp_path / "data", durability="disk" if to_disk else "os")
    alice, bob = Team(exchange, "alice", "market_maker"), Team(exchange, "bob", "market_maker")
    async with connected(exchange) as client:
        await subscribed(client, *EVERYTHING)
        list_it(exchange)
        trade(alice, bob)
        first = await client.until(lambda message: SYMBOL in msgspec.json.encode(message).decode())
        await client.until(lambda message: message.type == "trade")
    exchange.close()

    assert first.type == "instrument_listed"
