"""Public channels as a subscriber sees them, against the venue's own answers."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from stream_stage import CALL, PUT, Team, connected, exchange_on

from openoutcry.domain import commands
from openoutcry.domain.types import BOOK_DEPTH
from openoutcry.protocol.channels import ChannelName
from openoutcry.protocol.checksum import book_checksum
from openoutcry.protocol.stream import BookSnapshot, BookUpdate, ServerMessage, Trade
from openoutcry.runtime.streams.connection import Connection
from openoutcry.runtime.streams.limits import StreamLimits

TICK = 0.01


class BookReader:
    """Keeps a book as the protocol tells a client to, and checks what it is told."""

    def __init__(self):
        self.book_seq = None
        self.sides = {}

    def apply(self, message):
        if isinstance(message, BookSnapshot):
            self.sides = {"bids": {}, "asks": {}}
        else:
            assert message.prev_book_seq == self.book_seq
            assert message.book_seq == self.book_seq + 1
        self.book_seq = message.book_seq
        for side in ("bids", "asks"):
            levels = self.sides[side]
            for level in getattr(message, side):
                ticks = round(level.price / TICK)
                if level.quantity:
                    levels[ticks] = level.quantity
                else:
                    levels.pop(ticks, None)
            best = sorted(levels.items(), reverse=side == "bids")[:BOOK_DEPTH]
            self.sides[side] = dict(best)
        assert message.checksum == book_checksum(self.levels("asks"), self.levels("bids"))

    def levels(self, side):
        return tuple(self.sides[side].items())


def subscribe(exchange, *channels):
    connection = Connection(
        exchange.public_channels.snapshot_of, lambda: 0.0, exchange.outgoing, exchange.connections.limits
    )
    exchange.connections.attach(connection)
    add(exchange, connection, *channels)
    return connection


def add(exchange, connection, *channels):
    for channel in exchange.public_channels.subscribe(connection, channels):
        exchange.public_channels.begin(connection, channel, exchange.sequencer.queries.depth)


def drain(connection):
    messages = []
    while taken := connection.take():
        messages += (msgspec.json.decode(message, type=ServerMessage) for message in taken)
    return messages


# Prices overlap a little, so that there are trades, and more levels than a reader is shown.
quantities, times_in_force = st.integers(min_value=1, max_value=5), st.sampled_from(["day", "day", "day", "ioc"])
orders = st.one_of(
    st.tuples(st.just("buy"), quantities, st.integers(min_value=1, max_value=45), times_in_force),
    st.tuples(st.just("sell"), quantities, st.integers(min_value=40, max_value=85), times_in_force),
)
steps = st.lists(
    st.one_of(orders, st.just("read"), st.just("subscribe"), st.just("cancel all")), min_size=5, max_size=150
)


@settings(max_examples=40, deadline=None)
@given(steps=steps, backlog=st.sampled_from([500, 3_000, 1 << 20]))
async def test_a_book_rebuilt_from_its_channel_is_the_venues_book(tmp_path_factory, steps, backlog):
    limits = StreamLimits(book_backlog_bytes=backlog)
    exchange = exchange_on(tmp_path_factory.mktemp("data"), stream_limits=limits)
    alice = Team(exchange, "alice", "market_maker")
    readers = []
    for step in [*steps, "subscribe", "read"]:
        match step:
            case "read":
                for connection, book in readers:
                    for message in drain(connection):
                        book.apply(message)
            case "subscribe":
                readers.append((subscribe(exchange, ChannelName("book", CALL)), BookReader()))
            case "cancel all":
                exchange.sequencer.perform(commands.MassCancel(alice.team_id))
            case (side, quantity, ticks, time_in_force):
                price = commands.Price(ticks)
                exchange.sequencer.perform(
                    commands.SubmitOrder(alice.team_id, CALL, side, quantity, price, time_in_force)
                )
    depth = exchange.sequencer.queries.depth(CALL, BOOK_DEPTH)
    for _, book in readers:
        assert book.book_seq == depth.book_seq
        assert (book.levels("bids"), book.levels("asks")) == (depth.bids, depth.asks)
    exchange.close()


async def test_levels_scroll_in_and_out_of_what_a_reader_sees(exchange, alice):
    asks = [alice.order("sell", 1, ticks) for ticks in range(60, 60 + BOOK_DEPTH + 10)]
    connection, book = subscribe(exchange, ChannelName("book", CALL)), BookReader()
    better = [alice.order("sell", 2, ticks) for ticks in range(50, 57)]
    was_seen_once = asks.pop(15)

    for order_id in [was_seen_once, *better, *asks[:-3]]:
        alice.cancel(order_id)
        for message in drain(connection):
            book.apply(message)
        assert book.levels("asks") == exchange.sequencer.queries.depth(CALL, BOOK_DEPTH).asks

    assert len(book.levels("asks")) == 3
    (snapshot,) = drain(subscribe(exchange, ChannelName("book", CALL)))
    assert len(snapshot.asks) == 3


async def test_nothing_is_kept_of_a_book_that_nobody_reads(exchange, alice):
    connection = subscribe(exchange, ChannelName("book", CALL))
    drain(connection)
    exchange.public_channels.unsubscribe(connection, [ChannelName("book", CALL)])
    alice.order("buy", 1, 1000)

    assert drain(connection) == []
    add(exchange, connection, ChannelName("book", CALL))
    assert [message.bids[0].quantity for message in drain(connection)] == [1]


async def test_a_top_begins_with_the_present_one(exchange, alice):
    alice.order("buy", 3, 1000)

    (top,) = drain(subscribe(exchange, ChannelName("top", CALL)))

    assert (top.bid_price, top.bid_quantity, top.ask_price, top.ask_quantity) == (10.0, 3, None, 0)


async def test_every_instrument_is_one_subscription_and_no_message_comes_twice(exchange, alice, bob):
    every, call = ChannelName("trades"), ChannelName("trades", CALL)
    connection = subscribe(exchange, every, call)

    def trades():
        for instrument_id in (CALL, PUT):
            alice.order("sell", 1, 1000, instrument_id=instrument_id)
            bob.order("buy", 1, 1000, instrument_id=instrument_id)
        return [message.instrument_id for message in drain(connection)]

    assert trades() == [CALL, PUT]
    exchange.public_channels.unsubscribe(connection, [call])
    assert trades() == [CALL, PUT]
    add(exchange, connection, call)
    exchange.public_channels.unsubscribe(connection, [every])
    assert trades() == [CALL]
    exchange.public_channels.unsubscribe(connection, [call])
    assert trades() == []


async def test_a_trade_says_who_came_second_and_nobodys_name(exchange, alice, bob):
    connection = subscribe(exchange, ChannelName("trades"))
    alice.order("sell", 2, 1000)
    bob.order("buy", 5, 1000)

    (trade,) = drain(connection)

    assert isinstance(trade, Trade)
    assert (trade.price, trade.quantity, trade.aggressor_side) == (10.0, 2, "buy")


async def test_the_market_channel_tells_of_phases_and_halts(exchange):
    connection = subscribe(exchange, ChannelName("market"))
    for command in (
        commands.HaltInstrument(CALL),
        commands.ResumeInstrument(CALL),
        commands.SetPhase("closed"),
        commands.SetPhase("continuous"),
    ):
        exchange.sequencer.perform(command)

    told = [
        (message.phase, message.trading_session, message.instrument_id, message.halted) for message in drain(connection)
    ]

    assert told == [
        ("halted", 1, CALL, True),
        ("continuous", 1, CALL, False),
        ("closed", 1, None, False),
        ("continuous", 2, None, False),
    ]


async def test_private_events_of_a_command_come_before_its_public_ones(exchange, alice, bob):
    async with connected(exchange, bob.headers) as client:
        await client.ask("subscribe", channels=["trades:*", "top:*", "book:*"])
        alice.order("sell", 2, 1000)
        await client.until(lambda message: isinstance(message, BookUpdate))
        await client.until(lambda message: message.type == "top_of_book")
        bob.order("buy", 2, 1000)

        types = [message.type for message in await client.take(6)]

    assert types == [
        "new_order_ack",
        "execution_report",
        "position_update",
        "trade",
        "book_update",
        "top_of_book",
    ]


def indicated(messages):
    return [(message.price, message.volume, message.imbalance, message.imbalance_side) for message in messages]


async def test_an_auction_is_indicated_from_the_subscription_on_until_it_is_held(exchange, alice, bob):
    exchange.sequencer.perform(commands.SetPhase("closed"))
    exchange.sequencer.perform(commands.SetPhase("pre_open"))
    alice.order("buy", 5, 1020)
    connection = subscribe(exchange, ChannelName("auction", CALL))
    assert indicated(drain(connection)) == [(None, 0, 0, None)]

    bob.order("sell", 3, 1000)
    assert indicated(drain(connection)) == [(10.2, 3, 2, "buy")]
    (late,) = drain(subscribe(exchange, ChannelName("auction", CALL)))
    assert indicated([late]) == [(10.2, 3, 2, "buy")]


async def test_an_auction_s_messages_come_four_a_second_at_most_and_the_newest_at_last(exchange, alice, bob):
    exchange.sequencer.perform(commands.SetPhase("closed"))
    exchange.sequencer.perform(commands.SetPhase("pre_open"))
    alice.order("buy", 50, 1020)
    async with connected(exchange) as client:
        await client.ask("subscribe", channels=["auction:*"])
        for _ in range(20):
            bob.order("sell", 1, 1000)
        told = []

        def all_is_told(message):
            told.append(message)
            return message.type == "auction_indicative" and message.volume == 20

        await client.until(
            lambda message: (
                message.type == "auction_indicative" and told.append(message) is None and message.volume == 20
            )
        )
    volumes = [message.volume for message in told if message.type == "auction_indicative" and message.volume]
    assert volumes == [1, 20]


async def test_a_trade_of_an_auction_has_no_aggressor(exchange, alice, bob):
    exchange.sequencer.perform(commands.SetPhase("closed"))
    exchange.sequencer.perform(commands.SetPhase("pre_open"))
    connection = subscribe(exchange, ChannelName("trades", CALL))
    alice.order("buy", 3, 1000)
    bob.order("sell", 3, 1000)
    exchange.sequencer.perform(commands.SetPhase("opening_auction"))
    (trade,) = drain(connection)
    assert (trade.price, trade.quantity, trade.aggressor_side) == (10.0, 3, None)
