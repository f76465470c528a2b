"""Tables of the simulated market: what they become, what contradicts itself, and the shipped headlines."""

import msgspec
import pytest
from msgspec.structs import replace

from openoutcry.domain.day.news import NewsOdds
from openoutcry.domain.rulebook import FLOW_ROLE, HOUSE_ROLE
from openoutcry.domain.simulation.flow_rules import HouseRules, RetailRules, SimulatedFlow
from openoutcry.domain.simulation.headlines import Headline
from openoutcry.domain.simulation.world_rules import (
    ForecastRules,
    MarketRules,
    RegimeRules,
    TrackingRules,
    WorldRules,
)
from openoutcry.scenarios.differences import told_differences
from openoutcry.scenarios.loader import ScenarioError, load_scenario
from openoutcry.scenarios.model import hashed
from openoutcry.scenarios.schema.market import WorldTable
from openoutcry.scenarios.units import key_of

DAY = """\
name = "day"
title = "A day"
[registration]
open = true
[session]
date = 2024-03-14
[schedule]
[underlyings]
SPX = 4500
[chain]
[pricing]
"""
WORLD = "[world]\n"
EVERYTHING = WORLD + "[signals.volatility_forecast]\n[signals.tracking_error]\n[house]\n[retail_flow]\n"


@pytest.fixture
def load(tmp_path):
    """Loads the day with lines appended."""

    def load(append="", day=DAY):
        path = tmp_path / "day.toml"
        path.write_text(day + append, encoding="utf-8")
        return load_scenario(path)

    return load


@pytest.fixture
def problems(load):
    """What is told of the day with lines appended: place, key and text of each problem."""

    def problems(append="", day=DAY):
        with pytest.raises(ScenarioError) as refusal:
            load(append, day)
        return [line.partition("day.toml:")[2].split(": ", 2) for line in str(refusal.value).splitlines()]

    return problems


def test_without_a_world_prices_stand_still_and_nobody_trades_for_the_exchange(load):
    scenario = load()
    assert (scenario.market, scenario.flow) == (None, SimulatedFlow())
    assert not {HOUSE_ROLE, FLOW_ROLE} & scenario.rulebook.roles.keys()


def test_tables_without_keys_give_the_default_game_s_market(load):
    scenario = load(EVERYTHING)
    market = scenario.market
    assert replace(market, headlines=()) == MarketRules(forecast=ForecastRules(), tracking=TrackingRules())
    assert len(market.headlines) == 20
    assert scenario.flow == SimulatedFlow(house=HouseRules(), retail=RetailRules())


def test_a_world_alone_has_neither_signals_nor_flow(load):
    scenario = load(WORLD)
    assert (scenario.market.world, scenario.market.forecast, scenario.market.tracking) == (WorldRules(), None, None)
    assert scenario.flow == SimulatedFlow()


def test_every_number_of_the_world_is_a_key():
    fields = set(WorldRules.__struct_fields__) - {"year_seconds"}
    assert {key_of(field).name for field in fields} == set(WorldTable.__struct_fields__)


def test_a_year_has_the_seconds_of_its_sessions(load):
    day = DAY.replace("[schedule]", "[schedule]\nclose = 11:30:00").replace(
        "[pricing]", "[pricing]\nsessions_per_year = 365"
    )
    assert load(WORLD, day).market.world.year_seconds == 365 * 7_200


def test_numbers_reach_the_rules_in_their_units(load):
    scenario = load(
        '[world]\nstart = "low"\njump_percent = 0.75\n[world.high]\nvolatility_points = 65.5\n'
        "next_percent = [12.5, 87.5, 0]\n[signals.tracking_error]\ntrigger = 1.5\n[house]\npull_percent = 12.5\n"
        "news_width_percent = 300\n[retail_flow]\nspike_points = 2.5\nexpiries_percent = [60, 40]\n"
    )
    world = scenario.market.world
    assert (world.start, world.jump_ppm, world.low, world.medium) == (
        "low",
        7_500,
        WorldRules().low,
        WorldRules().medium,
    )
    assert world.high == RegimeRules(
        volatility_micro=655_000,
        stay_seconds=1_200,
        next_ppm=(125_000, 875_000, 0),
        forced_ppm=(50_000, 850_000, 100_000),
    )
    assert scenario.market.tracking == TrackingRules(trigger_milli=1_500)
    assert scenario.flow.house == HouseRules(pull_ppm=125_000, news_width_ppm=3_000_000)
    assert scenario.flow.retail == RetailRules(spike_micro=25_000, expiries_ppm=(600_000, 400_000))


def test_headlines_of_a_file_take_the_place_of_the_shipped_ones(load):
    scenario = load(
        WORLD + '[[headlines]]\ntext = "Up"\njump_sign = 1\nweight = 2\n[[headlines]]\ntext = "Down"\n'
        'category = "market"\njump_sign = -1\nodds = { regime_shift = 0, price_jump = 60, no_effect = 40 }\n'
    )
    assert scenario.market.headlines == (
        Headline(text="Up", category="general", jump_sign=1, weight=2),
        Headline(text="Down", category="market", odds=NewsOdds(0, 60, 40), jump_sign=-1),
    )


