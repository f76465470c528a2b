"""Writes `docs/scenario-file.md` from the schema that reads scenario files (`make docs`); a test holds it to that."""

import datetime as dt
from pathlib import Path
from typing import Any, Literal, get_origin

import msgspec
from msgspec import Struct

from openoutcry.scenarios.rules import Amount
from openoutcry.scenarios.schema.annotations import inner_type, is_table, item_type, meaning
from openoutcry.scenarios.schema.duties import (
    PortfolioDeltaTable,
    ProtectionTable,
    QuoteCoverageTable,
    SanctionsTable,
    SpxSpyBalanceTable,
)
from openoutcry.scenarios.schema.file import ScenarioFile
from openoutcry.scenarios.schema.flow import HouseTable, RetailFlowTable
from openoutcry.scenarios.schema.instruments import (
    ChainExpiryTable,
    ChainTable,
    IndexTable,
    InstrumentTable,
    SettlementTable,
)
from openoutcry.scenarios.schema.market import (
    HeadlineTable,
    HighRegimeTable,
    LowRegimeTable,
    MediumRegimeTable,
    OddsTable,
    SignalsTable,
    TrackingErrorTable,
    VolatilityForecastTable,
    WorldTable,
)
from openoutcry.scenarios.schema.pricing import BandsTable, CashTable, PricingTable
from openoutcry.scenarios.schema.registration import RegistrationTable
from openoutcry.scenarios.schema.roles import GAME_ROLES, RoleTable
from openoutcry.scenarios.schema.scoring import LeaderboardTable, RoleScoringTable, ScoringTable
from openoutcry.scenarios.schema.service import ConnectionsTable, RateLimitsTable
from openoutcry.scenarios.schema.session import BreakerTable, CallsTable, MatchingTable, ScheduleTable, SessionTable
from openoutcry.scenarios.schema.surveillance import SurveillanceTable
from openoutcry.scenarios.schema.trading import HistoryTable, IdsTable, RulesTable

PAGE = Path(__file__).with_name("scenario-file.md")

INTRODUCTION = """\
# The scenario file

<!-- Made by `make docs` from src/openoutcry/scenarios/schema. -->

A scenario says what is traded, who may trade it, and by which rules. It is one TOML file; `openoutcry serve --scenario`
takes its path, or the name of one that comes with openoutcry (`openoutcry scenario list`). Begin with one of those, and
check yours. The check lists all mistakes at once, each with line and column. Where each table is right by itself, it
also lists what does not fit together between tables:

    openoutcry scenario new mine --from intern
    openoutcry scenario check mine.toml

Every number is a key of this file. A key that is left out has the default given here. Unknown keys are refused, so that
a typo does not become a default. Money is written in currency, to 0.0001. The smallest scenario:

```toml
name = "small"
title = "One instrument, open to everyone"

[registration]
open = true

[[instruments]]
symbol = "SPY"
```

A data directory belongs to one scenario: its instruments, `[chain]`, `[index]`, `[roles]`, `[rules]`, `[ids]`,
`[history]`, `opening_phase`, the rules of the trading day, the simulated market and how it is scored must not change
once a journal has been written under them. A start that finds them changed names the keys. The rest (dates, hours,
speed, prices at the start, pricing, registration, rates, connections) may change between two starts; but where there is
a `[world]`, only dates, the start of the call, speed, registration, rates and connections, since seeds are committed to
with all that a session is drawn from. [Making a scenario](making-a-scenario.md) is a guide for organisers.

Rules of the trading day are off until their table is there: `[breaker]` alone, without a key below it, switches the
circuit breaker on with the default numbers. The tables that work so are `[schedule]`, `[breaker]`, `[chain]`,
`[settlement]`, `[pricing]`, `[bands]`, `[cash]`, `[sanctions]`, `[world]`, `[signals.volatility_forecast]`,
`[signals.tracking_error]`, `[house]`, `[retail_flow]`, `[scoring]`, `[leaderboard]`, and the duties of a role.
"""

