"""Limits on the worst case: what is accepted cannot break them, and what only reduces is never refused by them."""

from itertools import product

from core_stage import order
from hypothesis import given
from hypothesis import strategies as st

from openoutcry.risk.limit_checks import check_position_limit, check_total_exposure
from openoutcry.risk.proposal import Proposal
from reference.workload import CALL, instrument, role

small = st.integers(0, 6)
OPTION = instrument(CALL)


def proposal(quantity, *, position=0, buys=0, sells=0, elsewhere=0, limit=1_000, total=1_000):
    """A buy of `quantity`; a sell looks the same from its own side."""
    return Proposal(
        command=order(1, "buy", quantity, 100),
        rules=role(option_position_limit=limit, total_option_exposure=total),
        suspended=False,
        phase="continuous",
        claim=None,
        claimed_ids=0,
        instrument=OPTION,
        halted=False,
        side=0,
        best_opposite_rank=None,
        signed_position=position,
        open_quantity=buys,
        opposite_quantity=sells,
        opposite_orders=0,
        open_orders=0,
        total_elsewhere=elsewhere,
        working_quantity=quantity,
    )


@given(quantity=small.map(lambda number: number + 1), position=st.integers(-6, 6), buys=small, sells=small, limit=small)
def test_no_fills_of_whatever_is_at_work_break_a_limit_that_was_kept_before(quantity, position, buys, sells, limit):
    kept_before = position + buys <= limit and position - sells >= -limit
    if not kept_before or check_position_limit(
        proposal(quantity, position=position, buys=buys, sells=sells, limit=limit)
    ):
        return
    for bought, sold in product(range(buys + quantity + 1), range(sells + 1)):
        assert abs(position + bought - sold) <= limit


@given(
    quantity=small.map(lambda number: number + 1),
    position=st.integers(-6, 6),
    buys=small,
    sells=small,
    elsewhere=small,
    total=st.integers(0, 12),
)
def test_no_fills_break_a_total_that_was_kept_before(quantity, position, buys, sells, elsewhere, total):
    def exposed(bought, sold, buys, sells):
        held = position + bought - sold
        return elsewhere + max(abs(held + buys - bought), abs(held - sells + sold))

    asked = proposal(quantity, position=position, buys=buys, sells=sells, elsewhere=elsewhere, total=total)
    if exposed(0, 0, buys, sells) > total or check_total_exposure(asked):
        return
    for bought, sold in product(range(buys + quantity + 1), range(sells + 1)):
        assert exposed(bought, sold, buys + quantity, sells) <= total


@given(position=st.integers(-9, -1), buys=small, quantity=st.integers(1, 9), sells=small)
def test_an_order_that_can_only_reduce_passes_even_where_a_limit_is_broken_already(position, buys, quantity, sells):
    asked = proposal(quantity, position=position, buys=buys, sells=sells, limit=0, total=0)
    only_reduces = position + buys + quantity <= 0
    assert (check_position_limit(asked) is None) == only_reduces
    assert (check_total_exposure(asked) is None) == only_reduces


def test_a_limit_can_be_used_to_the_last_contract():
    assert check_position_limit(proposal(4, position=3, buys=3, limit=10)) is None
    assert check_position_limit(proposal(5, position=3, buys=3, limit=10)) is not None
    assert check_position_limit(proposal(20, position=-10, limit=10)) is None
    assert check_position_limit(proposal(21, position=-10, limit=10)) is not None
    assert check_total_exposure(proposal(5, elsewhere=5, total=10)) is None
    assert check_total_exposure(proposal(6, elsewhere=5, total=10)) is not None
