"""Quotes are orders: they can be amended and cancelled by id, and the next quote takes their rest into account."""

from core_stage import Stage, order

from openoutcry.domain import commands
from openoutcry.domain.commands import Price, QuoteTerms
from openoutcry.domain.events import BookChanged, OrderAcknowledged, OrderAmended, OrderCancelled, QuoteReplaced
from reference.audit import Audit
from reference.workload import CALL, role


def quote(bid=None, ask=None):
    """A side is (ticks, quantity), or None."""
    bid_ticks, bid_quantity = bid or (None, 0)
    ask_ticks, ask_quantity = ask or (None, 0)
    return QuoteTerms(
        CALL,
        None if bid_ticks is None else Price(bid_ticks),
        bid_quantity,
        None if ask_ticks is None else Price(ask_ticks),
        ask_quantity,
    )


def put(stage, *quotes):
    return stage.do(commands.ReplaceQuotes(1, quotes))


def result(events):
    [replaced] = [event for event in events if isinstance(event, QuoteReplaced)]
    return replaced.bid_order_id, replaced.ask_order_id


def kinds(events):
    return [type(event) for event in events if isinstance(event, OrderAcknowledged | OrderAmended | OrderCancelled)]


def test_a_quote_that_was_amended_by_its_id_is_still_the_quote():
    stage = Stage("maker")
    bid, ask = result(put(stage, quote((99, 5), (101, 5))))
    stage.do(commands.AmendOrder(1, bid, 4, Price(98)))
    events = put(stage, quote((98, 4), (101, 5)))
    assert result(events) == (bid, ask)
    assert kinds(events) == []


def test_a_quote_that_was_cancelled_by_its_id_is_quoted_anew():
    stage = Stage("maker")
    bid, ask = result(put(stage, quote((99, 5), (101, 5))))
    stage.do(commands.CancelOrder(1, bid))
    new_bid, same_ask = result(put(stage, quote((99, 5), (101, 5))))
    assert new_bid > ask == same_ask


def test_a_side_is_measured_by_what_is_left_of_it():
    stage = Stage("maker", "taker")
    bid, _ = result(put(stage, quote((99, 10))))
    stage.enter(2, "sell", 7, 99)
    assert result(put(stage, quote((99, 3)))) == (bid, None)
    topped_up, _ = result(put(stage, quote((99, 4))))
    assert topped_up != bid


def test_single_orders_at_the_same_price_are_not_the_quote_s_business():
    stage = Stage("maker")
    single = stage.enter(1, "buy", 5, 99)
    bid, _ = result(put(stage, quote((99, 5))))
    put(stage, quote())
    assert [view.order_id for view in stage.queries.open_orders(1)] == [single]
    assert bid != single


def test_an_instrument_named_twice_is_quoted_twice_and_the_last_stands():
    stage = Stage("maker")
    audit = Audit(stage.venue)
    audit.check(put(stage, quote((99, 5), (101, 5))))
    events = put(stage, quote((98, 5), (101, 9)), quote((99, 5), (101, 9)))
    assert len([event for event in events if isinstance(event, QuoteReplaced)]) == 2
    assert len([event for event in events if isinstance(event, BookChanged)]) == 1
    audit.check(events)
    depth = stage.queries.depth(CALL, 5)
    assert (depth.bids, depth.asks) == (((99, 5),), ((101, 9),))


def test_a_quote_is_refused_for_what_stands_first_in_the_list_of_checks():
    stage = Stage("maker", rules=role(maximum_open_orders=1, option_position_limit=5))
    stage.enter(1, "buy", 1, 90)
    events = put(stage, quote((99, 50)))
    [replaced] = [event for event in events if isinstance(event, QuoteReplaced)]
    assert replaced.bid_reject.code == "OPEN_ORDER_LIMIT_EXCEEDED"


def test_orders_and_quotes_share_the_open_order_limit_and_the_ids():
    stage = Stage("maker")
    first = stage.enter(1, "buy", 1, 90)
    assert result(put(stage, quote((91, 1), (95, 1)))) == (first + 1, first + 2)
    assert stage.venue.validate(order(1, "buy", 1, 92)).new_id == first + 3
