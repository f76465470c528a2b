"""Differences between two scenarios that matter to a journal: instruments and rules, by the keys of the file."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import msgspec
from msgspec import Struct

from openoutcry.domain.rulebook import OWN_ROLES
from openoutcry.domain.simulation.headlines import REGIMES
from openoutcry.domain.simulation.world_rules import MarketRules
from openoutcry.domain.types import MONEY_UNITS
from openoutcry.scenarios.building.game import DUTIES
from openoutcry.scenarios.model import IndexNumbers, Scenario, drawn_from
from openoutcry.scenarios.units import key_of, shown

MOST_TOLD: Final = 10
"""Most differences that a text names; it gives the number of the others."""

_KEYS: Final = {
    "self_trade_prevention": "rules.self_trade_prevention",
    "opening_phase": "session.opening_phase",
    "first_order_id": "ids.first_order",
    "first_trade_id": "ids.first_trade",
}
"""Keys of the file whose names in the rulebook differ."""

_ELSEWHERE: Final = frozenset({*IndexNumbers.__struct_fields__, *REGIMES, "roles", "board", "surveillance"})
"""Fields of a chain's template that are keys of `[index]`, and those of a world and of scoring that are tables of their
own.
"""

_MONEY: Final = frozenset({"maker_fee", "taker_fee", "starting_cash", "tick_size", "strike_step"})


def told_differences(before: Scenario, now: Scenario) -> str:
    """All differences, in one line; "" if there are none."""
    told = list(_differences(before, now))
    if len(told) > MOST_TOLD:
        told[MOST_TOLD:] = [f"{len(told) - MOST_TOLD} more"]
    return "; ".join(told)


def _differences(before: Scenario, now: Scenario) -> Iterator[str]:
    before_by_id, now_by_id = (
        {str(instrument.instrument_id): instrument for instrument in scenario.instruments} for scenario in (before, now)
    )
    yield from _changes("instruments", before_by_id, now_by_id)
    if before_by_id == now_by_id and list(before_by_id) != list(now_by_id):
        yield "the order of [[instruments]]"
    old, new = (msgspec.structs.asdict(scenario.rulebook) for scenario in (before, now))
    for name in old:
        if name in _KEYS:
            yield from _change(_KEYS[name], name, old[name], new[name])
    # Roles of the exchange's own are not in the file: they come and go with other tables.
    old_roles, new_roles = (
        {name: rules for name, rules in roles.items() if name not in OWN_ROLES}
        for roles in (old["roles"], new["roles"])
    )
    yield from _changes("roles", old_roles, new_roles)
    yield from _changes_in("history", old["history"], new["history"])
    yield from _changes_of_tables(_tables_of_the_day(before), _tables_of_the_day(now))


def _tables_of_the_day(scenario: Scenario) -> dict[str, dict[str, str]]:
    """The tables that set rules of the day and the chain; each of their keys with its value as in the file."""
    game, day, batch = scenario.rulebook.game, scenario.rulebook.game.day, scenario.rulebook.game.batch
    market = scenario.market
    tables = {"matching": {"matching.mode": "continuous" if batch is None else "batch"}}
    if batch is not None:
        tables["matching"]["matching.batch_interval_seconds"] = str(batch.interval_seconds)
    if day is not None:
        tables["schedule"] = {
            "calls.opening_random_seconds": str(day.opening_random_seconds),
            "calls.reopening_seconds": str(day.reopening_call_seconds),
            "calls.reopening_random_seconds": str(day.reopening_random_seconds),
        }
    if day is not None and day.breaker is not None:
        tables["breaker"] = _keys("breaker", day.breaker) | {"breaker.halt_seconds": str(day.halt_seconds)}
    if game.index_ratio or scenario.chain is not None:
        index = scenario.index
        tables["index"] = {
            "index.symbol": index.index,
            "index.tracker": index.tracker,
            "index.ratio": str(index.ratio),
        }
    rules: dict[str, Struct | None] = {
        "chain": scenario.chain,
        "settlement": game.settlement,
        "bands": game.band,
        "cash": game.cash,
        "sanctions": game.sanctions,
        "protection": game.protection,
        "signals.volatility_forecast": market and market.forecast,
        "signals.tracking_error": market and market.tracking,
        "house": scenario.flow.house,
        "retail_flow": scenario.flow.retail,
    }
    scoring = scenario.scoring
    if scoring is not None:
        tables["scoring"] = _keys("scoring", scoring)
        rules |= {f"scoring.roles.{role}": each for role, each in scoring.roles.items()}
        rules["leaderboard"] = scoring.board
        rules["surveillance"] = scoring.surveillance
    for role, duties in game.roles.items():
        rules |= {f"roles.{role}.{table}": getattr(duties, field) for field, table in DUTIES.items()}
    if market is not None:
        tables["world"] = _keys_of_the_world(market) | drawn_from(scenario)
    return tables | {table: _keys(table, given) for table, given in rules.items() if given is not None}


def _keys_of_the_world(market: MarketRules) -> dict[str, str]:
    keys = _keys("world", market.world)
    for name in REGIMES:
        keys |= _keys(f"world.{name}", market.world.of(name))
    return keys | {
        f"headlines[{number}]": _shown("", headline) for number, headline in enumerate(market.headlines, start=1)
    }


def _keys(table: str, rules: Struct) -> dict[str, str]:
    values = {field: getattr(rules, field) for field in rules.__struct_fields__ if field not in _ELSEWHERE}
    return {f"{table}.{key_of(field).name}": _shown(field, value) for field, value in values.items()}


def _changes_of_tables(before: dict[str, dict[str, str]], now: dict[str, dict[str, str]]) -> Iterator[str]:
    yield from (f"[{table}] is gone" for table in before if table not in now)
    yield from (f"[{table}] is new" for table in now if table not in before)
    for table in [table for table in before if table in now]:
        for key in before[table] | now[table]:
            yield from _change(key, "", before[table].get(key, "none"), now[table].get(key, "none"))


def _changes(table: str, before: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    """For tables by name: which ones are gone, which are new, and what has changed in the others."""
    gone, new = ([name for name in one if name not in other] for one, other in ((before, now), (now, before)))
    yield from (f"{table}.{name} is gone" for name in gone)
    yield from (f"{table}.{name} is new" for name in new)
    for name, was in before.items():
        if name in now:
            yield from _changes_in(f"{table}.{name}", was, now[name])


def _changes_in(table: str, before: Struct, now: Struct) -> Iterator[str]:
    for field in before.__struct_fields__:
        yield from _change(f"{table}.{field}", field, getattr(before, field), getattr(now, field))


def _change(key: str, field: str, before: Any, now: Any) -> Iterator[str]:
    if before != now:
        yield f"{key} was {_shown(field, before)} and is {_shown(field, now)} now"


def _shown(field: str, value: Any) -> str:
    return f"{Decimal(value) / MONEY_UNITS:f}" if field in _MONEY else shown(field, value)
