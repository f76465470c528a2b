"""The cash check: what equity must cover, who is refused for it, and what becomes of a team that has lost too much."""

import pytest
from core_stage import order
from duties_stage import CALL, FUND, INSTRUMENTS, MAKER, PUT, RETAIL, SPY, SPY_CALL, DutiesStage, mark
from hypothesis import given
from hypothesis import strategies as st

from openoutcry.domain import commands
from openoutcry.domain.commands import Price, QuoteTerms
from openoutcry.domain.day.game_rules import CashRules, GameRules
from openoutcry.domain.day.marks import Mark, ScenarioValues
from openoutcry.domain.events import OrderCancelled, PositionUpdated
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.rulebook import HOUSE_ROLE
from openoutcry.domain.types import MONEY_UNITS, Money
from openoutcry.venue.tasks.slices import SLICE
from reference.cash import requirement
from reference.workload import instrument, role

SCENARIOS = CashRules().scenarios
GAME = GameRules(cash=CashRules(), index_ratio={"SPX": 1, "SPY": 10})
HOUSE = 5
IDS = [each.instrument_id for each in INSTRUMENTS]


class CashStage(DutiesStage):
    """Marks of 1.00, and scenarios in which each instrument may lose or win half of that."""

    def __init__(self, cash=1_000_000, **options):
        super().__init__(GAME, starting_cash=Money(cash * MONEY_UNITS), **options)
        roles = self.venue._state.rulebook.roles
        roles[HOUSE_ROLE] = role(starting_cash=Money(0))
        self.do(commands.RegisterTeam("House", HOUSE_ROLE, commands.NO_KEY))
        self.mark(*(10_000 for _ in IDS))
        self.values(*((5_000, *[10_000] * (SCENARIOS - 2), 15_000) for _ in IDS))

    def mark(self, *values):
        return self.pass_seconds(1, *(mark(each, value) for each, value in zip(IDS, values, strict=False)), spx=1)

    def values(self, *values):
        rows = tuple(ScenarioValues(place, tuple(row)) for place, row in enumerate(values))
        self.do(commands.TakeScenarioValues(rows))

    def account(self, team):
        return self.queries.account(team)


def test_open_orders_need_what_they_would_lose():
    stage = CashStage()
    assert (stage.account(MAKER).equity, stage.account(MAKER).requirement) == (1_000_000 * MONEY_UNITS, 0)
    stage.enter(MAKER, "buy", 10, 100)  # at 1.00, worth 0.50 in the worst case, 100 a contract
    assert stage.account(MAKER).requirement == 10 * 50 * MONEY_UNITS
    stage.enter(MAKER, "sell", 4, 110)  # of the two sides the worse one counts
    assert stage.account(MAKER).requirement == 10 * 50 * MONEY_UNITS
    stage.enter(MAKER, "sell", 10, 120, instrument_id=PUT)  # the other one's worst case is another scenario
    assert stage.account(MAKER).requirement == 10 * 50 * MONEY_UNITS


def test_an_order_that_raises_the_requirement_beyond_equity_is_refused():
    stage = CashStage(cash=500)
    stage.do(order(MAKER, "buy", 10, 100))
    refusal = stage.refuse(order(MAKER, "buy", 1, 100))
    assert refusal.code == "INSUFFICIENT_CASH"
    assert refusal.details == {"equity": 500.0, "requirement": 500.0, "requirement_after": 550.0}
    stage.do(order(MAKER, "sell", 1, 150))  # its worst case is another scenario, and raises nothing


def test_amendments_and_quotes_count_net_of_what_they_replace():
    stage = CashStage(cash=500)
    mine = stage.enter(MAKER, "buy", 10, 100)
    stage.do(commands.AmendOrder(MAKER, mine, 10, Price(99)))
    stage.do(commands.AmendOrder(MAKER, mine, 5, Price(140)))
    assert stage.refuse(commands.AmendOrder(MAKER, mine, 6)).code == "INSUFFICIENT_CASH"
    stage.do(commands.CancelOrder(MAKER, mine))
    for bid in (100, 99, 98):
        stage.do(commands.ReplaceQuotes(MAKER, (QuoteTerms(CALL, Price(bid), 10, Price(110), 10),)))
        assert len(stage.queries.open_orders(MAKER)) == 2


