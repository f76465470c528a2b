"""Checks across the tables of a scenario file, after each table has passed its schema."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from openoutcry.scenarios.checks import chain, duties, instruments, market, needs, registration, scoring, session
from openoutcry.scenarios.reading import Problem


def cross_checks(parts: dict[str, Any]) -> list[Problem]:
    """Every contradiction between `parts`, the valid parts of a file. Checks that need a missing part are left out."""
    return [
        problem
        for needed, check in CHECKS
        if all(name in parts for name in needed)
        for problem in check(*(parts[name] for name in needed))
    ]


CHECKS: Final[tuple[tuple[tuple[str, ...], Callable[..., Iterable[Problem]]], ...]] = (
    (("session", "schedule"), session.no_phase_beside_a_schedule),
    (("session",), session.on_a_trading_day),
    (("schedule",), session.hours_in_order),
    (("session", "schedule"), session.hours_across_a_change_of_clocks),
    (("schedule", "calls"), session.random_ends_within_calls),
    (("schedule", "breaker"), session.breaker_within_the_day),
    (("schedule", "settlement"), session.settlement_within_the_day),
    (("schedule", "matching"), session.batches_within_the_day),
    *(((table, needed), needs.check(table, needed)) for table, needed in needs.NEEDS),
    (("roles", "pricing"), needs.duties_need_marks),
    (("matching", "schedule"), needs.batches_need_market_time),
    (("index",), instruments.index_and_tracker),
    (("instruments",), instruments.symbols_once),
    (("instruments", "session"), instruments.expiries_ahead),
    (("instruments", "session", "schedule"), instruments.expiries_on_trading_days),
    (("instruments", "schedule"), instruments.strikes_on_the_grid),
    (("underlyings", "instruments", "index", "chain", "pricing"), instruments.prices_of_known_underlyings),
    (("underlyings", "index"), instruments.tracker_near_the_index),
    (("breaker", "instruments", "index", "chain", "pricing"), instruments.breaker_on_a_known_underlying),
    (("pricing", "underlyings", "instruments", "index"), instruments.starting_prices),
    (("chain", "underlyings", "index"), chain.starting_price),
    (("chain", "index"), chain.strikes_of_both_on_the_grid),
    (("chain", "underlyings", "index"), chain.strikes_apart),
    (("chain",), chain.expiries_once),
    (("chain", "instruments"), chain.number_of_instruments),
    (("chain", "instruments", "session", "underlyings", "index"), chain.nothing_listed_twice),
    (("registration",), registration.who_may_register),
    (("registration", "roles"), registration.roles_to_choose),
    (("registration", "roles"), registration.codes_of_roles),
    (("registration", "roles", "house", "retail_flow"), registration.rebates_within_fees),
    (("roles",), registration.roles_of_the_exchange_itself),
    (("roles",), duties.duties_that_can_be_met),
    (("roles", "instruments", "index", "chain"), duties.balance_of_two_underlyings),
    (("world",), market.chances_of_regimes),
    (("world", "instruments", "index"), market.prices_that_the_world_makes),
    (("world", "pricing"), market.volatility_comes_from_the_world),
    (("headlines",), market.odds_of_headlines),
    (("headlines",), market.jumps_in_balance),
    (("signals", "roles"), market.signals_for_roles),
    (("signals",), market.signals_from_least_to_most),
    (("house", "protection"), market.pulls_of_the_house),
    (("retail_flow",), market.shares_of_retail),
    (("scoring", "roles"), scoring.roles_that_exist),
    (("scoring", "roles", "world", "signals"), scoring.formulas_that_measure_something),
    (("leaderboard",), scoring.boards_kept_back),
)
"""Each check with the parts that it reads."""
