"""Validation is a list read from top to bottom: of all that is wrong with an order, the first in the list answers."""

from openoutcry.domain.claims import claim
from openoutcry.domain.commands import Price, SubmitOrder
from openoutcry.domain.reasons import Reject
from openoutcry.domain.types import MAX_CLIENT_ORDER_IDS
from openoutcry.risk import admission_checks, limit_checks, term_checks
from openoutcry.risk.checks import AMEND_CHECKS, SUBMIT_CHECKS, first_finding
from openoutcry.risk.proposal import Proposal
from reference.workload import CALL, instrument, role

RULES = role(
    option_position_limit=50,
    total_option_exposure=100,
    maximum_order_size=60,
    maximum_open_orders=3,
    may_rest_both_sides=False,
)
ALL_WRONG_TERMS = {
    "team_id": 1,
    "instrument_id": CALL,
    "side": "up",
    "quantity": 0,
    "price": None,
    "time_in_force": "gtc",
    "post_only": True,
    "client_order_id": "used-before",
}
ALL_WRONG_FACTS = {
    "rules": RULES,
    "suspended": True,
    "phase": "closed",
    "claim": claim(1, SubmitOrder(1, CALL, "buy", 1)),
    "claimed_ids": MAX_CLIENT_ORDER_IDS,
    "instrument": None,
    "halted": True,
    "side": 0,
    "best_opposite_rank": -100,  # an ask at 100 ticks
    "signed_position": 0,
    "open_quantity": 10,
    "opposite_quantity": 1,
    "opposite_orders": 1,
    "open_orders": 3,
    "total_elsewhere": 100,
}
REPAIRS = [
    ("TEAM_SUSPENDED", {"suspended": False}),
    ("DUPLICATE_CLIENT_ORDER_ID", {"claim": None}),
    ("CLIENT_ORDER_ID_LIMIT", {"claimed_ids": 0}),
    ("INVALID_INSTRUMENT", {"instrument": instrument(CALL)}),
    ("MARKET_CLOSED", {"phase": "continuous"}),
    ("INSTRUMENT_HALTED", {"halted": False}),
    ("INVALID_SIDE", {"side": "buy"}),
    ("INVALID_QUANTITY", {"quantity": 61}),
    ("MISSING_PRICE", {"price": Price(0)}),
    ("INVALID_PRICE", {"price": Price(100)}),
    ("INVALID_TIME_IN_FORCE", {"time_in_force": "day"}),
    ("ORDER_SIZE_EXCEEDED", {"quantity": 60}),
    ("POST_ONLY_WOULD_TRADE", {"price": Price(99)}),
    ("OPEN_ORDER_LIMIT_EXCEEDED", {"open_orders": 2}),
    ("POSITION_LIMIT_EXCEEDED", {"quantity": 40}),
    ("TOTAL_POSITION_LIMIT_EXCEEDED", {"total_elsewhere": 50}),
    ("TWO_SIDED_QUOTING_NOT_ALLOWED", {"opposite_orders": 0}),
]


def test_an_order_with_everything_wrong_is_refused_for_one_thing_after_the_other_as_it_is_mended():
    terms, facts = dict(ALL_WRONG_TERMS), dict(ALL_WRONG_FACTS)
    answers = []
    for _, repair in REPAIRS:
        finding = first_finding(SUBMIT_CHECKS, proposal(terms, facts))
        assert isinstance(finding, Reject)
        answers.append(finding.code.value)
        for name, value in repair.items():
            (terms if name in terms else facts)[name] = value
    assert answers == [code for code, _ in REPAIRS]
    assert first_finding(SUBMIT_CHECKS, proposal(terms, facts)) is None


def test_each_check_stands_in_the_list_once():
    assert len(set(SUBMIT_CHECKS)) == len(SUBMIT_CHECKS)
    written = {
        check
        for module in (admission_checks, term_checks, limit_checks)
        for name, check in vars(module).items()
        if name.startswith("check_")
    }
    assert written == {*SUBMIT_CHECKS, *AMEND_CHECKS}


def test_an_amendment_is_judged_in_the_same_order_but_not_for_what_it_cannot_change():
    claims = {admission_checks.check_client_order_id, limit_checks.check_open_orders}
    settled_before = {
        admission_checks.check_team_active,
        admission_checks.check_instrument,
        term_checks.check_side,
        term_checks.check_time_in_force,
    }
    left_out = claims | settled_before
    common = [check for check in AMEND_CHECKS if check in SUBMIT_CHECKS]
    assert common == [check for check in SUBMIT_CHECKS if check not in left_out]
    own = [check for check in AMEND_CHECKS if check not in SUBMIT_CHECKS]
    assert own == [term_checks.check_filled_quantity]


def proposal(terms, facts):
    side = {**facts, "side": 0}
    return Proposal(command=SubmitOrder(**terms), working_quantity=terms["quantity"], **side)
