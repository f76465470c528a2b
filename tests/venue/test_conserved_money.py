"""The check that no test can do without (`conserved_money`) finds whoever makes or loses money."""

import re
from contextlib import suppress
from unittest.mock import patch

import conserved_money
import pytest
from core_stage import CALL, Stage

from openoutcry.clearing.account import Account
from openoutcry.domain.commands import Announce, SettleInstrument
from openoutcry.domain.day.tasks import PayOut
from openoutcry.domain.types import Money
from openoutcry.venue.tasks.expiry import pay_out
from openoutcry.venue.tasks.table import STEPS

pytestmark = pytest.mark.interpreted

FOUND = re.compile("made|add up|should have")

settle = Account.settle


def fee_that_is_not_booked(account, position, quantity, unit_value, fees):
    settle(account, position, quantity, unit_value, Money(0))


def fee_that_is_not_counted(account, position, quantity, unit_value, fees):
    settle(account, position, quantity, unit_value, fees)
    account.fees_paid -= fees


def sale_that_is_not_settled(account, position, quantity, unit_value, fees):
    if quantity > 0:
        settle(account, position, quantity, unit_value, fees)
    else:
        account.cash -= fees
        account.fees_paid += fees


def sale_that_brings_nothing(account, position, quantity, unit_value, fees):
    settle(account, position, quantity, unit_value, fees)
    if quantity < 0:
        account.cash += quantity * unit_value


def settlement_that_pays_longs_only(state, outcome, task, budget):
    shorts = [team for team in state.teams if team.holdings[CALL].position.quantity < 0]
    with patch.object(state, "teams", [team for team in state.teams if team not in shorts]):
        return pay_out(state, outcome, task, budget)


def settlement_that_shorts_do_not_pay(state, outcome, task, budget):
    cash = [team.account.cash for team in state.teams]
    done = pay_out(state, outcome, task, budget)
    for team, before in zip(state.teams, cash, strict=True):
        team.account.cash = max(team.account.cash, before)
    return done


@pytest.fixture
def stage():
    """Two teams, between which ten contracts have passed."""
    stage = Stage("ann", "bob")
    trade(stage)
    return stage


def trade(stage):
    stage.enter(1, "sell", 10, 100)
    stage.enter(2, "buy", 10, 100)


@pytest.fixture
def found():
    """What is found is not held against the test."""
    yield
    with pytest.raises(AssertionError):
        conserved_money.look_back()


@pytest.mark.parametrize(
    "fault", [fee_that_is_not_booked, fee_that_is_not_counted, sale_that_is_not_settled, sale_that_brings_nothing]
)
def test_a_trade_that_makes_or_loses_money_is_found(stage, found, fault):
    with patch.object(Account, "settle", fault), pytest.raises(AssertionError, match=FOUND):
        trade(stage)


@pytest.mark.parametrize("fault", [settlement_that_pays_longs_only, settlement_that_shorts_do_not_pay])
def test_a_settlement_that_makes_money_is_found(stage, found, fault):
    with patch.dict(STEPS, {PayOut: fault}), pytest.raises(AssertionError, match=FOUND):
        stage.do(SettleInstrument(CALL, 150))


def test_money_of_which_nobody_is_told_is_found_at_the_end_of_the_test(stage, found):
    stage.venue._state.teams[0].account.cash += 1
    stage.do(Announce("nothing happens"))


def test_what_others_have_caught_is_found_at_the_end_of_the_test(stage, found):
    with patch.object(Account, "settle", fee_that_is_not_booked), suppress(AssertionError):
        trade(stage)


def test_a_venue_that_goes_on_from_a_snapshot_is_looked_at_as_a_whole(stage, found):
    stage.venue._state.teams[0].account.cash += 1
    stage.venue._books = None
    with pytest.raises(AssertionError, match="made"):
        stage.do(Announce("nothing happens"))
