"""What fills cost, by the numbers of the scenarios that ship."""

import pytest

from openoutcry.clearing.fees import fee
from openoutcry.scenarios.loader import load_scenario
from reference.workload import role

SEED = load_scenario("seed").rulebook.roles
GAME = load_scenario("demo").rulebook.roles


@pytest.mark.parametrize(
    ("roles", "name", "maker", "taker"),
    [
        (SEED, "market_maker", -200, 200),
        (SEED, "hedge_fund", -100, 200),
        (SEED, "arbitrage_desk", -100, 200),
        (SEED, "retail", 100, 300),
        (GAME, "market_maker", -2_500, 3_000),
        (GAME, "hedge_fund", -1_000, 5_000),
        (GAME, "arbitrage_desk", -1_000, 5_000),
        (GAME, "retail", 1_000, 6_000),
    ],
)
def test_fees_are_per_contract_and_by_role(roles, name, maker, taker):
    rules = roles[name]
    assert fee(rules, 10, is_taker=False, same_owner=False) == 10 * maker
    assert fee(rules, 10, is_taker=True, same_owner=False) == 10 * taker


def test_ten_contracts_cost_a_retail_taker_0_30_as_the_api_document_shows():
    assert fee(SEED["retail"], 10, is_taker=True, same_owner=False) == 3_000


@pytest.mark.parametrize("is_taker", [True, False])
def test_a_trade_within_one_owner_costs_the_taker_fee_on_both_sides(is_taker):
    assert fee(role(maker_fee=-200, taker_fee=300), 4, is_taker=is_taker, same_owner=True) == 1_200
