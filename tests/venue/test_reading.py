"""Answers page without gaps or repeats, and do not change when the venue moves on."""

from core_stage import Stage, order

from openoutcry.domain import commands
from openoutcry.domain.rulebook import Rulebook
from openoutcry.venue.state.market import RECENT_TRADES
from openoutcry.venue.venue import Venue
from reference.workload import CALL, instrument, role


def test_fills_page_from_any_trade_without_gap_or_repeat():
    stage = Stage("ann", "bob")
    for _ in range(7):
        stage.enter(1, "sell", 1, 100)
        stage.enter(2, "buy", 1, 100)
    everything = stage.queries.fills(1, after=0, limit=100)
    assert len(everything) == 7
    for limit in range(1, 9):
        paged, after = [], 0
        while page := stage.queries.fills(1, after=after, limit=limit):
            assert len(page) <= limit
            paged += page
            after = page[-1].trade_id
        assert paged == everything


def test_a_page_of_fills_never_splits_a_trade_of_a_team_with_itself():
    rulebook = Rulebook(roles={"trader": role()}, self_trade_prevention="none")
    venue = Venue(rulebook, (instrument(CALL),))
    commands_given = [commands.RegisterTeam("ann", "trader", b"ann")]
    for _ in range(5):
        commands_given += [order(1, "sell", 1, 100), order(1, "buy", 1, 100)]
    for sequence, command in enumerate(commands_given, start=1):
        venue.execute(sequence, sequence, command)
    everything = venue.queries.fills(1, after=0, limit=100)
    assert len(everything) == 10
    for limit in range(1, 11):
        paged, after = [], 0
        while page := venue.queries.fills(1, after=after, limit=limit):
            paged += page
            after = page[-1].trade_id
        assert paged == everything


def test_closed_orders_page_from_the_newest_backwards_in_order_of_their_ids():
    stage = Stage("ann")
    ids = [stage.enter(1, "buy", 1, 100) for _ in range(5)]
    for order_id in (ids[3], ids[0], ids[4], ids[1]):
        stage.do(commands.CancelOrder(1, order_id))
    first = stage.queries.closed_orders(1, limit=2, before=None)
    assert [view.order_id for view in first] == [ids[4], ids[3]]
    rest = stage.queries.closed_orders(1, limit=9, before=first[-1].order_id)
    assert [view.order_id for view in rest] == [ids[1], ids[0]]


def test_an_order_is_shown_to_its_own_team_only():
    stage = Stage("ann", "bob")
    mine = stage.enter(1, "buy", 1, 100, client_order_id="a-1")
    assert stage.queries.order(1, mine) == stage.queries.order_by_client_id(1, "a-1")
    assert stage.queries.order(2, mine) is None
    assert stage.queries.order_by_client_id(2, "a-1") is None
    assert stage.queries.fills_of_order(2, mine) == []


def test_an_answer_does_not_change_afterwards():
    stage = Stage("ann", "bob")
    mine = stage.enter(1, "buy", 5, 100)
    before = stage.queries.order(1, mine), stage.queries.depth(CALL, 5), stage.queries.account(1)
    copies = [repr(answer) for answer in before]
    stage.enter(2, "sell", 2, 100)
    assert [repr(answer) for answer in before] == copies
    assert stage.queries.order(1, mine).remaining_quantity == 3


def test_only_a_named_number_of_public_trades_is_kept():
    stage = Stage("ann", "bob")
    for _ in range(RECENT_TRADES + 5):
        stage.enter(1, "sell", 1, 100)
        stage.enter(2, "buy", 1, 100)
    kept = stage.queries.trades(CALL, RECENT_TRADES * 2)
    assert [trade.trade_id for trade in kept] == list(range(6, RECENT_TRADES + 6))
    assert [trade.trade_id for trade in stage.queries.trades(CALL, 2)] == [RECENT_TRADES + 4, RECENT_TRADES + 5]


def test_an_instrument_that_is_not_there_has_no_book_and_no_trades():
    queries = Stage().queries
    assert queries.depth("NONE", 5) is None
    assert queries.trades("NONE", 5) is None
    assert queries.instrument("NONE") is None


def test_an_open_position_is_marked_at_the_middle_else_at_the_last_trade():
    stage = Stage("ann", "bob")
    stage.enter(1, "sell", 2, 100)
    stage.enter(2, "buy", 2, 100)
    assert stage.queries.account(2).unrealized_pnl == 0
    stage.enter(1, "sell", 1, 105)
    stage.enter(2, "buy", 1, 105)
    cost = (2 * 100 + 105) * 10_000
    assert stage.queries.account(2).unrealized_pnl == 3 * 105 * 10_000 - cost
    stage.enter(1, "buy", 1, 107)
    stage.enter(1, "sell", 1, 110)
    assert stage.queries.account(2).unrealized_pnl == 3 * 217 * 10_000 // 2 - cost
    assert stage.queries.account(1).unrealized_pnl == cost - 3 * 217 * 10_000 // 2


def test_an_exchange_that_opens_closed_counts_its_first_session_from_its_opening():
    venue = Venue(Rulebook(roles={"trader": role()}, opening_phase="closed"), (instrument(CALL),))
    assert venue.queries.market().trading_session == 0
    venue.execute(1, 1, commands.SetPhase("continuous"))
    assert venue.queries.market().trading_session == 1
