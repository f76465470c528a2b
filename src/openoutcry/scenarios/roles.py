"""Roles of a scenario in the exchange's units."""

from msgspec import Struct

from openoutcry.domain.rulebook import RoleRules
from openoutcry.scenarios.model import Rate
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
