"""The changes of a book by one command are published once, however often the command changed it."""

from core_stage import Stage, order

from openoutcry.domain import commands
from openoutcry.domain.commands import Price
from openoutcry.domain.events import BookChanged
from openoutcry.domain.types import BOOK_DEPTH


def changes(events):
    return [(event.bids, event.asks) for event in events if isinstance(event, BookChanged)]


def test_levels_that_a_mass_cancel_changes_twice_are_told_once_each():
    stage = Stage("bot")
    for price in (9_000, 9_000, 8_000):
        stage.enter(1, "buy", 2, price)
    assert changes(stage.do(commands.MassCancel(1))) == [(((9_000, 0), (8_000, 0)), ())]


def test_a_level_that_an_order_leaves_and_comes_back_to_is_told_once():
    stage = Stage("bot")
    order_id = stage.enter(1, "buy", 2, 9_000)
    assert changes(stage.do(commands.AmendOrder(1, order_id, 5, Price(9_000)))) == [(((9_000, 5),), ())]


def test_what_scrolls_in_is_told_though_nobody_watched_it():
    stage = Stage("bot")
    prices = [9_000 - number for number in range(BOOK_DEPTH + 1)]
    order_ids = [stage.enter(1, "buy", 1, price) for price in prices]
    stage.enter(1, "buy", 4, prices[-1])  # below the window: told to nobody
    told = changes(stage.do(commands.CancelOrder(1, order_ids[0])))
    assert told == [(((prices[0], 0), (prices[-1], 5)), ())]


def test_a_change_below_the_window_is_told_to_nobody():
    stage = Stage("bot")
    for number in range(BOOK_DEPTH):
        stage.enter(1, "buy", 1, 9_000 - number)
    assert changes(stage.do(order(1, "buy", 1, 5_000))) == []
