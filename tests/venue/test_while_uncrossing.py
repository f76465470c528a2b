"""What comes while an auction, or a close, is under way."""

import pytest
from core_stage import CALL, Stage, order
from halts_stage import OPENS, PUT, DayOfHalts

from openoutcry.domain import commands
from openoutcry.domain.day.tasks import Uncross
from openoutcry.domain.events import OrderCancelled, PhaseChanged, TradePrinted
from openoutcry.venue.tasks.slices import SLICE
from reference.workload import instrument


@pytest.fixture
def stage():
    stage = DayOfHalts()
    stage.tick(OPENS)
    stage.told.clear()
    return stage


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
