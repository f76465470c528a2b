"""Roles of a scenario in the exchange's units."""

from msgspec import Struct

from openoutcry.domain.rulebook import RoleRules
from openoutcry.domain.types import MAX_INSTRUMENTS, MAX_QUANTITY, Money
from openoutcry.scenarios.model import Rate
from openoutcry.scenarios.rules import money_units
from openoutcry.scenarios.schema.bounds import MAX_RATE
from openoutcry.scenarios.schema.roles import RoleTable


class RoleNumbers(Struct, frozen=True):
    """A role's part of the rulebook, and its token bucket for orders."""

    rules: RoleRules
    orders: Rate


def own_numbers(fees: RoleTable | None) -> RoleNumbers:
    """A role of the exchange's own: with the fees of another one, without limits that it could reach, and without
    money of its own.
    """
    return RoleNumbers(
        rules=RoleRules(
            maker_fee=Money(0) if fees is None else money_units(fees.maker_fee),
            taker_fee=Money(0) if fees is None else money_units(fees.taker_fee),
            option_position_limit=MAX_QUANTITY,
            spot_position_limit=MAX_QUANTITY,
            total_option_exposure=MAX_QUANTITY * MAX_INSTRUMENTS,
            maximum_order_size=MAX_QUANTITY,
            maximum_open_orders=MAX_QUANTITY,
            may_quote=True,
            may_rest_both_sides=True,
            starting_cash=Money(0),
        ),
        orders=Rate(per_second=MAX_RATE, burst=MAX_RATE),
    )


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