def test_what_an_order_would_have_gained_is_missed_once_it_is_gone():
    stage = CashStage(cash=500)
    stage.values(*([10_000] * SCENARIOS for _ in IDS))
    stage.enter(MAKER, "buy", 10, 140)
    assert stage.account(MAKER).requirement == 10 * 40 * MONEY_UNITS
    stage.do(commands.ReplaceQuotes(MAKER, (QuoteTerms(CALL, Price(60), 10, None, 0),)))
    assert stage.account(MAKER).requirement == 0
    stage.do(commands.ReplaceQuotes(MAKER, (QuoteTerms(CALL, None, 0, None, 0),)))
    assert stage.refuse(order(MAKER, "buy", 10, 120, instrument_id=PUT)).code == "INSUFFICIENT_CASH"


def test_an_order_counts_where_nobody_has_judged_it():
    stage = CashStage(cash=500)
    stage.do(commands.ReplaceQuotes(MAKER, (QuoteTerms(CALL, Price(100), 1, None, 0),)))
    stage.venue.execute(stage.sequence + 1, 2_000_000, order(MAKER, "buy", 9, 100, instrument_id=PUT))  # as a replay
    assert stage.refuse(order(MAKER, "buy", 1, 100)).code == "INSUFFICIENT_CASH"


def test_equity_follows_the_marks():
    stage = CashStage(cash=2_000)
    stage.hold(FUND, CALL, 10)
    assert stage.account(FUND).equity == 2_000 * MONEY_UNITS - 10 * 300
    stage.mark(8_000)
    assert stage.account(FUND).equity == 1_800 * MONEY_UNITS - 10 * 300


def test_below_the_requirement_a_team_is_reduce_only_until_it_is_above():
    stage = CashStage(cash=600)
    stage.hold(FUND, CALL, 10)
    stage.enter(FUND, "sell", 3, 130)
    events = stage.mark(8_000)  # equity 399.70, and 500 are to be covered
    assert [event.reason for event in events if isinstance(event, OrderCancelled)] == ["reduce_only"]
    assert stage.account(FUND).standing.is_reduce_only
    assert stage.refuse(order(FUND, "buy", 1, 50)).code == "REDUCE_ONLY"
    stage.enter(FUND, "sell", 10, 130)
    assert not any(isinstance(event, OrderCancelled) for event in stage.mark(8_500))
    stage.mark(9_500)
    assert not stage.account(FUND).standing.is_reduce_only


def test_below_zero_the_house_takes_over_at_the_mark_and_no_money_is_lost():
    stage = CashStage(cash=600)
    stage.hold(FUND, CALL, 10)
    stage.hold(FUND, PUT, -2)
    stage.enter(FUND, "sell", 3, 130)
    before = sum(stage.account(team).cash for team in range(1, HOUSE + 1))
    events = stage.mark(3_000)
    assert [event.reason for event in events if isinstance(event, OrderCancelled)] == ["insufficient_cash"]
    told = [(event.team_id, event.instrument_id, event.position) for event in events if type(event) is PositionUpdated]
    assert told == [(FUND, CALL, 0), (HOUSE, CALL, 10), (FUND, PUT, 0), (HOUSE, PUT, -2)]
    fund = stage.account(FUND)
    assert fund.cash == fund.equity < 0
    assert sum(stage.account(team).cash for team in range(1, HOUSE + 1)) == before
    assert stage.account(HOUSE).cash == -10 * 3_000 * 100 + 2 * 10_000 * 100
    assert stage.refuse(order(FUND, "sell", 1, 100)).code == "INSUFFICIENT_CASH"
    stage.mark(3_000)
    assert stage.account(FUND).cash == fund.cash


