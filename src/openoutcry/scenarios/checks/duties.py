"""Checks that a role can meet its duties."""

from collections.abc import Iterable, Mapping

from openoutcry.domain.instruments import parse_symbol
from openoutcry.scenarios.reading import Problem
from openoutcry.scenarios.schema.duties import QuoteCoverageTable
from openoutcry.scenarios.schema.instruments import ChainTable, IndexTable, InstrumentTable
from openoutcry.scenarios.schema.roles import RoleTable


def duties_that_can_be_met(roles: Mapping[str, RoleTable]) -> Iterable[Problem]:
    for name, role in roles.items():
        if role.quote_coverage is not None:
            path = f"roles.{name}.quote_coverage"
            if not role.may_rest_both_sides:
                yield Problem(
                    path,
                    f"{name} may not have a bid and an ask in one instrument, which the duty asks for; set"
                    " may_rest_both_sides = true, or leave the duty out",
                )
            if role.quote_coverage.minimum_quantity > role.maximum_order_size:
                yield Problem(
                    f"{path}.minimum_quantity",
                    f"{role.quote_coverage.minimum_quantity} is more than maximum_order_size of {name};"
                    f" {role.maximum_order_size} or less would do",
                )
            yield from _times_within_times(path, role.quote_coverage)


def _times_within_times(path: str, coverage: QuoteCoverageTable) -> Iterable[Problem]:
    for shorter, longer in (
        ("sample_seconds", "window_seconds"),
        ("judged_from_seconds", "window_seconds"),
        ("protection_exempt_seconds", "protection_exempt_window_seconds"),
    ):
        most = getattr(coverage, longer)
        if getattr(coverage, shorter) > most:
            yield Problem(f"{path}.{shorter}", f"is longer than {longer} ({most}); {most} or less would do")


def balance_of_two_underlyings(
    roles: Mapping[str, RoleTable], instruments: list[InstrumentTable], index: IndexTable, chain: ChainTable | None
) -> Iterable[Problem]:
    traded = {parse_symbol(table.symbol)[0] for table in instruments}
    if chain is not None or {index.symbol, index.tracker} <= traded:
        return
    for name, role in roles.items():
        if role.spx_spy_balance is not None:
            yield Problem(
                f"roles.{name}.spx_spy_balance",
                f"is a balance between {index.symbol} and {index.tracker}, and this scenario does not trade both;"
                " list some, or leave the duty out",
            )