def test_a_world_can_be_without_news(load):
    assert load(day="headlines = []\n" + DAY, append=WORLD).market.headlines == ()


def test_shipped_headlines_shift_jump_and_do_nothing_in_40_30_and_30_of_100_cases(load):
    headlines = load(WORLD).market.headlines
    total = sum(line.weight for line in headlines)
    for effect, chance in (("regime_shift", 40), ("price_jump", 30), ("no_effect", 30)):
        assert sum(line.weight * getattr(line.odds, effect) for line in headlines) == chance * total
    assert sum(line.weight * line.jump_sign for line in headlines) == 0
    assert sum(line.weight * line.jump_sign * line.odds.price_jump for line in headlines) == 0
    assert len({line.text for line in headlines}) == len(headlines)
    assert {line.category for line in headlines} == {"central bank", "economy", "earnings", "geopolitics", "market"}


def test_own_teams_pay_fees_of_roles_and_have_no_limits_that_they_could_reach(load):
    roles = load(EVERYTHING + "[roles.retail]\ntaker_fee = 0.7\n[cash]\n").rulebook.roles
    house, flow = roles[HOUSE_ROLE], roles[FLOW_ROLE]
    assert (house.maker_fee, house.taker_fee) == (-2_500, 3_000)
    assert (flow.maker_fee, flow.taker_fee) == (1_000, 7_000)
    assert house.may_quote
    assert min(house.option_position_limit, flow.total_option_exposure, flow.maximum_open_orders) >= 1_000_000


def test_nobody_registers_for_a_role_of_the_exchange_s_own(load):
    assert not {HOUSE_ROLE, FLOW_ROLE} & set(load(EVERYTHING).registration.roles)


CONTRADICTIONS = [
    (
        WORLD + "[world.low]\nnext_percent = [0, 80, 10]",
        "14:1",
        "world.low.next_percent",
        "add up to 90 and not to 100",
    ),
    (WORLD + "[world.high]\nforced_percent = [5, 85.5, 10]", "14:1", "world.high.forced_percent", "add up to 100.5"),
    (WORLD + "[world.low]\nnext_percent = [20, 80, 0]", "14:17", "world.low.next_percent[1]", "write 0: stay_seconds"),
    (WORLD + "[world.low]\nnext_percent = [20, 80]", "14:1", "world.low.next_percent", "3 or more"),
    (WORLD + "start = 'calm'", "13:1", "world.start", "low, medium, high"),
    (WORLD + '[[headlines]]\ntext = "x"\nodds = { regime_shift = 50 }', "15:1", "headlines[1].odds", "add up to 110"),
    (
        WORLD + '[[headlines]]\ntext = "x"\njump_sign = 1\nweight = 2',
        "13:3",
        "headlines",
        "come to 60 for jump_sign = 1 and",
    ),
    (WORLD + '[[headlines]]\ntext = ""', "14:1", "headlines[1].text", "1 or more"),
    (WORLD + "[signals]", "13:2", "signals", "add [signals.volatility_forecast] or [signals.tracking_error]"),
    (
        WORLD + "[signals.tracking_error]\nrole = 'arbitrage'",
        "14:1",
        "signals.tracking_error.role",
        "'arbitrage_desk'?",
    ),
    (
        WORLD + "[signals.volatility_forecast]\nconfidence_least_percent = 90",
        "14:1",
        "signals.volatility_forecast.confidence_least_percent",
        "86 or less would do",
    ),
    (
        WORLD + "[signals.volatility_forecast]\nlead_most_seconds = 30",
        "13:10",
        "signals.volatility_forecast.lead_least_seconds",
        "is more than lead_most_seconds (30)",
    ),
    (WORLD + "[signals.tracking_error]\nconfidence_percent = 5", "13:10", None, "5 or less would do"),
    (WORLD + "[house]\npull_percent = 5", "14:1", "house.pull_percent", "10 or more would do"),
    (WORLD + "[house]\nspread = 2", "14:1", "house.spread", "no such key"),
    (WORLD + "[retail_flow]\nexpiries_percent = [80, 15]", "14:1", "retail_flow.expiries_percent", "add up to 95"),
    (WORLD + "[retail_flow]\naggressive_percent = 60", "13:2", "retail_flow.touch_percent", "40 or less would do"),
    ("volatility_percent = 30\n" + WORLD, "12:1", "pricing.volatility_percent", "does nothing beside [world]"),
    (WORLD + '[[instruments]]\nsymbol = "DAX"', "14:1", "instruments[1].symbol", "makes prices of SPX and SPY only"),
    (
        "[house]\n" + WORLD + "[registration.role_codes]\n[roles.market_maker]\nmaker_fee = -0.7",
        None,
        "roles.market_maker.maker_fee",
        "would be paid for trading with each other",
    ),
]


@pytest.mark.parametrize(("append", "place", "key", "text"), CONTRADICTIONS)
def test_a_contradiction_is_told_by_place_and_key_with_what_would_do(problems, append, place, key, text):
    told = problems(append)
    assert [found for found in told if place in (None, found[0]) and key in (None, found[1]) and text in found[2]], told


