"""Halts of one instrument and of all, by the organiser and by the circuit breaker, with their ends."""

import pytest
from core_stage import CALL, Stage, order

from openoutcry.domain import commands
from openoutcry.domain.commands import PhaseAt
from openoutcry.domain.day.game_rules import BreakerRules, DayRules, GameRules
from openoutcry.domain.day.marks import UnderlyingMark
from openoutcry.domain.day.tasks import Uncross
from openoutcry.domain.events import OrderCancelled, PhaseChanged, TradePrinted
from openoutcry.venue.snapshots.snapshot import decode, encode
from openoutcry.venue.tasks.slices import SLICE
from openoutcry.venue.venue import Venue
from reference.workload import instrument

PUT = "SPX_PUT_4500_20240315"
NINE = 1_705_327_200  # 2024-01-15 09:00 in New York
OPENS = NINE + 1_790
CLOSES = NINE + 21_600
RULES = DayRules(breaker=BreakerRules())
SPOT = 45_000_000


def timetable(day=0):
    return (
        PhaseAt("pre_open", NINE + day, NINE + day),
        PhaseAt("opening_auction", OPENS + day, OPENS + day - 20),
        PhaseAt("closed", CLOSES + day, CLOSES + day),
    )


class DayOfHalts(Stage):
    """A session in which one can ask for each phase by market time."""

    def __init__(self, **terms):
        super().__init__(
            "ann",
            "bob",
            instruments=(instrument(CALL), instrument(PUT)),
            opening_phase="closed",
            game=GameRules(day=RULES),
            **terms,
        )
        self.do(commands.StartSession("2024-01-15", -18_000, timetable(), 1_000, 7))
        self.now = NINE
        self.told = []

    def do(self, command):
        events = super().do(command)
        if hasattr(self, "told"):
            self.told += [event for event in events if isinstance(event, PhaseChanged)]
        return events

    def tick(self, until, price=SPOT):
        """Every second up to this one."""
        while self.now < until:
            self.now += 1
            self.do(commands.AdvanceMarket(self.now, (UnderlyingMark("SPX", price),)))

    def tick_while(self, phase, where=None):
        while self.phase(where) == phase:
            self.tick(self.now + 1)
        return self.now

    def phase(self, where=None):
        market = self.queries.market()
        return market.phase if where is None else market.instrument_phases.get(where, market.phase)

    def phases(self):
        return [event.phase for event in self.told]

    def restart(self):
        kept = decode(encode(self.venue.snapshot()))
        self.venue = Venue(self.venue._state.rulebook, snapshot=kept)
        self.queries = self.venue.queries


@pytest.fixture
def stage():
    stage = DayOfHalts()
    stage.tick(OPENS)
    stage.told.clear()
    return stage


# ---- the organiser ---------------------------------------------------------------------------------------------


def test_a_halt_of_all_lasts_until_it_is_resumed_and_ends_in_a_call_and_an_auction(stage):
    stage.do(commands.HaltInstrument(None))
    assert stage.refuse(order(1, "buy", 1, 100)).code == "MARKET_CLOSED"
    stage.tick(OPENS + 1_000)
    assert stage.phase() == "halted"

    stage.do(commands.ResumeInstrument(None))
    stage.do(order(1, "buy", 3, 102))
    stage.do(order(2, "sell", 3, 100))
    assert OPENS + 1_105 <= stage.tick_while("reopening_call") <= OPENS + 1_120

    assert stage.phases() == ["halted", "reopening_call", "reopening_auction", "continuous"]
    assert [event.reason for event in stage.told] == ["organiser", "organiser", "schedule", "schedule"]
    assert stage.queries.trades(CALL, 5)[0].quantity == 3


def test_the_end_of_the_call_is_not_told_before(stage):
    stage.do(commands.HaltInstrument(None))
    stage.do(commands.ResumeInstrument(None))
    told = stage.told[-1]
    assert (told.next_phase, told.next_at) == ("reopening_auction", OPENS + 105)


def test_one_instrument_is_halted_and_reopened_while_the_others_trade(stage):
    stage.do(commands.HaltInstrument(PUT))
    refused = stage.refuse(order(1, "buy", 1, 100, instrument_id=PUT))
    assert refused.code == "INSTRUMENT_HALTED"
    stage.enter(1, "buy", 1, 100)
    stage.do(commands.ResumeInstrument(PUT))
    stage.do(order(1, "buy", 4, 52, instrument_id=PUT))
    stage.do(order(2, "sell", 4, 50, instrument_id=PUT))
    stage.tick_while("reopening_call", PUT)

    assert stage.phase() == "continuous"
    assert [(event.instrument_id, event.phase) for event in stage.told] == [
        (PUT, "halted"),
        (PUT, "reopening_call"),
        (PUT, "reopening_auction"),
        (PUT, "continuous"),
    ]
    assert stage.queries.trades(PUT, 5)[0].quantity == 4


