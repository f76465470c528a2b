"""Tables of a scenario file become rules of the day, in the venue's integers; a table that is there switches its rule
on.
"""

import datetime as dt

import pytest

from openoutcry.domain.day.game_rules import (
    BalanceRules,
    BandRules,
    BatchRules,
    BreakerRules,
    CashRules,
    CoverageRules,
    DayRules,
    DeltaRules,
    GameRules,
    ProtectionRules,
    RoleDuties,
    SanctionRules,
    SettlementRules,
)
from openoutcry.domain.simulation.flow_rules import HouseRules, RetailRules
from openoutcry.domain.simulation.world_rules import ForecastRules, TrackingRules
from openoutcry.scenarios.chain import ChainTemplate, ExpiryTemplate
from openoutcry.scenarios.loader import load_scenario
from openoutcry.scenarios.model import PricingNumbers, SessionPlan
from openoutcry.scenarios.schema.duties import (
    PortfolioDeltaTable,
    ProtectionTable,
    QuoteCoverageTable,
    SanctionsTable,
    SpxSpyBalanceTable,
)
from openoutcry.scenarios.schema.flow import HouseTable, RetailFlowTable
from openoutcry.scenarios.schema.instruments import SettlementTable
from openoutcry.scenarios.schema.market import TrackingErrorTable, VolatilityForecastTable
from openoutcry.scenarios.schema.pricing import BandsTable, CashTable
from openoutcry.scenarios.schema.session import BreakerTable
from openoutcry.scenarios.timetable import Hours
from openoutcry.scenarios.units import key_of, rules_of

DAY = """
name = "day"
title = "A day"

[registration]
open = true

[session]
date = 2024-03-14
calendar = "nyse"

[schedule]

[underlyings]
SPX = 4500

[chain]

[pricing]
"""

RULES = [
    (BreakerRules, BreakerTable),
    (SettlementRules, SettlementTable),
    (BandRules, BandsTable),
    (CashRules, CashTable),
    (CoverageRules, QuoteCoverageTable),
    (DeltaRules, PortfolioDeltaTable),
    (BalanceRules, SpxSpyBalanceTable),
    (SanctionRules, SanctionsTable),
    (ProtectionRules, ProtectionTable),
    (ForecastRules, VolatilityForecastTable),
    (TrackingRules, TrackingErrorTable),
    (HouseRules, HouseTable),
    (RetailRules, RetailFlowTable),
]


@pytest.fixture
def load(tmp_path):
    """Loads the day with lines appended."""

    def load(append=""):
        path = tmp_path / "day.toml"
        path.write_text(DAY + append, encoding="utf-8")
        return load_scenario(path)

    return load


@pytest.mark.parametrize(("rules", "table"), RULES)
def test_a_table_without_keys_gives_the_default_game_s_rule(rules, table):
    assert rules_of(rules, table()) == rules()


@pytest.mark.parametrize(("rules", "table"), RULES)
def test_every_number_of_a_rule_is_a_key_of_its_table(rules, table):
    beyond = {"halt_seconds"} if table is BreakerTable else set()
    assert {key_of(field).name for field in rules.__struct_fields__} | beyond == set(table.__struct_fields__)


def test_a_day_without_a_further_table_has_only_its_phases(load):
    scenario = load()
    assert scenario.rulebook.game == GameRules(day=DayRules(breaker=None), index_ratio={"SPX": 1, "SPY": 10})
    assert scenario.rulebook.opening_phase == "closed"
    assert scenario.session == SessionPlan()
    assert scenario.calendar == "XNYS"
    assert scenario.chain == ChainTemplate()
    assert scenario.pricing == PricingNumbers()
    assert scenario.instruments == ()


def test_empty_tables_switch_every_rule_on_with_the_default_game_s_numbers(load):
    game = load(
        "[breaker]\n[settlement]\n[bands]\n[cash]\n[sanctions]\n[protection]\nleast_move_percent = 20\n"
        "[matching]\nmode = 'batch'\n"
        "[roles.market_maker.quote_coverage]\n[roles.hedge_fund.portfolio_delta]\n"
        "[roles.arbitrage_desk.spx_spy_balance]\n"
    ).rulebook.game
    assert game == GameRules(
        day=DayRules(),
        batch=BatchRules(),
        settlement=SettlementRules(),
        band=BandRules(),
        roles={
            "market_maker": RoleDuties(coverage=CoverageRules()),
            "hedge_fund": RoleDuties(delta=DeltaRules()),
            "arbitrage_desk": RoleDuties(balance=BalanceRules()),
        },
        sanctions=SanctionRules(),
        cash=CashRules(),
        protection=ProtectionRules(least_move_ppm=200_000),
        index_ratio={"SPX": 1, "SPY": 10},
    )
    assert all(getattr(game, field) for field in GameRules.__struct_fields__), "a new rule is missing here"


def test_numbers_reach_the_venue_in_its_units(load):
    game = load(
        "[calls]\nopening_random_seconds = 0\nreopening_seconds = 60\nreopening_random_seconds = 1\n"
        "[breaker]\nmove_percent = 0.0001\nhalt_seconds = 7\n[bands]\nvolatility_points = 2.001\n"
        "[cash]\nspot_moves_percent = [-0.5, 12]\nvolatility_moves_points = [-0.0001]\n"
        "[roles.market_maker.quote_coverage]\nrequired_percent = 99.9999\n"
    ).rulebook.game
    assert game.day == DayRules(
        opening_random_seconds=0,
        halt_seconds=7,
        reopening_call_seconds=60,
        reopening_random_seconds=1,
        breaker=BreakerRules(move_ppm=1),
    )
    assert game.band == BandRules(volatility_millipoints=2_001)
    assert game.cash == CashRules(spot_moves_ppm=(-5_000, 120_000), volatility_moves_micro=(-1,))
    assert game.roles["market_maker"].coverage == CoverageRules(required_ppm=999_999)


def test_hours_speed_chain_and_pricing_are_those_of_the_file(load):
    scenario = load(
        "volatility_percent = 12.5\nrate_percent = -1\ngreeks_interval_seconds = 5\n"
        "[[chain.expiries]]\ndays = 1\nstrikes_percent = [-0.75, 0, 1]\n[calls]\nindicative_per_second = 2\n"
    )
    assert scenario.chain == ChainTemplate(expiries=(ExpiryTemplate(days=1, strikes_bp=(-75, 0, 100)),))
    assert scenario.pricing == PricingNumbers(volatility=0.125, rate=-0.01, greeks_interval_seconds=5)
    assert scenario.session == SessionPlan(indicative_per_second=2)
    assert scenario.session.hours == Hours(call=dt.time(9), opening=dt.time(9, 30), close=dt.time(15))


def test_roles_may_have_join_codes_of_their_own(tmp_path):
    path = tmp_path / "codes.toml"
    path.write_text(DAY.replace("open = true", 'open = true\nrole_codes = { market_maker = "mm" }'), encoding="utf-8")
    registration = load_scenario(path).registration
    assert (registration.join_code, registration.role_codes) == (None, {"market_maker": "mm"})


def test_the_hash_covers_the_chain_s_template_and_not_where_the_index_starts(load, tmp_path):
    plain = load().hash
    assert load("[[chain.expiries]]\ndays = 0\nstrikes_percent = [0]\n").hash != plain
    path = tmp_path / "elsewhere.toml"
    path.write_text(DAY.replace("4500", "5000"), encoding="utf-8")
    assert load_scenario(path).hash == plain
