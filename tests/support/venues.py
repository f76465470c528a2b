"""A venue with two teams, and commands for it."""

from openoutcry.domain.commands import CancelOrder, MassCancel, Price, RegisterTeam, SubmitOrder
from openoutcry.scenarios.loader import load_scenario
from openoutcry.venue.venue import Venue

SCENARIO = load_scenario("seed")
CALL = "SPX_CALL_4500_20240315"
FIRST_ORDER_ID = SCENARIO.rulebook.first_order_id

ALICE = RegisterTeam("alice", "market_maker", b"a" * 32)
BOB = RegisterTeam("bob", "hedge_fund", b"b" * 32)


def new_venue():
    return Venue(SCENARIO.rulebook, SCENARIO.instruments)


def order(team_id, side, quantity=1, price_ticks=1_000, **terms):
    return SubmitOrder(team_id, CALL, side, quantity, Price(price_ticks), **terms)


def cancel(team_id, order_id):
    return CancelOrder(team_id, order_id)


def cancel_all(team_id):
    return MassCancel(team_id)
