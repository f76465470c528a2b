"""A client order id belongs to one set of terms. Other terms are another order."""

import pytest
from core_stage import order
from hypothesis import given
from msgspec import structs

from openoutcry.domain.claims import Claim
from openoutcry.domain.commands import Price
from reference.workload import PUT, submissions

TERMS = order(1, "buy", 5, 100, client_order_id="a")


def claim(order_id, command):
    """The claim of an order that was accepted with the terms of `command`, as the venue makes it."""
    ticks = None if command.price is None else command.price.ticks
    terms = command.instrument_id, command.side, command.quantity, ticks, command.time_in_force, command.post_only
    return Claim(order_id, *terms)


def test_the_same_terms_are_the_same_order():
    assert claim(7, TERMS).order_id == 7
    assert claim(7, TERMS).stands_for(TERMS)


@pytest.mark.parametrize(
    "change",
    [
        {"instrument_id": PUT},
        {"side": "sell"},
        {"quantity": 6},
        {"price": Price(101)},
        {"price": Price(100, "1.001")},
        {"price": None},
        {"time_in_force": "ioc"},
        {"post_only": True},
    ],
    ids=str,
)
def test_any_other_term_makes_another_order(change):
    assert not claim(7, TERMS).stands_for(structs.replace(TERMS, **change))


@given(one=submissions, other=submissions)
def test_terms_are_the_same_where_the_commands_are(one, other):
    if one.price is not None and one.price.off_grid is not None:
        return  # never accepted
    other = structs.replace(other, team_id=one.team_id, client_order_id=one.client_order_id)
    assert claim(7, one).stands_for(other) == (one == other)
    assert claim(7, one).stands_for(structs.replace(one))