def test_two_instruments_have_ends_of_their_own(stage):
    for where in (CALL, PUT):
        stage.do(commands.HaltInstrument(where))
        stage.do(commands.ResumeInstrument(where))
    assert stage.tick_while("reopening_call", CALL) != stage.tick_while("reopening_call", PUT)


def test_a_halt_of_all_takes_a_reopening_instrument_with_it(stage):
    stage.do(commands.HaltInstrument(PUT))
    stage.do(commands.ResumeInstrument(PUT))
    stage.do(commands.HaltInstrument(None))
    stage.tick(OPENS + 300)
    assert stage.queries.market().instrument_phases == {}
    assert stage.phase() == "halted"


def test_an_instrument_halted_alone_stays_halted_after_a_halt_of_all(stage):
    stage.do(commands.HaltInstrument(PUT))
    stage.do(commands.HaltInstrument(None))
    stage.do(commands.ResumeInstrument(None))
    stage.tick_while("reopening_call")
    assert (stage.phase(), stage.phase(PUT)) == ("continuous", "halted")


def test_a_halt_in_the_opening_call_ends_in_it_while_it_lasts_and_in_a_call_of_its_own_after_it():
    stage = DayOfHalts()
    stage.tick(NINE + 60)
    stage.do(commands.HaltInstrument(None))
    stage.do(commands.ResumeInstrument(None))
    assert stage.phase() == "pre_open"
    stage.do(commands.HaltInstrument(None))
    stage.tick(OPENS + 60)
    assert stage.phase() == "halted"
    stage.do(commands.ResumeInstrument(None))
    assert stage.phase() == "reopening_call"


def test_orders_can_leave_while_trading_is_halted(stage):
    order_id = stage.enter(1, "buy", 1, 100)
    stage.do(commands.HaltInstrument(None))
    stage.do(commands.CancelOrder(1, order_id))
    assert stage.queries.depth(CALL, 1).bids == ()


def test_nothing_is_to_be_resumed_that_was_not_halted(stage):
    assert stage.refuse(commands.ResumeInstrument(None)).code == "MARKET_CLOSED"
    stage.do(commands.ResumeInstrument(PUT))
    assert stage.told == []


def test_by_hand_a_halt_ends_at_once():
    stage = Stage("ann", "bob")
    stage.do(commands.HaltInstrument(None))
    stage.do(commands.ResumeInstrument(None))
    assert stage.queries.market().phase == "continuous"


def test_by_hand_too_orders_that_were_gathered_trade_in_an_auction_first():
    stage = Stage("ann", "bob", opening_phase="closed")
    stage.do(commands.SetPhase("pre_open"))
    stage.do(commands.HaltInstrument(CALL))
    stage.do(commands.ResumeInstrument(CALL))
    stage.do(order(1, "buy", 2, 101))
    stage.do(order(2, "sell", 2, 99))
    stage.do(commands.HaltInstrument(CALL))
    told = stage.do(commands.SetPhase("continuous"))
    assert not [event for event in told if isinstance(event, TradePrinted)]
    told = stage.do(commands.ResumeInstrument(CALL))
    assert [event.quantity for event in told if isinstance(event, TradePrinted)] == [2]
    assert stage.queries.market().instrument_phases == {}


@pytest.mark.parametrize(
    ("phase", "allowed"),
    [
        ("closed", ["closed", "pre_open", "continuous"]),
        ("pre_open", ["closed", "pre_open", "opening_auction", "continuous", "halted"]),
        ("continuous", ["closed", "continuous", "halted"]),
        ("halted", ["closed", "pre_open", "continuous", "halted", "reopening_call", "reopening_auction"]),
        ("reopening_call", ["closed", "continuous", "halted", "reopening_call", "reopening_auction"]),
    ],
)
def test_phases_by_hand_follow_each_other_as_the_table_says(phase, allowed):
    way = {"closed": [], "reopening_call": ["continuous", "halted"], "halted": ["continuous"]}.get(phase, [])
    stage = Stage("ann", opening_phase="closed")
    for step in (*way, phase):
        stage.do(commands.SetPhase(step))
    every = ("closed", "pre_open", "opening_auction", "continuous", "halted", "reopening_call", "reopening_auction")
    accepted = [each for each in every if type(stage.venue.validate(commands.SetPhase(each))).__name__ == "Accepted"]
    assert accepted == allowed


