"""`intern` is the default game, number by number."""

import datetime as dt

import pytest

from openoutcry.domain.day.game_rules import (
    BalanceRules,
    BandRules,
    BreakerRules,
    CashRules,
    CoverageRules,
    DayRules,
    DeltaRules,
    RoleDuties,
    SanctionRules,
    SettlementRules,
)
from openoutcry.domain.simulation.flow_rules import HouseRules, RetailRules
from openoutcry.domain.simulation.headlines import REGIMES
from openoutcry.domain.simulation.world_rules import ForecastRules, RegimeRules, TrackingRules, WorldRules
from openoutcry.domain.types import MONEY_UNITS, Money
from openoutcry.scenarios.calendar import calendar_of
from openoutcry.scenarios.chain import chain_of
from openoutcry.scenarios.loader import load_scenario
from openoutcry.scenarios.timetable import timetable

INTERN = load_scenario("intern")
GAME = INTERN.rulebook.game


def test_the_day_runs_from_nine_to_three_in_new_york_and_trades_for_19800_seconds():
    day = timetable(dt.date(2024, 3, 14), INTERN.session.hours, INTERN.time_zone, calendar_of(INTERN.calendar))
    assert (day.opening_at - day.call_at, day.close_at - day.opening_at) == (1_800, 19_800)
    assert (INTERN.calendar, INTERN.time_zone, INTERN.session_date) == ("XNYS", "America/New_York", None)
    assert (INTERN.session.speed, INTERN.session.start, INTERN.session.indicative_per_second) == (1, "hand", 4)
    assert INTERN.rulebook.opening_phase == "closed"
    assert GAME.batch is None


def test_calls_halts_and_breaker_have_their_times():
    assert GAME.day == DayRules(
        opening_random_seconds=30,
        halt_seconds=180,
        reopening_call_seconds=120,
        reopening_random_seconds=15,
        breaker=BreakerRules(
            underlying="SPX",
            move_ppm=12_500,
            window_seconds=300,
            most_halts=3,
            quiet_seconds=900,
        ),
    )


def test_spy_and_84_options_are_listed_around_4500():
    assert INTERN.underlyings == {"SPX": 4500.0, "SPY": 450.0}
    chain = chain_of(INTERN.chain, dt.date(2024, 3, 28), Money(4_500 * MONEY_UNITS), calendar_of(INTERN.calendar))
    assert len(chain) == 85
    assert chain[0].instrument_id == "SPY"
    assert {instrument.option.expiry for instrument in chain[1:]} == {"20240328", "20240404", "20240411"}
    assert {(instrument.tick_size, instrument.multiplier) for instrument in chain} == {(100, 100)}


def test_options_settle_against_30_prices_10_seconds_apart():
    assert GAME.settlement == SettlementRules(fixings=30, interval_seconds=10)


def test_values_come_with_252_sessions_a_year_and_without_interest():
    pricing = INTERN.pricing
    assert (pricing.rate, pricing.dividend, pricing.sessions_per_year) == (0.0, 0.0, 252)
    assert GAME.index_ratio == {"SPX": 1, "SPY": 10}


def test_bands_and_cash_check_have_their_widths_and_scenarios():
    assert GAME.band == BandRules(
        volatility_millipoints=3_000, spot_ppm=1_000, minimum_ticks=10, spot_instrument_ppm=2_500
    )
    assert GAME.cash == CashRules(
        interval_seconds=60,
        spot_moves_ppm=(-80_000, -40_000, 0, 40_000, 80_000),
        volatility_moves_micro=(-100_000, 0, 100_000),
        minimum_volatility_micro=50_000,
    )


@pytest.mark.parametrize(
    ("role", "fees", "limits", "may", "cash", "rate"),
    [
        ("market_maker", (-2_500, 3_000), (100, 4_000, 2_000, 200, 400), (True, True), 20_000_000, (100.0, 200)),
        ("hedge_fund", (-1_000, 5_000), (150, 500, 5_000, 300, 200), (False, False), 20_000_000, (50.0, 100)),
        ("arbitrage_desk", (-1_000, 5_000), (100, 300, 5_000, 200, 200), (False, True), 20_000_000, (75.0, 150)),
        ("retail", (1_000, 6_000), (50, 50, 0, 100, 20), (False, True), 1_000_000, (10.0, 20)),
    ],
)
def test_each_role_has_the_numbers_of_its_column(role, fees, limits, may, cash, rate):
    rules, orders = INTERN.rulebook.roles[role], INTERN.rate_limits.orders[role]
    assert (rules.maker_fee, rules.taker_fee) == fees
    assert limits == (
        rules.option_position_limit,
        rules.total_option_exposure,
        rules.spot_position_limit,
        rules.maximum_order_size,
        rules.maximum_open_orders,
    )
    assert (rules.may_quote, rules.may_rest_both_sides) == may
    assert rules.starting_cash == cash * MONEY_UNITS
    assert (orders.per_second, orders.burst) == rate
    assert INTERN.rate_limits.cancels[role].per_second == 5 * orders.per_second