@pytest.mark.parametrize(
    ("append", "table"),
    [
        ("[house]", "house"),
        ("[retail_flow]", "retail_flow"),
        ("[signals.tracking_error]", "signals"),
        ('[[headlines]]\ntext = "x"', "headlines"),
    ],
)
def test_what_is_drawn_with_the_world_needs_one(problems, append, table):
    ((_, key, text),) = problems(append)
    assert key == table
    assert text.startswith("needs [world]: ")


@pytest.mark.parametrize("needed", ["schedule", "pricing"])
def test_a_world_needs_market_time_and_values(problems, needed):
    told = problems(WORLD, day=DAY.replace(f"[{needed}]\n", ""))
    assert [text for _, key, text in told if key == "world" and f"needs [{needed}]" in text]


def test_the_house_s_fees_count_where_no_team_may_choose_its_role(problems):
    day = DAY.replace("open = true", 'open = true\nroles = ["retail"]')
    append = "[roles.market_maker]\nmaker_fee = -0.7\n"
    assert [key for _, key, _ in problems("[world]\n[house]\n" + append, day)] == ["roles.market_maker.maker_fee"]


def test_roles_of_the_exchange_s_own_are_not_a_file_s(problems):
    keys = "maker_fee = 1\ntaker_fee = 1\noption_position_limit = 1\nspot_position_limit = 1\n"
    keys += "total_option_exposure = 1\nmaximum_order_size = 1\nmaximum_open_orders = 1\nmay_quote = false\n"
    keys += "may_rest_both_sides = true\nstarting_cash = 1\norders_per_second = 1\norders_burst = 1\n"
    assert [key for _, key, _ in problems(f"[roles.house_flow]\n{keys}")] == ["roles.house_flow"]


@pytest.mark.parametrize(
    ("append", "told"),
    [
        ("[world.low]\nvolatility_points = 11", "world.low.volatility_points was 10 and is 11 now"),
        ("[signals.tracking_error]\ntrigger = 1.5", "signals.tracking_error.trigger was 1 and is 1.5 now"),
        ("[house]\nquantity = 20", "house.quantity was 10 and is 20 now"),
        ("[retail_flow]\nbuy_percent = 55", "retail_flow.buy_percent was 50 and is 55 now"),
    ],
)
def test_a_difference_in_the_market_is_told_by_its_key_and_changes_the_hash(load, append, told):
    before, now = load(EVERYTHING), load(EVERYTHING.replace(append.partition("\n")[0] + "\n", "") + append)
    assert told_differences(before, now) == told
    assert before.hash != now.hash


def test_headlines_that_differ_are_told(load):
    text = WORLD + '[[headlines]]\ntext = "One"\n'
    assert told_differences(load(text), load(text.replace("One", "Two"))) == (
        "headlines[1] was {text = One, category = general, odds = {regime_shift = 40, price_jump = 30, no_effect = 30},"
        " jump_sign = 0, weight = 1} and is {text = Two, category = general,"
        " odds = {regime_shift = 40, price_jump = 30, no_effect = 30}, jump_sign = 0, weight = 1} now"
    )


def test_a_market_that_is_new_is_told_by_its_tables(load):
    assert told_differences(load(), load(EVERYTHING)) == (
        "[world] is new; [signals.volatility_forecast] is new; [signals.tracking_error] is new; [house] is new;"
        " [retail_flow] is new"
    )


def test_a_market_outlives_the_scenario_s_own_file(load):
    scenario = load(EVERYTHING)
    kept = msgspec.json.decode(msgspec.json.encode(scenario), type=type(scenario))
    assert hashed(kept) == scenario


@pytest.mark.parametrize(
    ("line", "by", "told"),
    [
        ("SPX = 4500", "SPX = 4600", "underlyings.SPX was 4500 and is 4600 now"),
        ("[pricing]", "[pricing]\nrate_percent = 1.5", "pricing.rate_percent was 0 and is 1.5 now"),
        ("[schedule]", "[schedule]\nclose = 14:59:00", "schedule.close was 15:00:00 and is 14:59:00 now"),
        ("[schedule]", "[schedule]\nopening = 09:31:00", "schedule.opening was 09:30:00 and is 09:31:00 now"),
        ("[session]", '[session]\ncalendar = "nyse"', "session.calendar was none and is XNYS now"),
    ],
)
def test_what_a_session_is_drawn_from_is_bound_by_the_hash(load, line, by, told):
    before, after = load(EVERYTHING), load(EVERYTHING, DAY.replace(line, by))
    assert told in told_differences(before, after)
    assert before.hash != after.hash


def test_speed_and_the_start_of_the_call_are_not_bound(load):
    faster = DAY.replace("[schedule]", "[schedule]\ncall = 09:29:00\nspeed = 30")
    one, other = load(EVERYTHING), load(EVERYTHING, faster)
    assert one.hash == other.hash
    assert told_differences(one, other) == ""
