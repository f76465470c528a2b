"""Answers page without gaps or repeats, and do not change when the venue moves on."""

from core_stage import Stage, order

from openoutcry.domain import commands
from openoutcry.domain.day.game_rules import GameRules
from openoutcry.domain.day.marks import Mark
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


def test_an_open_position_is_marked_at_the_median_of_best_prices_and_last_trade():
    stage = Stage("ann", "bob")

    def doubled_marks():
        """Twice the mark of the three contracts that bob has bought, in ticks, by his account and by ann's."""
        bought, sold = (stage.queries.account(team).unrealized_pnl for team in (2, 1))
        assert bought == -sold
        return (bought + cost) * 2 / (3 * 10_000)

    stage.enter(1, "sell", 2, 100)
    stage.enter(2, "buy", 2, 100)
    assert stage.queries.account(2).unrealized_pnl == 0
    stage.enter(1, "sell", 1, 105)
    stage.enter(2, "buy", 1, 105)
    cost = (2 * 100 + 105) * 10_000
    assert doubled_marks() == 2 * 105, "the last trade alone"
    stage.enter(1, "buy", 1, 102)
    assert doubled_marks() == 105 + 102, "the middle of the two that exist"
    stage.enter(1, "sell", 1, 110)
    assert doubled_marks() == 2 * 105, "the last trade lies between the best prices"
    high = stage.enter(1, "buy", 1, 107)
    assert doubled_marks() == 2 * 107, "the best bid lies between the others"
    stage.do(commands.CancelOrder(1, high))
    stage.enter(1, "sell", 1, 103)
    assert doubled_marks() == 2 * 103, "the best ask lies between the others"


def test_a_lone_quote_moves_no_mark_beyond_the_last_trade_and_the_other_side():
    stage = Stage("ann", "bob", "cat")
    stage.enter(1, "sell", 2, 100)
    stage.enter(2, "buy", 2, 100)
    stage.enter(3, "buy", 1, 98)
    stage.enter(3, "sell", 1, 103)
    assert stage.queries.account(2).unrealized_pnl == 0
    for painted in (101, 102):
        stage.enter(2, "buy", 1, painted)
        assert stage.queries.account(2).unrealized_pnl == 2 * (painted - 100) * 10_000
    stage.do(commands.MassCancel(2))
    for painted in (1, 10_000):
        stage.enter(2, "sell" if painted > 103 else "buy", 1, painted)
        assert stage.queries.account(2).unrealized_pnl == 0


def test_where_the_venue_is_told_marks_no_book_moves_one():
    stage = Stage("ann", "bob", opening_phase="closed", game=GameRules())
    start = commands.StartSession(
        "2024-01-15", 0, (commands.PhaseAt("continuous", 0, 0), commands.PhaseAt("closed", 900, 900)), 1_000, 7
    )
    stage.do(start)
    stage.enter(1, "sell", 2, 100)
    stage.enter(2, "buy", 2, 100)
    stage.do(commands.AdvanceMarket(1, (), (Mark(0, 10_125, 0, 0, 0, 0, 0),)))
    stage.enter(1, "buy", 1, 300)
    assert stage.queries.account(2).unrealized_pnl == 2 * (10_125 * 100 - 100 * 10_000)


def test_an_exchange_that_opens_closed_counts_its_first_session_from_its_opening():
    venue = Venue(Rulebook(roles={"trader": role()}, opening_phase="closed"), (instrument(CALL),))
    assert venue.queries.market().trading_session == 0
    venue.execute(1, 1, commands.SetPhase("continuous"))
    assert venue.queries.market().trading_session == 1
