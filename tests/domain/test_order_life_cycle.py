"""The life of an order is a table: it holds every change of an open status, and no change of a closed one."""

from typing import get_args

import pytest

from openoutcry.domain.orders import BUY, CLOSED_STATUSES, LIFE_CYCLE, OrderChange, Status
from openoutcry.matching.order import new_order

STATUSES = get_args(Status)
CHANGES = get_args(OrderChange)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("status", sorted(set(STATUSES) - CLOSED_STATUSES))
def test_every_change_of_an_order_at_work_leads_somewhere(status, change):
    assert LIFE_CYCLE[change][status] in STATUSES


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("status", sorted(CLOSED_STATUSES))
def test_a_closed_order_never_changes(status, change):
    assert status not in LIFE_CYCLE[change]


def test_the_table_knows_no_other_status_or_change():
    assert set(LIFE_CYCLE) == set(CHANGES)
    assert {status for table in LIFE_CYCLE.values() for row in table.items() for status in row} == set(STATUSES)


def test_what_a_change_means_is_the_same_in_every_status():
    outcome = {"partial_fill": "partially_filled", "fill": "filled", "cancel": "cancelled"}
    for change, table in LIFE_CYCLE.items():
        for status, after in table.items():
            assert after == outcome.get(change, status)


def test_a_change_that_the_table_does_not_know_is_an_error_and_not_a_shrug():
    order = new_order(1, 1, 1, "SPY", BUY, 100, 5, "day", False, None, 0)
    order.change("cancel")
    assert order.is_closed
    with pytest.raises(KeyError):
        order.change("fill")
