"""Roles of a scenario in the exchange's units, and the rule that no trade may pay both of its sides."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from openoutcry.domain.rulebook import RoleRules
from openoutcry.scenarios.model import Rate
from openoutcry.scenarios.reading import Problem
from openoutcry.scenarios.rules import money_units
from openoutcry.scenarios.schema.roles import RoleTable


class RoleNumbers(Struct, frozen=True):
    """A role's part of the rulebook, and its token bucket for orders."""

    rules: RoleRules
    orders: Rate


def role_numbers(table: RoleTable) -> RoleNumbers:
    return RoleNumbers(
        rules=RoleRules(
            maker_fee=money_units(table.maker_fee),
            taker_fee=money_units(table.taker_fee),
            option_position_limit=table.option_position_limit,
            spot_position_limit=table.spot_position_limit,
            total_option_exposure=table.total_option_exposure,
            maximum_order_size=table.maximum_order_size,
            maximum_open_orders=table.maximum_open_orders,
            may_quote=table.may_quote,
            may_rest_both_sides=table.may_rest_both_sides,
            starting_cash=money_units(table.starting_cash),
        ),
        orders=Rate(per_second=float(table.orders_per_second), burst=table.orders_burst),
    )


def rebates_beyond_fees(roles: Mapping[str, RoleTable], chosen: Iterable[str]) -> Iterable[Problem]:
    """Two teams that trade with each other must never earn from the exchange, whatever their roles.

    Checks the roles that a team may choose.
    """
    fees = [(name, roles[name].maker_fee, roles[name].taker_fee) for name in chosen if name in roles]
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
