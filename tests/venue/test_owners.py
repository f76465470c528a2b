"""Self-trade prevention by owner: people name owners, and a team without an owner is its own."""

import pytest
from core_stage import Stage, order

from openoutcry.domain import commands
from openoutcry.domain.events import OrderCancelled, OrderExecuted


def meet(first_owner, second_owner, names=("ann", "bob")):
    """Whether a buy of one team trades with a sell of the other."""
    stage = Stage()
    for name, owner in zip(names, (first_owner, second_owner), strict=True):
        stage.do(commands.RegisterTeam(name, "trader", name.encode(), owner))
    stage.do(order(1, "sell", 1, 100))
    events = stage.do(order(2, "buy", 1, 100))
    traded = any(isinstance(event, OrderExecuted) for event in events)
    prevented = any(isinstance(event, OrderCancelled) for event in events)
    assert traded != prevented
    return traded


def test_teams_of_one_owner_do_not_trade_with_each_other():
    assert not meet("one person", "one person")


def test_teams_of_two_owners_and_teams_without_one_do():
    assert meet("one person", "another")
    assert meet("one person", None)
    assert meet(None, None)


@pytest.mark.parametrize("owner", ["ann", " ann", "team 1", "1", "TEAM_1", ""])
def test_naming_another_team_as_owner_does_not_make_one_its_kin(owner):
    """A team that could name itself into another's ownership could have that team's orders expired."""
    assert meet(None, owner)


def test_an_owner_may_be_named_like_a_team_that_registers_later():
    assert meet("bob", None)
