"""Local books: snapshots and updates, verified by book_seq and checksum."""

import random

import pytest

from openoutcry.client import LocalBook
from openoutcry.protocol.checksum import book_checksum
from openoutcry.protocol.responses import LevelInfo
from openoutcry.protocol.stream import BookSnapshot, BookUpdate


class ExchangeBook:
    """A book with a tick size of 0.05, and the messages that the exchange sends about it."""

    def __init__(self):
        self.sides = ({}, {})
        self.book_seq = 0

    def best(self):
        bids, asks = self.sides
        return (
            [(ticks, bids[ticks]) for ticks in sorted(bids, reverse=True)[:20]],
            [(ticks, asks[ticks]) for ticks in sorted(asks)[:20]],
        )

    def checksum(self):
        bids, asks = self.best()
        return book_checksum(asks, bids)

    def snapshot(self):
        bids, asks = map(levels, self.best())
        return BookSnapshot(
            instrument_id="X", book_seq=self.book_seq, bids=bids, asks=asks, checksum=self.checksum(), timestamp="t"
        )

    def change(self, side, ticks, quantity):
        """Set the quantity of a level, 0 to remove it. Returns the update."""
        before = self.best()
        self.sides[side][ticks] = quantity
        if not quantity:
            del self.sides[side][ticks]
        changes = []
        for old, new in zip(map(dict, before), map(dict, self.best()), strict=True):
            changes.append([(level, shown) for level, shown in new.items() if old.get(level) != shown])
        if not quantity and ticks in dict(before[side]):
            changes[side].append((ticks, 0))
        self.book_seq += 1
        return BookUpdate(
            instrument_id="X",
            book_seq=self.book_seq,
            prev_book_seq=self.book_seq - 1,
            bids=levels(changes[0]),
            asks=levels(changes[1]),
            checksum=self.checksum(),
            timestamp="t",
            sequence=self.book_seq,
        )


def levels(side):
    return [LevelInfo(price=round(ticks * 0.05, 4), quantity=quantity) for ticks, quantity in side]


def test_a_book_follows_every_change_of_the_best_levels():
    rng, exchange, book = random.Random(3), ExchangeBook(), LocalBook("X", 0.05)
    assert book.apply(exchange.snapshot())
    for _ in range(2_000):
        side = rng.randrange(2)
        ticks = rng.randint(1, 40) + 40 * side
        quantity = rng.choice([0, 0, rng.randint(1, 50)]) if ticks in exchange.sides[side] else rng.randint(1, 50)
        assert book.apply(exchange.change(side, ticks, quantity))
    assert book.synced
    bids, asks = exchange.best()
    assert [(level.price, level.quantity) for level in book.bids] == [(round(t * 0.05, 4), q) for t, q in bids]
    assert [(level.price, level.quantity) for level in book.asks] == [(round(t * 0.05, 4), q) for t, q in asks]


@pytest.fixture
def exchange():
    exchange = ExchangeBook()
    exchange.change(0, 10, 5)
    exchange.change(1, 12, 7)
    return exchange


@pytest.fixture
def book(exchange):
    book = LocalBook("X", 0.05)
    assert not book.synced
    assert book.best_bid is None
    book.apply(exchange.snapshot())
    return book


def test_a_missed_update_asks_for_a_new_snapshot(book, exchange):
    exchange.change(0, 11, 1)
    assert not book.apply(exchange.change(0, 9, 1))
    assert not book.synced
    assert book.best_bid == (0.5, 5)
    assert book.apply(exchange.change(0, 8, 1)), "further updates wait for the snapshot"
    assert book.apply(exchange.snapshot())
    assert book.synced
    assert book.best_bid == (0.55, 1)


def test_a_wrong_checksum_asks_for_a_new_snapshot(book, exchange):
    update = exchange.change(1, 12, 6)
    update.checksum ^= 1
    assert not book.apply(update)
    assert not book.synced
    assert book.best_ask == (0.6, 7)


def test_an_update_that_comes_again_is_passed_over(book, exchange):
    update = exchange.change(1, 12, 6)
    assert book.apply(update)
    assert book.apply(update)
    assert book.apply(exchange.change(1, 13, 6))


def test_a_book_that_never_fits_is_given_up_and_says_so(book, exchange, caplog):
    asked = 0
    for quantity in range(1, 20):
        update = exchange.change(0, 10, quantity)
        update.checksum ^= 1
        if not book.apply(update):
            asked += 1
            book.apply(exchange.snapshot())
    assert asked == 5
    assert not book.synced
    assert "book X given up" in caplog.text


def test_after_an_interruption_the_book_waits_for_its_snapshot(book, exchange):
    book.disconnected()
    assert not book.synced
    book.apply(exchange.snapshot())
    assert book.synced