@pytest.mark.makes_money
def test_a_team_with_money_again_trades_in_the_next_session():
    stage = CashStage(cash=600)
    stage.hold(FUND, CALL, 10)
    stage.mark(3_000)
    stage.venue._state.team(FUND).account.cash = 1_000_000
    assert stage.refuse(order(FUND, "sell", 1, 200)).code == "INSUFFICIENT_CASH"
    stage.do(commands.SetPhase("closed"))
    stage.do(commands.SetPhase("continuous"))
    stage.do(order(FUND, "sell", 1, 200))


@pytest.mark.makes_money
def test_positions_are_taken_over_in_slices():
    chain = tuple(instrument(f"SPX_CALL_{strike}_20240315") for strike in range(4_000, 4_000 + SLICE + 9))
    stage = DutiesStage(GAME, chain, starting_cash=Money(600 * MONEY_UNITS))
    stage.venue._state.rulebook.roles[HOUSE_ROLE] = role(starting_cash=Money(0))
    stage.do(commands.RegisterTeam("House", HOUSE_ROLE, commands.NO_KEY))
    for each in chain:
        stage.hold(FUND, each.instrument_id, 1)
    state = stage.venue._state
    state.team(FUND).account.cash = -1_000_000_0000
    stage.now += 1
    stage.do(commands.AdvanceMarket(stage.now))
    while stage.venue.has_work:
        stage.restart()
        stage.do(commands.ContinueWork(SLICE))
    assert not any(stage.queries.positions(FUND).values())
    assert set(stage.queries.positions(HOUSE).values()) == {1}


def test_values_that_do_not_fit_are_refused():
    stage = CashStage()
    for values in (ScenarioValues(4, (0,) * SCENARIOS), ScenarioValues(-1, (0,) * SCENARIOS), ScenarioValues(0, (0,))):
        assert stage.refuse(commands.TakeScenarioValues((values,))).code == "MALFORMED_REQUEST"
    free = DutiesStage(GameRules())
    assert free.refuse(commands.TakeScenarioValues(())).code == "MALFORMED_REQUEST"


money = st.integers(0, 20_000)
rows = st.tuples(money, st.lists(money, min_size=SCENARIOS, max_size=SCENARIOS))
steps = st.lists(
    st.tuples(
        st.sampled_from(["buy", "sell", "quote", "cancel", "mark", "values", "amend", "bust", "restart"]),
        st.sampled_from([MAKER, FUND]),
        st.integers(0, 3),
        st.integers(1, 20),
        st.integers(50, 150),
        rows,
    ),
    max_size=40,
)


@given(cash=st.sampled_from([400, 5_000, 1_000_000]), steps=steps)
def test_what_is_kept_equals_a_count_of_everything_and_decides_every_order(cash, steps):
    stage = CashStage(cash)
    bases = dict.fromkeys(IDS, 10_000)
    marks = dict.fromkeys(IDS, 10_000)
    values = {each: (5_000, *[10_000] * (SCENARIOS - 2), 15_000) for each in IDS}
    for what, team, place, quantity, ticks, (value, row) in steps:
        here = IDS[place]
        command = None
        if what in ("buy", "sell"):
            command = order(team, what, quantity, ticks, instrument_id=here)
        elif what == "quote":
            terms = QuoteTerms(here, Price(ticks), quantity, Price(ticks + 1 + quantity), quantity)
            stage.do(commands.ReplaceQuotes(team, (terms,)))
        elif what == "cancel":
            stage.do(commands.MassCancel(team, here))
        elif what == "amend":
            mine = stage.queries.open_orders(team)
            if mine:
                command = commands.AmendOrder(team, mine[-1].order_id, quantity, Price(ticks))
        elif what == "mark":
            stage.pass_seconds(1, mark(here, value))
            marks[here] = value
        elif what == "values":
            stage.do(commands.TakeScenarioValues((ScenarioValues(place, tuple(row)),)))
            values[here], bases[here] = tuple(row), marks[here]
        elif what == "bust":
            trades = stage.queries.trades(here, 1)
            if trades:
                stage.do(commands.BustTrade(trades[0].trade_id))
        else:
            stage.restart()
        if command is not None and type(verdict := stage.venue.validate(command)) is Accepted:
            before = stage.account(team)
            stage.do(command)
            after = stage.account(team)
            if not stage.queries.fills(team, after=0, limit=1):
                assert after.requirement <= max(before.requirement, before.equity), verdict
        for each in (MAKER, FUND, RETAIL):
            account = stage.account(each)
            expected = requirement(lines(stage, each, bases, values))
            assert account.requirement == expected
            positions = stage.queries.positions(each)
            worth = sum(held * marks[here] * 100 for here, held in positions.items())
            assert account.equity == account.cash + worth


