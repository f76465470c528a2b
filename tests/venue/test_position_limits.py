"""Limits on the worst case: accepted orders cannot break them, and orders that only reduce are never refused."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from openoutcry.domain.commands import Price
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.rulebook import HistoryLimits
from openoutcry.matching.order import new_order
from openoutcry.venue.checks.context import OrderContext
from openoutcry.venue.checks.limits import check_limits
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.team import Team
from reference.workload import CALL, instrument, role

small = st.integers(0, 6)
OPTION = instrument(CALL)


def refusal(quantity, *, position=0, buys=0, sells=0, elsewhere=0, limit=1_000, total=1_000):
    """Of a buy of `quantity`; a sell looks the same from its own side."""
    rules = role(option_position_limit=limit, total_option_exposure=total)
    team, market = Team(1, "one", "trader", rules, 1, b"", HistoryLimits()), Market(OPTION)
    market.follow("continuous")
    holding = team.holding(market)
    holding.position.quantity = position
    for side, at_work in ((BUY, buys), (SELL, sells)):
        resting = new_order(1, 1, 1, CALL, side, 100, at_work, "day", False, None, 0)
        team.work(holding, resting, at_work, 1)
    team.total_option_exposure += elsewhere
    context = OrderContext()
    context.side, context.quantity, context.price = "buy", quantity, Price(100)
    context.time_in_force, context.post_only, context.replaced = "day", False, None
    context.team, context.market = team, market
    return check_limits(context)


@given(quantity=small.map(lambda number: number + 1), position=st.integers(-6, 6), buys=small, sells=small, limit=small)
def test_no_fills_of_whatever_is_at_work_break_a_limit_that_was_kept_before(quantity, position, buys, sells, limit):
    kept_before = position + buys <= limit and position - sells >= -limit
    if not kept_before or refusal(quantity, position=position, buys=buys, sells=sells, limit=limit):
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

    refused = refusal(quantity, position=position, buys=buys, sells=sells, elsewhere=elsewhere, total=total)
    if exposed(0, 0, buys, sells) > total or refused:
        return
    for bought, sold in product(range(buys + quantity + 1), range(sells + 1)):
        assert exposed(bought, sold, buys + quantity, sells) <= total


@given(position=st.integers(-9, -1), buys=small, quantity=st.integers(1, 9), sells=small)
def test_an_order_that_can_only_reduce_passes_even_where_a_limit_is_broken_already(position, buys, quantity, sells):
    only_reduces = position + buys + quantity <= 0
    for broken in ({"limit": 0}, {"total": 0}):
        refused = refusal(quantity, position=position, buys=buys, sells=sells, **broken)
        assert (refused is None) == only_reduces


def test_a_limit_can_be_used_to_the_last_contract():
    assert refusal(4, position=3, buys=3, limit=10) is None
    assert refusal(5, position=3, buys=3, limit=10) is not None
    assert refusal(20, position=-10, limit=10) is None
    assert refusal(21, position=-10, limit=10) is not None
    assert refusal(5, elsewhere=5, total=10) is None
    assert refusal(6, elsewhere=5, total=10) is not None
