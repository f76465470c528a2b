"""What a slow reader of public channels gets."""

import pytest

from openoutcry.protocol.channels import ChannelName
from openoutcry.protocol.stream import CloseCode
from openoutcry.runtime.streams.channel_message import ChannelMessage
from openoutcry.runtime.streams.connection import Connection
from openoutcry.runtime.streams.limits import StreamLimits
from openoutcry.runtime.streams.outbox import PublicOutbox
from openoutcry.runtime.streams.outgoing import Outgoing

BOOK, OTHER_BOOK = ChannelName("book", "SPX"), ChannelName("book", "SPY")
TOP, OTHER_TOP = ChannelName("top", "SPX"), ChannelName("top", "SPY")
TRADES, MARKET = ChannelName("trades", "SPX"), ChannelName("market")


@pytest.fixture
def books():
    """Snapshots as they are when somebody asks."""
    return {"SPX": b"snapshot of SPX", "SPY": b"snapshot of SPY"}


@pytest.fixture
def limited(books):
    """Makes an outbox with these limits."""
    return lambda **limits: PublicOutbox(books.__getitem__, StreamLimits(**limits))


@pytest.fixture
def outbox(limited):
    return limited()


def push(outbox, channel, *texts):
    return all(outbox.push(ChannelMessage(channel, text.encode())) for text in texts)


def drain(outbox):
    return [message.decode() for message in outbox.take(1 << 30)]


def unheard_connection(**limits):
    """Nobody writes for it."""
    return Connection(lambda _instrument_id: b"", lambda: 0.0, Outgoing(lambda _write: None), StreamLimits(**limits))


def test_a_reader_that_keeps_up_gets_every_message_in_order(outbox):
    push(outbox, TRADES, "trade 1")
    push(outbox, BOOK, "book 1")
    push(outbox, TOP, "top 1")
    push(outbox, MARKET, "closed")

    assert drain(outbox) == ["trade 1", "book 1", "top 1", "closed"]


def test_of_the_top_of_book_only_the_newest_waits(outbox):
    push(outbox, TOP, "top 1")
    push(outbox, OTHER_TOP, "other 1")
    push(outbox, TOP, "top 2", "top 3")

    assert drain(outbox) == ["top 3", "other 1"]
    push(outbox, TOP, "top 4")
    assert drain(outbox) == ["top 4"]


def test_of_an_auction_only_the_newest_waits_too(outbox):
    push(outbox, ChannelName("auction", "SPX"), "auction 1")
    push(outbox, TOP, "top 1")
    push(outbox, ChannelName("auction", "SPX"), "auction 2")

    assert drain(outbox) == ["auction 2", "top 1"]


def test_a_book_past_its_bound_is_dropped_and_begins_anew_with_a_snapshot(limited, books):
    outbox = limited(book_backlog_bytes=30)
    push(outbox, BOOK, "book update 1", "book update 2")
    push(outbox, TRADES, "trade 1")
    push(outbox, BOOK, "book update 3", "book update 4")
    books["SPX"] = b"snapshot of SPX after 4"

    assert drain(outbox) == ["trade 1", "snapshot of SPX after 4"]
    push(outbox, BOOK, "book update 5")
    assert drain(outbox) == ["book update 5"]


def test_every_book_in_the_backlog_begins_anew(limited):
    outbox = limited(book_backlog_bytes=30)

    push(outbox, OTHER_BOOK, "other update 1")
    push(outbox, BOOK, "book update 1", "book update 2")

    assert drain(outbox) == ["snapshot of SPY", "snapshot of SPX"]


def test_a_snapshot_that_was_due_is_not_lost_when_another_book_is_dropped(limited):
    outbox = limited(book_backlog_bytes=20)
    outbox.owe_snapshot(OTHER_BOOK)

    push(outbox, BOOK, "book update 1", "book update 2")
    push(outbox, OTHER_BOOK, "other update 1")

    assert drain(outbox) == ["snapshot of SPY", "snapshot of SPX"]


def test_a_snapshot_stands_for_the_updates_before_it(outbox):
    outbox.owe_snapshot(BOOK)
    push(outbox, BOOK, "book update 1")
    outbox.owe_snapshot(BOOK)

    assert drain(outbox) == ["snapshot of SPX"]


@pytest.mark.parametrize("channel", [TRADES, MARKET])
def test_trades_and_market_are_not_condensed(limited, channel):
    outbox = limited(kept_backlog_bytes=20)

    assert push(outbox, channel, "twelve bytes")
    assert not push(outbox, channel, "twelve bytes")


def test_what_is_taken_at_once_is_bounded_and_the_rest_waits(outbox):
    push(outbox, TRADES, "trade 1", "trade 2", "trade 3")

    assert outbox.take(8) == [b"trade 1", b"trade 2"]
    assert outbox.waits
    assert outbox.take(8) == [b"trade 3"]
    assert not outbox.waits


def test_room_taken_is_given_back(limited):
    outbox = limited(kept_backlog_bytes=20, book_backlog_bytes=20)

    for _ in range(10):
        assert push(outbox, TRADES, "twelve bytes")
        push(outbox, BOOK, "book update 1")
        assert drain(outbox) == ["twelve bytes", "book update 1"]


def test_what_waits_of_a_channel_left_is_forgotten(outbox):
    push(outbox, BOOK, "book update 1")
    push(outbox, OTHER_BOOK, "other update 1")
    push(outbox, TOP, "top 1")
    outbox.discard([BOOK, TOP])

    assert drain(outbox) == ["other update 1"]
    push(outbox, TOP, "top 2")
    outbox.owe_snapshot(BOOK)
    assert drain(outbox) == ["top 2", "snapshot of SPX"]


def test_a_connection_too_slow_for_trades_is_closed():
    connection = unheard_connection(kept_backlog_bytes=20)

    connection.show(ChannelMessage(TRADES, b"twelve bytes"))
    assert connection.closing is None
    connection.show(ChannelMessage(TRADES, b"twelve bytes"))

    assert connection.closing.code == CloseCode.TOO_SLOW


def test_answers_that_nobody_reads_close_the_connection():
    connection = unheard_connection(private_backlog_bytes=20)

    connection.tell(b"twelve bytes", 0)
    connection.tell(b"twelve bytes", 0)

    assert connection.closing.code == CloseCode.TOO_SLOW


def test_answers_go_ahead_of_public_messages():
    connection = unheard_connection()

    connection.show(ChannelMessage(TRADES, b"trade 1"))
    connection.tell(b"ack", 0)

    assert connection.take() == [b"ack", b"trade 1"]
    assert connection.take() == []