def test_duties_and_sanctions_have_their_numbers():
    assert GAME.roles == {
        "market_maker": RoleDuties(
            coverage=CoverageRules(
                minimum_value_ticks=5,
                minimum_quantity=10,
                width_value_ppm=100_000,
                width_volatility_millipoints=2_000,
                width_minimum_ticks=4,
                width_spot_ppm=1_000,
                sample_seconds=5,
                window_seconds=300,
                required_ppm=800_000,
                judged_from_seconds=60,
                news_exempt_seconds=60,
                protection_exempt_seconds=30,
                protection_exempt_window_seconds=300,
            )
        ),
        "hedge_fund": RoleDuties(delta=DeltaRules(limit=50)),
        "arbitrage_desk": RoleDuties(balance=BalanceRules(tolerance_ppm=200_000, measured_from=5)),
    }
    assert GAME.sanctions == SanctionRules(breach_seconds=60, reduce_only_seconds=300, decay_seconds=1_800)


def test_self_trade_prevention_and_rates_are_those_of_the_game():
    limits = INTERN.rate_limits
    assert INTERN.rulebook.self_trade_prevention == "expire_taker"
    assert (limits.reads.per_second, limits.anonymous.per_second, limits.changed_side_tokens) == (100.0, 50.0, 0.05)


def test_regimes_have_their_volatility_their_stay_and_what_follows_them():
    assert {name: INTERN.market.world.of(name) for name in REGIMES} == {
        "low": RegimeRules(
            volatility_micro=100_000,
            stay_seconds=3_600,
            next_ppm=(0, 800_000, 200_000),
            forced_ppm=(0, 700_000, 300_000),
        ),
        "medium": RegimeRules(
            volatility_micro=200_000,
            stay_seconds=2_400,
            next_ppm=(330_000, 0, 670_000),
            forced_ppm=(100_000, 0, 900_000),
        ),
        "high": RegimeRules(
            volatility_micro=500_000,
            stay_seconds=1_200,
            next_ppm=(100_000, 900_000, 0),
            forced_ppm=(50_000, 850_000, 100_000),
        ),
    }


def test_the_world_has_its_news_its_jumps_its_tracker_and_its_variance():
    regimes = {name: INTERN.market.world.of(name) for name in REGIMES}
    assert INTERN.market.world == WorldRules(
        **regimes,
        start="medium",
        news_gap_least_seconds=300,
        news_gap_beyond_seconds=2_100,
        jump_ppm=5_000,
        jump_spread_ppm=300_000,
        tracker_deviation_ppm=400,
        tracker_half_life_seconds=600,
        level_noise_ppm=15_000,
        level_half_life_seconds=1_800,
        smile_seconds=1_800,
    )
    assert len(INTERN.market.headlines) == 20


def test_signals_go_to_hedge_funds_and_arbitrage_desks():
    assert INTERN.market.forecast == ForecastRules(
        role="hedge_fund",
        confidence_least_ppm=460_000,
        confidence_most_ppm=860_000,
        lead_least_seconds=60,
        lead_most_seconds=300,
        quiet_seconds=400,
        blur_ppm=300_000,
    )
    assert INTERN.market.tracking == TrackingRules(
        role="arbitrage_desk",
        ahead_seconds=2,
        trigger_milli=1_000,
        rearmed_ppm=333_333,
        confidence_ppm=660_000,
        confidence_slope_ppm=200_000,
        confidence_least_ppm=100_000,
    )


def test_the_house_quotes_and_retail_trades_by_their_numbers():
    assert INTERN.flow.house == HouseRules(
        width_volatility_millipoints=500,
        width_spot_ppm=100,
        width_minimum_ticks=2,
        quantity=10,
        spot_width_ticks=2,
        spot_quantity=2_000,
        pull_ppm=250_000,
        delay_milliseconds=200,
        comeback_seconds=5,
        spot_comeback_seconds=1,
        skew_contracts=200,
        spot_skew_lots=4_000,
        news_seconds=60,
        news_width_ppm=2_000_000,
        call_seconds=10,
    )
    assert INTERN.flow.retail == RetailRules(
        orders_per_minute=36,
        earliest_milliseconds=200,
        buy_ppm=500_000,
        call_ppm=600_000,
        out_of_the_money_ppm=700_000,
        expiries_ppm=(800_000, 150_000, 50_000),
        quantity_beyond=5,
        quantity_most=50,
        market_ppm=400_000,
        aggressive_ppm=300_000,
        touch_ppm=500_000,
        cancel_seconds=120,
        profit_ppm=200_000,
        profit_chance_ppm=150_000,
        panic_ppm=15_000,
        panic_chance_ppm=200_000,
        panic_times=3,
        momentum_seconds=60,
        momentum_chance_ppm=300_000,
        momentum_times=2,
        spike_micro=30_000,
        spike_seconds=300,
        spike_chance_ppm=250_000,
    )
