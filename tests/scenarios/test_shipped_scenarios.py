"""The scenarios of the package agree with the game's rules."""

import datetime as dt
from pathlib import Path

import pytest
from msgspec.structs import replace

from openoutcry.domain.types import MAX_MULTIPLIER, MAX_QUANTITY
from openoutcry.scenarios.loader import load_scenario, shipped_scenarios
from openoutcry.scenarios.model import hashed

SHIPPED = Path(__file__).resolve().parents[2] / "src/openoutcry/scenarios/shipped"


@pytest.mark.parametrize("name", shipped_scenarios())
def test_every_shipped_scenario_loads_under_its_own_name(name):
    assert load_scenario(name).name == name


def test_the_usual_scenarios_ship():
    assert {"seed", "demo", "orderflow", "match"} <= set(shipped_scenarios())


def test_a_scenario_is_found_by_name_and_by_path_alike():
    assert load_scenario("seed") == load_scenario(SHIPPED / "seed.toml")


def test_intern_fast_is_the_default_game_in_a_hurry():
    intern, fast = load_scenario("intern"), load_scenario("intern_fast")
    in_a_hurry = replace(fast.session, speed=1, hours=replace(fast.session.hours, call=intern.session.hours.call))
    assert in_a_hurry == intern.session
    assert (fast.session.speed, fast.session.hours.call) == (30, dt.time(9, 29))
    pricing = replace(fast.pricing, greeks_interval_seconds=intern.pricing.greeks_interval_seconds)
    scoring = replace(fast.scoring, board=intern.scoring.board)
    slow = replace(fast, session=intern.session, pricing=pricing, scoring=scoring)
    assert hashed(replace(slow, name="intern", title=intern.title)) == intern


def test_seed_trades_the_two_options_of_the_document_from_the_start():
    seed = load_scenario("seed")
    assert seed.session_date == "2024-01-15"
    assert [instrument.instrument_id for instrument in seed.instruments] == [
        "SPX_CALL_4500_20240315",
        "SPX_PUT_4500_20240315",
    ]
    assert [instrument.tick_value for instrument in seed.instruments] == [10_000, 10_000]
    assert seed.rulebook.opening_phase == "continuous"
    assert seed.registration.join_code is None


def test_seed_gives_the_document_s_ids_to_an_order_that_meets_an_earlier_one():
    rulebook = load_scenario("seed").rulebook
    assert (rulebook.first_order_id + 1, rulebook.first_trade_id) == (67890, 11111)


def test_seed_charges_a_retail_taker_30_cents_for_10_contracts():
    seed = load_scenario("seed")
    assert seed.registration.default_role == "retail"
    assert 10 * seed.rulebook.roles["retail"].taker_fee == 3_000


def test_seed_has_the_fees_of_its_own_row():
    roles = load_scenario("seed").rulebook.roles
    assert {name: (role.maker_fee, role.taker_fee) for name, role in roles.items()} == {
        "market_maker": (-200, 200),
        "hedge_fund": (-100, 200),
        "arbitrage_desk": (-100, 200),
        "retail": (100, 300),
    }


def test_seed_refuses_the_document_s_order_of_100_by_position_and_not_by_size():
    market_maker = load_scenario("seed").rulebook.roles["market_maker"]
    assert market_maker.option_position_limit == 50
    assert market_maker.maximum_order_size >= 100


def test_seed_limits_no_rate_that_anyone_notices():
    limits = load_scenario("seed").rate_limits
    every_rate = [*limits.orders.values(), *limits.cancels.values(), limits.reads, limits.anonymous]
    assert min(rate.per_second for rate in every_rate) >= 100_000
    assert min(rate.burst for rate in every_rate) >= 100_000


def test_a_scenario_that_names_no_role_has_the_game_s_four():
    demo = load_scenario("demo")
    assert {
        name: (
            role.maker_fee,
            role.taker_fee,
            role.option_position_limit,
            role.total_option_exposure,
            role.spot_position_limit,
            role.maximum_order_size,
            role.maximum_open_orders,
            role.may_quote,
            role.may_rest_both_sides,
            role.starting_cash,
        )
        for name, role in demo.rulebook.roles.items()
    } == {
        "market_maker": (-2_500, 3_000, 100, 2_000, 2_000, 200, 400, True, True, 20_000_000_0000),
        "hedge_fund": (-1_000, 5_000, 150, 500, 5_000, 300, 200, False, False, 20_000_000_0000),
        "arbitrage_desk": (-1_000, 5_000, 100, 300, 5_000, 200, 200, False, True, 20_000_000_0000),
        "retail": (1_000, 6_000, 50, 50, 0, 100, 20, False, True, 1_000_000_0000),
    }
    assert {name: (rate.per_second, rate.burst) for name, rate in demo.rate_limits.orders.items()} == {
        "market_maker": (100.0, 200),
        "hedge_fund": (50.0, 100),
        "arbitrage_desk": (75.0, 150),
        "retail": (10.0, 20),
    }


def test_cancels_are_five_times_as_many_as_orders():
    limits = load_scenario("demo").rate_limits
    assert limits.cancels["retail"].per_second == 5 * limits.orders["retail"].per_second
    assert limits.cancels["retail"].burst == 5 * limits.orders["retail"].burst


@pytest.mark.parametrize("name", ["orderflow", "match"])
def test_scenarios_for_recorded_flow_have_room_and_no_fees(name):
    scenario = load_scenario(name)
    role = scenario.rulebook.roles[scenario.registration.default_role]
    assert scenario.rulebook.self_trade_prevention == "none"
    assert [instrument.tick_size for instrument in scenario.instruments] == [10_000, 10_000]
    assert (role.maker_fee, role.taker_fee) == (0, 0)
    assert role.maximum_order_size >= 10_000
    assert role.maximum_open_orders >= 965


@pytest.mark.parametrize("name", shipped_scenarios())
def test_no_shipped_number_leaves_the_exchange_s_bounds(name):
    scenario = load_scenario(name)
    assert all(instrument.multiplier <= MAX_MULTIPLIER for instrument in scenario.instruments)
    assert all(role.maximum_order_size <= MAX_QUANTITY for role in scenario.rulebook.roles.values())