TABLES: list[tuple[str, type[Struct]]] = [
    ("[session]", SessionTable),
    ("[schedule]", ScheduleTable),
    ("[calls]", CallsTable),
    ("[breaker]", BreakerTable),
    ("[matching]", MatchingTable),
    ("[registration]", RegistrationTable),
    ("[[instruments]]", InstrumentTable),
    ("[index]", IndexTable),
    ("[chain]", ChainTable),
    ("[[chain.expiries]]", ChainExpiryTable),
    ("[settlement]", SettlementTable),
    ("[pricing]", PricingTable),
    ("[bands]", BandsTable),
    ("[cash]", CashTable),
    ("[world]", WorldTable),
    ("[world.low]", LowRegimeTable),
    ("[world.medium]", MediumRegimeTable),
    ("[world.high]", HighRegimeTable),
    ("[[headlines]]", HeadlineTable),
    ("[headlines.odds]", OddsTable),
    ("[signals]", SignalsTable),
    ("[signals.volatility_forecast]", VolatilityForecastTable),
    ("[signals.tracking_error]", TrackingErrorTable),
    ("[house]", HouseTable),
    ("[retail_flow]", RetailFlowTable),
    ("[roles.<name>]", RoleTable),
    ("[roles.<name>.quote_coverage]", QuoteCoverageTable),
    ("[roles.<name>.portfolio_delta]", PortfolioDeltaTable),
    ("[roles.<name>.spx_spy_balance]", SpxSpyBalanceTable),
    ("[sanctions]", SanctionsTable),
    ("[protection]", ProtectionTable),
    ("[scoring]", ScoringTable),
    ("[scoring.roles.<name>]", RoleScoringTable),
    ("[leaderboard]", LeaderboardTable),
    ("[surveillance]", SurveillanceTable),
    ("[rules]", RulesTable),
    ("[ids]", IdsTable),
    ("[history]", HistoryTable),
    ("[rate_limits]", RateLimitsTable),
    ("[connections]", ConnectionsTable),
]


def page() -> str:
    """The whole page as text."""
    sections = [INTRODUCTION, "## At the top\n\n" + _key_table(_keys(ScenarioFile))]
    for heading, table in TABLES:
        text = (table.__doc__ or "").strip().replace("\n    ", "\n")
        keys = _keys(table)
        sections.append(f"## `{heading}`\n\n{text}\n" + (f"\n{_key_table(keys)}" if keys else ""))
        if table is RoleTable:
            sections.append("The game's numbers:\n\n" + _game_roles())
    return "\n".join(sections)


def _keys(table: type[Struct]) -> list[Any]:
    """The keys of a table, without those that are tables with a section of their own."""
    sections = {table for _, table in TABLES}
    return [field for field in msgspec.structs.fields(table) if inner_type(field.type) not in sections]


def _key_table(fields: list[Any]) -> str:
    rows = ["| key | type | default | meaning |", "| --- | --- | --- | --- |"]
    rows += [
        f"| `{field.name}` | {_shown_type(field.type)} | {_default(field)} | {meaning(field.type)} |"
        for field in fields
    ]
    return "\n".join(rows) + "\n"


def _game_roles() -> str:
    rows = ["| key | " + " | ".join(f"`{name}`" for name in GAME_ROLES) + " |", "| --- |" + " --- |" * len(GAME_ROLES)]
    for field in (field.name for field in _keys(RoleTable)):
        values = (_shown(getattr(role, field)) for role in GAME_ROLES.values())
        rows.append(f"| `{field}` | " + " | ".join(values) + " |")
    return "\n".join(rows) + "\n"


def _default(field: Any) -> str:
    if field.name in RoleTable.__struct_fields__:
        return "the game's number"
    if field.name == "roles" and get_origin(inner_type(field.type)) is dict:
        return "the game's four"
    if field.name == "expiries":
        return "the game's three"
    if field.default is not msgspec.NODEFAULT:
        return "–" if field.default is None else f"`{_shown(field.default)}`"
    if field.default_factory is not msgspec.NODEFAULT:
        return "none"
    return "required"


def _shown_type(annotation: Any) -> str:
    kind, item = inner_type(annotation), item_type(annotation)
    if item is not None:
        of_table = get_origin(kind) is dict
        if is_table(item):
            return "tables"
        return ("table of " if of_table else "list of ") + ("text" if inner_type(item) is str else "numbers")
    if kind == Amount:
        return "number"
    if get_origin(kind) is Literal:
        return "text"
    return {str: "text", int: "whole number", bool: "true or false", dt.time: "time"}.get(kind, "date")


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_shown, value))}]"
    return str(value).lower() if isinstance(value, bool) else f"{value:_}" if isinstance(value, int) else str(value)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