def test_an_organiser_who_opens_early_ends_the_call_in_its_auction():
    stage = DayOfHalts()
    stage.do(order(1, "buy", 1, 101))
    stage.do(order(2, "sell", 1, 99))
    told = stage.do(commands.SetPhase("continuous"))
    assert len([event for event in told if isinstance(event, TradePrinted)]) == 1
    stage.tick(OPENS + 10)
    assert stage.phases() == ["opening_auction", "continuous"]


# ---- the circuit breaker ---------------------------------------------------------------------------------------


def crash(stage, price=SPOT * 98 // 100):
    stage.tick(stage.now + 1, price)


def test_a_large_move_halts_everything_for_three_minutes_and_reopens_it(stage):
    stage.tick(OPENS + 400)
    crash(stage, SPOT - SPOT // 80)  # 1.25 %
    assert (stage.told[-1].phase, stage.told[-1].reason) == ("halted", "circuit_breaker")
    assert (stage.told[-1].next_phase, stage.told[-1].next_at) == ("reopening_call", OPENS + 401 + 180)
    stage.tick(OPENS + 581, SPOT * 98 // 100)
    assert stage.phase() == "reopening_call"
    stage.tick(OPENS + 900, SPOT * 98 // 100)
    assert stage.phases() == ["halted", "reopening_call", "reopening_auction", "continuous"]


def test_a_smaller_move_halts_nothing(stage):
    stage.tick(OPENS + 400)
    crash(stage, SPOT - SPOT // 80 + 1)
    assert stage.phases() == []


def test_the_move_is_that_against_the_price_a_window_ago(stage):
    for step in range(1, 21):  # 2 % in ten minutes, 1 % in five
        stage.tick(stage.now + 30, SPOT - SPOT * step // 1_000)
    assert stage.phases() == []


def test_the_breaker_halts_at_most_three_times_a_day_and_not_shortly_before_the_close(stage):
    price = SPOT
    for _ in range(6):
        stage.tick(stage.now + 700, price)
        price = price * 98 // 100
    assert stage.phases().count("halted") == 3

    late = DayOfHalts()
    late.tick(CLOSES - 900)
    crash(late)
    assert "halted" not in late.phases()


def test_a_halt_that_reaches_the_close_is_closed_without_an_auction():
    stage = DayOfHalts()
    stage.tick(CLOSES - 200)
    stage.do(commands.HaltInstrument(None))
    stage.tick(CLOSES)
    assert stage.phases()[-2:] == ["halted", "closed"]


def test_a_reopening_call_that_reaches_the_close_is_closed_without_an_auction(stage):
    stage.tick(CLOSES - 100)
    stage.do(commands.HaltInstrument(None))
    stage.do(commands.ResumeInstrument(None))
    stage.do(order(1, "buy", 1, 101))
    stage.do(order(2, "sell", 1, 99))
    stage.tick(CLOSES)
    assert stage.phases() == ["halted", "reopening_call", "closed"]
    assert stage.queries.trades(CALL, 1) == []


def test_the_organiser_ends_a_halt_of_the_breaker_early_and_its_timer_does_nothing_then(stage):
    stage.tick(OPENS + 400)
    crash(stage)
    stage.do(commands.ResumeInstrument(None))
    stage.do(commands.SetPhase("continuous"))
    stage.tick(OPENS + 1_000, SPOT * 98 // 100)
    assert stage.phases() == ["halted", "reopening_call", "reopening_auction", "continuous"]


def test_the_organiser_makes_a_halt_of_the_breaker_last(stage):
    stage.tick(OPENS + 400)
    crash(stage)
    stage.do(commands.HaltInstrument(None))
    stage.tick(OPENS + 2_000, SPOT * 98 // 100)
    assert stage.phase() == "halted"


def test_a_second_session_has_its_three_halts_anew(stage):
    price = SPOT
    for _ in range(5):
        stage.tick(stage.now + 700, price)
        price = price * 98 // 100
    stage.do(commands.EndSession())
    stage.do(commands.StartSession("2024-01-16", -18_000, timetable(86_400), 1_000, 8))
    stage.now = NINE + 86_400
    stage.tick(OPENS + 86_800, price)
    stage.told.clear()
    crash(stage, price * 98 // 100)
    assert stage.phases() == ["halted"]


# ---- while an auction or a close is under way ------------------------------------------------------------------


@pytest.fixture
def uncrossing():
    """A stage whose opening auction takes several slices; both teams have orders that do not trade, too."""
    stage = DayOfHalts()
    for _ in range(SLICE):
        stage.do(order(1, "buy", 1, 101))
        stage.do(order(2, "sell", 1, 99))
    for team, side, ticks in ((1, "buy", 50), (2, "sell", 150)):
        stage.enter(team, side, 1, ticks)
    stage.tick(OPENS)
    assert stage.phase() == "opening_auction"
    return stage


def finish(stage, *, restarts=False):
    events = []
    while stage.venue.has_work:
        if restarts:
            stage.restart()
        events += stage.do(commands.ContinueWork(SLICE))
    return events


def resting(stage, team):
    return [view for view in stage.queries.open_orders(team) if view.price in (50, 150)]


def test_nobody_cancels_in_an_auction(uncrossing):
    (own,) = resting(uncrossing, 1)
    for command in (commands.CancelOrder(1, own.order_id), commands.MassCancel(1), commands.MassCancel(1, CALL)):
        refused = uncrossing.refuse(command)
        assert (refused.code, refused.details) == ("CANCEL_FAILED", {"phase": "opening_auction"})
    assert uncrossing.refuse(commands.AmendOrder(1, own.order_id, 2)).code == "MARKET_CLOSED"


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (commands.ElapseTimer(1, None, 99), "cancel_after"),
        (commands.ElapseTimer(1, "lost", 99), "cancel_on_disconnect"),
        (commands.SuspendTeam(1), "team_suspended"),
    ],
)
def test_what_cancels_by_itself_waits_for_the_end_of_the_auction(uncrossing, command, reason, restarts):
    team = uncrossing.venue._state.team(1)
    if isinstance(command, commands.ElapseTimer) and command.connection_id is not None:
        uncrossing.do(commands.GuardConnection(1, "lost", 5))
        uncrossing.do(commands.LoseConnection(1, "lost"))
        command = commands.ElapseTimer(1, "lost", team.guards["lost"].due)
    elif isinstance(command, commands.ElapseTimer):
        uncrossing.do(commands.SetCancelAfter(1, 5))
        command = commands.ElapseTimer(1, None, team.cancel_at)

    told = uncrossing.do(command)
    assert not [event for event in told if isinstance(event, OrderCancelled)]
    told = finish(uncrossing, restarts=restarts)

    cancelled = [event for event in told if isinstance(event, OrderCancelled)]
    assert [(event.team_id, str(event.reason)) for event in cancelled] == [(1, reason)]
    assert sum(event.quantity for event in told if isinstance(event, TradePrinted)) > 0
    assert uncrossing.queries.open_orders(1) == []
    assert len(resting(uncrossing, 2)) == 1


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize(
    ("command", "phases"),
    [
        (commands.HaltInstrument(None), ["opening_auction", "continuous", "halted"]),
        (commands.SetPhase("closed"), ["opening_auction", "continuous", "closed"]),
        (commands.EndSession(), ["opening_auction", "continuous", "closed"]),
    ],
)
def test_what_the_organiser_does_in_an_auction_comes_after_it(uncrossing, command, phases, restarts):
    uncrossing.do(command)
    assert any(isinstance(task, Uncross) for task in uncrossing.venue._state.day.tasks)
    finish(uncrossing, restarts=restarts)
    assert uncrossing.phases() == phases
    assert not uncrossing.venue._state.markets[CALL].book.is_crossed


def test_an_auction_of_one_instrument_keeps_its_orders_only(stage):
    stage.do(commands.HaltInstrument(PUT))
    stage.do(commands.ResumeInstrument(PUT))
    for _ in range(SLICE):
        stage.do(order(1, "buy", 1, 52, instrument_id=PUT))
        stage.do(order(2, "sell", 1, 50, instrument_id=PUT))
    stage.do(order(1, "buy", 1, 10, instrument_id=PUT))
    mine = stage.enter(1, "buy", 1, 100)
    stage.tick_while("reopening_call", PUT)
    assert stage.phase(PUT) == "reopening_auction"

    assert stage.refuse(commands.MassCancel(1, PUT)).code == "CANCEL_FAILED"
    told = stage.do(commands.MassCancel(1))
    assert [event.order_id for event in told if isinstance(event, OrderCancelled)] == [mine]


def test_an_instrument_that_expires_before_its_halt_comes_is_not_halted():
    """The halt waits for an auction of another instrument; expiry does not."""
    stage = Stage("ann", "bob", instruments=(instrument(CALL), instrument(PUT)), self_trade_prevention="none")
    stage.do(commands.SetPhase("halted"))
    stage.do(commands.SetPhase("reopening_call"))
    for _ in range(SLICE):
        stage.do(order(1, "buy", 1, 100))
        stage.do(order(2, "sell", 1, 100))
    stage.do(commands.HaltInstrument(PUT))
    stage.do(commands.SetPhase("continuous"))
    assert stage.venue.has_work
    stage.do(commands.HaltInstrument(PUT))
    stage.do(commands.ExpireInstrument(PUT))
    while stage.venue.has_work:
        told = stage.do(commands.ContinueWork(SLICE))
        assert PUT not in [event.instrument_id for event in told if isinstance(event, PhaseChanged)]
    assert stage.venue._state.markets[PUT].own_phase is None
