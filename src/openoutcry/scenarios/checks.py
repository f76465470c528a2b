"""Checks across the tables of a scenario file, after each table has passed its schema."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from openoutcry.domain.instruments import parse_symbol
from openoutcry.scenarios.listing import some_of
from openoutcry.scenarios.reading import MAX_SHOWN, Problem
from openoutcry.scenarios.roles import rebates_beyond_fees
from openoutcry.scenarios.rules import Amount
from openoutcry.scenarios.schema.instruments import ChainTable, IndexTable, InstrumentTable
from openoutcry.scenarios.schema.registration import RegistrationTable
from openoutcry.scenarios.schema.roles import RoleTable
from openoutcry.scenarios.schema.session import SessionTable


def cross_checks(parts: dict[str, Any]) -> list[Problem]:
    """Every contradiction between `parts`, the valid parts of a file. Checks that need a missing part are left out."""
    return [
        problem
        for needed, check in _CHECKS
        if all(name in parts for name in needed)
        for problem in check(*(parts[name] for name in needed))
    ]


def _symbols_once(instruments: list[InstrumentTable]) -> Iterable[Problem]:
    seen: set[str] = set()
    for number, table in enumerate(instruments, start=1):
        if table.symbol in seen:
            yield Problem(f"instruments[{number}].symbol", f"{table.symbol} is listed twice; keep one of the two")
        seen.add(table.symbol)


def _expiries_ahead(instruments: list[InstrumentTable], session: SessionTable) -> Iterable[Problem]:
    if session.date is None:
        return
    for number, table in enumerate(instruments, start=1):
        _, option = parse_symbol(table.symbol)
        if option is not None and option.expiry < f"{session.date:%Y%m%d}":
            yield Problem(
                f"instruments[{number}].symbol",
                f"{table.symbol} expires before the session date {session.date}; list a later expiry,"
                " or move session.date",
            )


def _prices_of_underlyings(
    prices: dict[str, Amount], instruments: list[InstrumentTable], index: IndexTable, chain: ChainTable | None
) -> Iterable[Problem]:
    known = sorted({parse_symbol(table.symbol)[0] for table in instruments})
    if chain is not None:
        known += [index.symbol, index.tracker]
    for symbol in prices:
        if symbol not in known:
            yield Problem(f"underlyings.{symbol}", f"no instrument has this underlying; use one of {some_of(known)}")


def _who_may_register(table: RegistrationTable) -> Iterable[Problem]:
    ways = (table.open, table.join_code is not None)
    if all(ways) or not (any(ways) or table.role_codes):
        yield Problem(
            "registration",
            'say who may register: either open = true (anyone), or join_code = "..." (anyone with the code)',
        )


def _roles_to_choose(table: RegistrationTable, roles: dict[str, RoleTable]) -> Iterable[Problem]:
    chosen = list(roles) if table.roles is None else table.roles
    unknown = [role for role in chosen if role not in roles]
    for role in unknown:
        yield Problem(
            "registration.roles", f"{role[:MAX_SHOWN]!r} is not a role of this scenario; use one of {some_of(roles)}"
        )
    if table.default_role not in chosen and not unknown:
        yield Problem(
            "registration.default_role",
            f"{table.default_role!r} is not a role that a team may choose; those are {some_of(chosen) or 'none'}",
        )
    yield from rebates_beyond_fees(roles, chosen)


_CHECKS: Final[tuple[tuple[tuple[str, ...], Callable[..., Iterable[Problem]]], ...]] = (
    (("instruments",), _symbols_once),
    (("instruments", "session"), _expiries_ahead),
    (("underlyings", "instruments", "index", "chain"), _prices_of_underlyings),
    (("registration",), _who_may_register),
    (("registration", "roles"), _roles_to_choose),
)