@given(cash=st.sampled_from([2_000, 20_000, 1_000_000]), steps=steps)
def test_the_bound_that_spares_counting_is_never_below_what_is_counted(cash, steps):
    stage = CashStage(cash)
    bases = dict.fromkeys(IDS, 10_000)
    values = {each: (5_000, *[10_000] * (SCENARIOS - 2), 15_000) for each in IDS}
    for what, team, place, quantity, ticks, (_value, row) in steps:
        here = IDS[place]
        if what in ("buy", "sell"):
            do_if_accepted(stage, order(team, what, quantity, ticks, instrument_id=here))
        elif what == "values":
            stage.do(commands.TakeScenarioValues((ScenarioValues(place, tuple(row)),)))
            values[here] = tuple(row)
        elif what in ("cancel", "amend"):
            mine = stage.queries.open_orders(team)
            if mine:
                order_id = mine[ticks % len(mine)].order_id
                amend = commands.AmendOrder(team, order_id, quantity, Price(ticks))
                do_if_accepted(stage, amend if what == "amend" else commands.CancelOrder(team, order_id))
        elif what == "bust":
            trades = stage.queries.trades(here, 1)
            if trades:
                stage.do(commands.BustTrade(trades[0].trade_id))
        else:
            terms = QuoteTerms(here, Price(ticks), quantity, Price(ticks + 1 + quantity), quantity)
            stage.do(commands.ReplaceQuotes(team, (terms,)))
        for each in (MAKER, FUND):
            at_most = stage.venue._state.team(each).margin.at_most
            assert at_most is None or at_most >= requirement(lines(stage, each, bases, values))


def do_if_accepted(stage, command):
    if type(stage.venue.validate(command)) is Accepted:
        stage.do(command)


def lines(stage, team, bases, values):
    held = stage.queries.positions(team)
    for each in INSTRUMENTS:
        here = each.instrument_id
        own = [
            (shown.side, shown.price * each.tick_size, shown.remaining_quantity)
            for shown in stage.queries.open_orders(team)
            if shown.instrument_id == here
        ]
        yield each.multiplier, held.get(here, 0), bases[here], values[here], own


@given(
    held=st.integers(-20, 20),
    side=st.sampled_from(["buy", "sell"]),
    quantity=st.integers(1, 30),
    ticks=st.integers(60, 140),
    resting=st.tuples(st.sampled_from(["buy", "sell"]), st.integers(0, 20), st.integers(1, 9)),
    row=rows,
)
def test_an_order_is_refused_exactly_where_the_rules_say_so(held, side, quantity, ticks, resting, row):
    value, values = row
    stage = CashStage(cash=1_100)
    if held:
        stage.hold(FUND, CALL, held)
    resting_side, open_quantity, distance = resting
    resting_ticks = 60 - distance if resting_side == "buy" else 140 + distance
    rests = order(FUND, resting_side, open_quantity, resting_ticks)
    has_open = open_quantity > 0 and type(stage.venue.validate(rests)) is Accepted
    if has_open:
        stage.do(rests)
    stage.pass_seconds(1, mark(CALL, value))
    stage.values(values)
    account = stage.account(FUND)
    if account.standing.is_reduce_only or account.standing is None or account.equity < 0:
        return
    position = stage.queries.positions(FUND).get(CALL, 0)
    own = [(BUY if resting_side == "buy" else SELL, resting_ticks * 100, open_quantity)] if has_open else []
    before = requirement([(100, position, value, tuple(values), own)])
    own.append((BUY if side == "buy" else SELL, ticks * 100, quantity))
    after = requirement([(100, position, value, tuple(values), own)])
    verdict = stage.venue.validate(order(FUND, side, quantity, ticks))
    if after > before and account.equity < after:
        assert verdict.code == "INSUFFICIENT_CASH"
    else:
        assert type(verdict) is Accepted


