"""Checks of who may register, in which role, and that no trade may pay both of its sides."""

from collections.abc import Iterable, Mapping

from openoutcry.domain.rulebook import OWN_ROLES
from openoutcry.scenarios.listing import one_of, shortened, some_of
from openoutcry.scenarios.reading import Problem
from openoutcry.scenarios.schema.flow import HouseTable, RetailFlowTable
from openoutcry.scenarios.schema.registration import RegistrationTable
from openoutcry.scenarios.schema.roles import RoleTable


def who_may_register(table: RegistrationTable) -> Iterable[Problem]:
    ways = (table.open, table.join_code is not None)
    if all(ways) or not (any(ways) or table.role_codes):
        yield Problem(
            "registration",
            'say who may register: either open = true (anyone), or join_code = "..." (anyone with the code)',
        )


def roles_to_choose(table: RegistrationTable, roles: Mapping[str, RoleTable]) -> Iterable[Problem]:
    chosen = _chosen(table, roles)
    unknown = [role for role in chosen if role not in roles]
    for number, role in enumerate(chosen, start=1):
        if role not in roles:
            yield Problem(
                f"registration.roles[{number}]",
                f"{shortened(role)!r} is not a role of this scenario; {one_of(role, roles)}",
            )
    if table.default_role not in chosen and not unknown:
        yield Problem(
            "registration.default_role",
            f"{shortened(table.default_role)!r} is not a role that a team may choose; those are"
            f" {some_of(chosen) or 'none'}",
        )


def codes_of_roles(table: RegistrationTable, roles: Mapping[str, RoleTable]) -> Iterable[Problem]:
    chosen = [role for role in _chosen(table, roles) if role in roles]
    of_code = {} if table.join_code is None else {table.join_code: "of everybody (join_code)"}
    for role, code in table.role_codes.items():
        key = f"registration.role_codes.{shortened(role)}"
        if role not in chosen:
            yield Problem(key, f"is no role that a team may choose; {one_of(role, chosen)}")
        if code in of_code:
            yield Problem(key, f"is also the code {of_code[code]}; a code opens one role: give it another")
        of_code.setdefault(code, f"of {role}")
    if table.role_codes and not table.open and table.join_code is None:
        for role in chosen:
            if role not in table.role_codes:
                yield Problem(
                    "registration.role_codes",
                    f"nobody could register as {role}, which has no code; give it one, leave it out of roles, or open"
                    " registration to everybody else",
                )


def rebates_within_fees(
    table: RegistrationTable,
    roles: Mapping[str, RoleTable],
    house: HouseTable | None,
    retail_flow: RetailFlowTable | None,
) -> Iterable[Problem]:
    """Two teams that trade with each other must never earn from the exchange, whatever their roles.

    Checks the roles that a team may choose, and those whose fees the exchange's own teams pay.
    """
    paid = [*_chosen(table, roles), *["market_maker"] * (house is not None), *["retail"] * (retail_flow is not None)]
    fees = [(name, roles[name].maker_fee, roles[name].taker_fee) for name in paid if name in roles]
    if not fees:
        return
    maker_name, maker_fee, _ = min(fees, key=lambda role: role[1])
    taker_name, _, taker_fee = min(fees, key=lambda role: role[2])
    if maker_fee + taker_fee < 0:
        yield Problem(
            f"roles.{maker_name}.maker_fee",
            f"{maker_name} as maker ({maker_fee}) and {taker_name} as taker ({taker_fee}) would be paid"
            " for trading with each other; maker + taker must not be below 0 for any pair of roles:"
            f" a maker fee of {-taker_fee} or more is allowed, or leave one of the two out of [registration] roles",
        )


def roles_of_the_exchange_itself(roles: Mapping[str, RoleTable]) -> Iterable[Problem]:
    for name in sorted(OWN_ROLES & roles.keys()):
        yield Problem(f"roles.{name}", "is the name of a role of the exchange's own; choose another name")


def _chosen(table: RegistrationTable, roles: Mapping[str, RoleTable]) -> list[str]:
    return list(roles) if table.roles is None else table.roles
