"""Validation follows its list from top to bottom: the first error of an order is the one in the answer."""

import pytest
from core_stage import Stage

from openoutcry.domain.claims import Claim
from openoutcry.domain.commands import AmendOrder, Price, SubmitOrder
from openoutcry.domain.orders import SELL
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.types import MAX_CLIENT_ORDER_IDS, MAX_QUANTITY
from reference.workload import CALL, role

RULES = role(
    option_position_limit=50,
    total_option_exposure=100,
    maximum_order_size=60,
    maximum_open_orders=3,
    may_rest_both_sides=False,
)
ALL_WRONG_TERMS = {
    "instrument_id": "NO_SUCH_THING",
    "side": "up",
    "quantity": 0,
    "price": None,
    "time_in_force": "gtc",
    "post_only": True,
    "client_order_id": "used-before",
}
ALL_WRONG_FACTS = {
    "suspended": True,
    "claims": {"used-before": Claim(1, CALL, "buy", 1, None, "day", post_only=False)},
    "more_claims": MAX_CLIENT_ORDER_IDS,
    "phase": "closed",
    "halted": True,
    "open_buys": 10,
    "open_orders": 3,
    "opposite_orders": 1,
    "exposure_elsewhere": 100,
    "band": (80, 90),
}
REPAIRS = [
    ("TEAM_SUSPENDED", {"suspended": False}),
    ("DUPLICATE_CLIENT_ORDER_ID", {"claims": {}}),
    ("CLIENT_ORDER_ID_LIMIT", {"more_claims": 0}),
    ("INVALID_INSTRUMENT", {"instrument_id": CALL}),
    ("MARKET_CLOSED", {"phase": "continuous"}),
    ("INSTRUMENT_HALTED", {"halted": False}),
    ("INVALID_SIDE", {"side": "buy"}),
    ("INVALID_QUANTITY", {"quantity": 61}),
    ("MISSING_PRICE", {"price": Price(0)}),
    ("INVALID_PRICE", {"price": Price(100)}),
    ("INVALID_TIME_IN_FORCE", {"time_in_force": "day"}),
    ("PRICE_OUT_OF_BAND", {"band": (1, 100)}),
    ("ORDER_SIZE_EXCEEDED", {"quantity": 60}),
    ("POST_ONLY_WOULD_TRADE", {"price": Price(99)}),
    ("OPEN_ORDER_LIMIT_EXCEEDED", {"open_orders": 2}),
    ("POSITION_LIMIT_EXCEEDED", {"quantity": 40}),
    ("TOTAL_POSITION_LIMIT_EXCEEDED", {"exposure_elsewhere": 50}),
    ("TWO_SIDED_QUOTING_NOT_ALLOWED", {"opposite_orders": 0}),
]

ALL_WRONG_AMENDMENT = {"quantity": MAX_QUANTITY + 1, "price": Price(0)}
AMENDMENT_REPAIRS = [
    ("TEAM_SUSPENDED", {"suspended": False}),
    ("AMEND_FAILED", {"order_id": 2}),
    ("MARKET_CLOSED", {"phase": "continuous"}),
    ("INSTRUMENT_HALTED", {"halted": False}),
    ("INVALID_QUANTITY", {"quantity": 4}),
    ("AMEND_FAILED", {"quantity": 61}),
    ("INVALID_PRICE", {"price": Price(100)}),
    ("PRICE_OUT_OF_BAND", {"band": (1, 100)}),
    ("ORDER_SIZE_EXCEEDED", {"quantity": 60}),
    ("POST_ONLY_WOULD_TRADE", {"price": Price(99)}),
    ("POSITION_LIMIT_EXCEEDED", {"quantity": 40}),
    ("TOTAL_POSITION_LIMIT_EXCEEDED", {"exposure_elsewhere": 50}),
    ("TWO_SIDED_QUOTING_NOT_ALLOWED", {"opposite_orders": 0}),
]
"""For an order of which 4 are filled. An amendment claims no new id and no new place among the open orders."""


@pytest.mark.makes_money
def test_an_order_with_everything_wrong_is_refused_for_one_thing_after_the_other_as_it_is_mended():
    terms, facts = dict(ALL_WRONG_TERMS), dict(ALL_WRONG_FACTS)
    answers = []
    for _, repair in REPAIRS:
        answers.append(venue_with(facts).validate(SubmitOrder(team_id=1, **terms)).code)
        mend(terms, facts, repair)
    assert answers == [code for code, _ in REPAIRS]
    assert isinstance(venue_with(facts).validate(SubmitOrder(team_id=1, **terms)), Accepted)


@pytest.mark.makes_money
def test_an_amendment_is_judged_in_the_same_order_but_not_for_what_it_cannot_change():
    terms, facts = {"order_id": 99, **ALL_WRONG_AMENDMENT}, dict(ALL_WRONG_FACTS)
    answers = []
    for _, repair in AMENDMENT_REPAIRS:
        answers.append(venue_with(facts).validate(AmendOrder(team_id=1, **terms)).code)
        mend(terms, facts, repair)
    assert answers == [code for code, _ in AMENDMENT_REPAIRS]
    assert isinstance(venue_with(facts).validate(AmendOrder(team_id=1, **terms)), Accepted)


def mend(terms, facts, repair):
    for name, value in repair.items():
        (terms if name in terms else facts)[name] = value


def venue_with(facts):
    """A venue where these facts hold of team 1, which has order 2 for 5 at work, of which 4 are filled, and is flat."""
    stage = Stage("one", "two", rules=RULES)
    stage.enter(2, "sell", 4, 98)
    stage.enter(1, "buy", 5, 98)
    stage.enter(2, "sell", 5, 100)
    state = stage.venue._state
    state.phase = facts["phase"]
    state.markets[CALL].own_phase = "halted" if facts["halted"] else None
    state.markets[CALL].follow(state.phase)
    state.markets[CALL].band = facts["band"]
    team = state.team(1)
    team.suspended = facts["suspended"]
    team.claims = facts["claims"] | dict.fromkeys(map(str, range(facts["more_claims"])))
    own = team.open_orders[2]
    own.post_only = True
    team.open_orders = {2 + place: own for place in range(facts["open_orders"])}
    holding = team.holdings[CALL]
    holding.open_quantity = [facts["open_buys"], facts["opposite_orders"]]
    holding.open_orders[SELL] = facts["opposite_orders"]
    team.total_option_exposure = facts["exposure_elsewhere"] + holding.exposure
    holding.position.quantity = 0
    return stage.venue