@pytest.mark.parametrize("instrument_id", [SPY, SPY_CALL])
def test_spot_and_options_on_the_tracker_count_alike(instrument_id):
    stage = CashStage()
    stage.enter(MAKER, "buy", 10, 100, instrument_id=instrument_id)
    assert stage.account(MAKER).requirement == 10 * 50 * MONEY_UNITS


def test_how_far_a_slice_comes_does_not_depend_on_what_was_asked_before_it():
    names = [f"maker-{number}" for number in range(130)]
    asked, silent = CashStage(names=names), CashStage(names=names)
    for stage in (asked, silent):
        for team in range(1, len(names) + 1):
            stage.enter(team, "buy", 1, 100)
            stage.enter(team, "buy", 1, 100, instrument_id=PUT)
    for team in range(1, len(names) + 1):
        asked.account(team)

    for stage in (asked, silent):
        stage.do(commands.AdvanceMarket(stage.now + 1))

    assert asked.venue.has_work
    assert asked.venue.state_hash() == silent.venue.state_hash()


def test_slices_are_the_same_whoever_asks_and_after_a_restart():
    """What a slice does goes by the state alone: a replay has neither the questions nor the restarts of the first."""
    chain = tuple(instrument(f"SPX_CALL_{strike}_20240315") for strike in range(4_000, 4_000 + SLICE // 2))

    def run(disturb):
        stage = DutiesStage(GAME, chain, starting_cash=Money(1_000_000 * MONEY_UNITS))
        for each in chain:
            stage.hold(FUND, each.instrument_id, 1)
            stage.hold(MAKER, each.instrument_id, 1)
        told, hashes = [], []
        for second in range(3):
            told.append(stage.tick(stage.now + 1, tuple(Mark(place, 10_000, 0, 0, 0, 0, 0) for place in range(9))))
            rows = tuple(ScenarioValues(place, (10_000 + second,) * SCENARIOS) for place in range(len(chain)))
            told.append(stage.do(commands.TakeScenarioValues(rows)))
            disturb(stage)
            while stage.venue.has_work:
                told.append(stage.do(commands.ContinueWork(SLICE)))
                hashes.append(stage.venue.live_hash())
                disturb(stage)
        return told, hashes

    undisturbed = run(lambda stage: None)
    assert undisturbed[1], "values of so many instruments are counted in slices"
    assert run(lambda stage: [stage.queries.account(team) for team in (MAKER, FUND, RETAIL)]) == undisturbed
    assert run(DutiesStage.restart) == undisturbed


def test_equity_counts_what_a_settled_position_will_be_paid():
    """Also for a team whose turn comes in a later slice, and whatever was counted before."""
    stage = CashStage(names=[*(f"retail-{number}" for number in range(SLICE)), "fund"])
    fund = SLICE + 1
    for other in range(1, SLICE + 1):
        stage.enter(other, "sell", 1, 100)
    stage.enter(fund, "buy", SLICE, 100)
    before = stage.account(fund).equity
    stage.do(commands.SettleInstrument(CALL, 150))
    assert stage.venue.has_work
    assert stage.queries.positions(fund) == {CALL: SLICE}
    assert stage.account(fund).equity == before + SLICE * 50 * MONEY_UNITS
    stage.finish()
    assert stage.account(fund).equity == before + SLICE * 50 * MONEY_UNITS
