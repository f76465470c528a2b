"""From the tables of a file to the rules of the trading day. A table that is there switches its rule on."""

from collections.abc import Mapping
from typing import Final

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
from openoutcry.scenarios.schema.duties import ProtectionTable
from openoutcry.scenarios.schema.file import ScenarioFile
from openoutcry.scenarios.schema.roles import RoleTable
from openoutcry.scenarios.schema.session import BreakerTable, CallsTable
from openoutcry.scenarios.units import rules_of, rules_where_given

DUTIES: Final = {"coverage": "quote_coverage", "delta": "portfolio_delta", "balance": "spx_spy_balance"}
"""Tables of a role by the fields of its duties in the rules."""


def game_rules(file: ScenarioFile) -> GameRules:
    return GameRules(
        day=None if file.schedule is None else _day(file.calls or CallsTable(), file.breaker),
        batch=BatchRules(interval_seconds=file.matching.batch_interval_seconds)
        if file.matching.mode == "batch"
        else None,
        settlement=rules_where_given(SettlementRules, file.settlement),
        band=rules_where_given(BandRules, file.bands),
        roles=_duties(file.roles),
        sanctions=rules_where_given(SanctionRules, file.sanctions),
        cash=rules_where_given(CashRules, file.cash),
        protection=None if file.protection == ProtectionTable() else rules_of(ProtectionRules, file.protection),
        index_ratio={} if file.pricing is None else {file.index.symbol: 1, file.index.tracker: file.index.ratio},
    )


def _day(calls: CallsTable, breaker: BreakerTable | None) -> DayRules:
    return DayRules(
        opening_random_seconds=calls.opening_random_seconds,
        halt_seconds=(breaker or BreakerTable()).halt_seconds,
        reopening_call_seconds=calls.reopening_seconds,
        reopening_random_seconds=calls.reopening_random_seconds,
        breaker=rules_where_given(BreakerRules, breaker),
    )


def _duties(roles: Mapping[str, RoleTable]) -> dict[str, RoleDuties]:
    """Duties of the roles that have any."""
    duties = {
        name: RoleDuties(
            coverage=rules_where_given(CoverageRules, table.quote_coverage),
            delta=rules_where_given(DeltaRules, table.portfolio_delta),
            balance=rules_where_given(BalanceRules, table.spx_spy_balance),
        )
        for name, table in roles.items()
    }
    return {name: role for name, role in duties.items() if role != RoleDuties()}
