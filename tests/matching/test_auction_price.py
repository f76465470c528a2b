"""The price of an auction: printed examples, and all prices one after the other, as the rules are written."""

import csv
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openoutcry.domain.orders import BUY, SELL, SIDES
from openoutcry.domain.types import ClientOrderId, InstrumentId, OrderId, TeamId, Ticks, TimestampUs
from openoutcry.matching.auction import begin_call, end_call, fix_price, trade_at
from openoutcry.matching.book import OrderBook
from openoutcry.matching.order import new_order
from proofs.real_data import AUCTION_EXAMPLES, DataMissing, find_real_data
from reference.auctions import fix


def order(number, side, price, quantity):
    return new_order(
        OrderId(number),
        TeamId(1),
        1,
        InstrumentId("SPY"),
        side,
        Ticks(price),
        quantity,
        "day",
        False,
        ClientOrderId(str(number)),
        TimestampUs(0),
    )


def book_of(orders):
    book = OrderBook()
    for number, (side, price, quantity) in enumerate(orders, start=1):
        book.add(order(number, side, price, quantity))
    return book


@pytest.mark.realdata
def test_the_examples_that_xetra_printed_come_out():
    try:
        path = find_real_data(AUCTION_EXAMPLES)
    except DataMissing as missing:
        pytest.skip(str(missing))
    with path.open() as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    examples = sorted({row["example"] for row in rows})
    assert len(examples) == 3
    for example in examples:
        # On the row of what is expected stand surplus, volume and price.
        surplus, volume, price = next(
            (int(row["side"]), int(row["quantity"]), int(row["price"]))
            for row in rows
            if (row["example"], row["row"]) == (example, "expect")
        )
        book = book_of(
            (SIDES[row["side"]], int(row["price"]), int(row["quantity"]))
            for row in rows
            if (row["example"], row["row"]) == (example, "order")
        )
        begin_call(book)
        assert fix_price(book, None) == (price, volume, surplus)


sides = st.sampled_from([BUY, SELL])
orders_near = st.tuples(sides, st.integers(1, 12), st.integers(1, 4))
orders_far = st.tuples(sides, st.integers(1, 400), st.integers(1, 60))
references = st.none() | st.integers(0, 28) | st.integers(0, 900)
"""In halves of a tick."""


@settings(max_examples=3_000)
@given(orders=st.lists(orders_near, max_size=12) | st.lists(orders_far, max_size=40), halves=references)
def test_price_and_volume_are_those_of_all_prices_looked_at_one_by_one(orders, halves):
    reference = None if halves is None else Fraction(halves, 2)
    book = book_of(orders)
    begin_call(book)
    assert fix_price(book, None if halves is None else Ticks((halves + 1) // 2)) == fix(orders, reference)


changes = st.lists(st.tuples(sides, st.integers(1, 12), st.integers(1, 4), st.integers(0, 5)), max_size=30)


@settings(max_examples=1_000)
@given(before=st.lists(orders_near, max_size=8), changes=changes, reference=st.none() | st.integers(1, 12))
def test_the_price_follows_every_order_that_comes_shrinks_or_goes(before, changes, reference):
    """As it stands after each change, and not only from a book that is looked at for the first time."""
    at_work = [order(number, *terms) for number, terms in enumerate(before)]
    book = OrderBook()
    for each in at_work:
        book.add(each)
    begin_call(book)
    for number, (side, price, quantity, what) in enumerate(changes, start=100):
        if what < 3 or not at_work:
            at_work.append(order(number, side, price, quantity))
            book.add(at_work[-1])
        else:
            changed = at_work[(price * quantity) % len(at_work)]
            if what == 3 and changed.remaining_quantity > 1:
                book.sides[changed.side].reduce(changed, 1)
            else:
                book.remove(changed)
                at_work.remove(changed)
        standing = [(each.side, each.price, each.remaining_quantity) for each in at_work]
        assert fix_price(book, reference) == fix(standing, reference)
        again = book_of(standing)
        begin_call(again)
        assert [side.counted_from for side in again.sides] == [side.counted_from for side in book.sides]
        assert [side.counted_quantity for side in again.sides] == [side.counted_quantity for side in book.sides]


@settings(max_examples=1_000)
@given(orders=st.lists(orders_near, max_size=14))
def test_the_volume_trades_by_price_then_time_and_the_book_is_left_uncrossed(orders):
    book = book_of(orders)
    queues = [list(side.orders()) for side in book.sides]
    wanted = {each.order_id: each.remaining_quantity for queue in queues for each in queue}
    begin_call(book)
    fixing = fix_price(book, None)
    end_call(book)
    traded = [dict.fromkeys((each.order_id for each in queue), 0) for queue in queues]
    if fixing is not None:
        price, volume, _ = fixing
        while trade := trade_at(book, price):
            buy, sell, quantity = trade
            assert buy.price >= price >= sell.price
            traded[BUY][buy.order_id] += quantity
            traded[SELL][sell.order_id] += quantity
        assert sum(traded[BUY].values()) == sum(traded[SELL].values()) == volume
    for side, queue in enumerate(queues):
        # Each before the next: all that it wants, then what is left, then nothing.
        left = sum(traded[side].values())
        for each in queue:
            assert traded[side][each.order_id] == min(left, wanted[each.order_id])
            left -= traded[side][each.order_id]
            assert each.remaining_quantity == wanted[each.order_id] - traded[side][each.order_id]
        resting = [each for each in queue if each.remaining_quantity]
        assert list(book.sides[side].orders()) == resting
    bids, asks = book.sides
    assert bids.best is None or asks.best is None or bids.best_price < asks.best_price
    for side in book.sides:
        for level in side.levels.values():
            here = [each for each in side.orders() if each.level is level]
            assert level.quantity == sum(each.remaining_quantity for each in here)


def test_a_million_empty_prices_between_two_orders_cost_nothing():
    book = book_of([(BUY, 10**8, 5), (SELL, 1, 3)])
    begin_call(book)
    assert fix_price(book, Ticks(50)) == (10**8, 3, 2)
    assert fix_price(book_in_balance(), Ticks(50)) == (50, 5, 0)
    assert fix_price(book_in_balance(), None) == ((10**8 + 2) // 2, 5, 0)


def book_in_balance():
    book = book_of([(BUY, 10**8, 5), (SELL, 1, 5)])
    begin_call(book)
    return book
