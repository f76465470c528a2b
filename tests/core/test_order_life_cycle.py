"""The life of an order is a table: every change of every open status stands in it, and nothing leaves a closed one."""

from typing import get_args

import pytest

from openoutcry.domain.orders import BUY, CLOSED_STATUSES, LIFE_CYCLE, OrderChange, Status
from openoutcry.matching.order import Order

STATUSES = get_args(Status)
CHANGES = get_args(OrderChange)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("status", sorted(set(STATUSES) - CLOSED_STATUSES))
def test_every_change_of_an_order_at_work_leads_somewhere(status, change):
    assert LIFE_CYCLE[status, change] in STATUSES


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("status", sorted(CLOSED_STATUSES))
def test_a_closed_order_never_changes(status, change):
    assert (status, change) not in LIFE_CYCLE


def test_the_table_knows_no_other_status_or_change():
    assert {status for status, _ in LIFE_CYCLE} | set(LIFE_CYCLE.values()) == set(STATUSES)
    assert {change for _, change in LIFE_CYCLE} == set(CHANGES)


def test_what_a_change_means_is_the_same_in_every_status():
    outcome = {"partial_fill": "partially_filled", "fill": "filled", "cancel": "cancelled"}
    for (status, change), after in LIFE_CYCLE.items():
        assert after == outcome.get(change, status)


def test_a_change_that_the_table_does_not_know_is_an_error_and_not_a_shrug():
    order = Order(1, 1, 1, "SPY", BUY, 100, 5, "day", False, None, 0)
    order.change("cancel")
    assert order.is_closed
    with pytest.raises(KeyError):
        order.change("fill")
