"""Roles of a scenario in the exchange's units, and the rule that no trade may pay both of its sides."""

from msgspec import Struct

from openoutcry.domain.rulebook import RoleRules
from openoutcry.domain.types import MONEY_UNITS
from openoutcry.scenarios.model import Rate
from openoutcry.scenarios.reading import KeyProblem
from openoutcry.scenarios.schema import MAX_CASH, MAX_FEE, MAX_RATE, RoleTable
from openoutcry.scenarios.units import to_money, to_number


class RoleNumbers(Struct, frozen=True):
    """A role's part of the rulebook, and its bucket of orders at the edge."""

    rules: RoleRules
    orders: Rate


def read_roles(tables: dict[str, RoleTable]) -> dict[str, RoleNumbers]:
    """The scenario's roles. Raises `KeyProblem`."""
    roles = {name: _read_role(f"roles.{name}", table) for name, table in tables.items()}
    _refuse_rebates_beyond_fees(roles)
    return roles


def _read_role(key: str, table: RoleTable) -> RoleNumbers:
    return RoleNumbers(
        rules=RoleRules(
            maker_fee=to_money(f"{key}.maker_fee", table.maker_fee, least=-MAX_FEE, most=MAX_FEE),
            taker_fee=to_money(f"{key}.taker_fee", table.taker_fee, least=-MAX_FEE, most=MAX_FEE),
            option_position_limit=table.option_position_limit,
            spot_position_limit=table.spot_position_limit,
            total_option_exposure=table.total_option_exposure,
            maximum_order_size=table.maximum_order_size,
            maximum_open_orders=table.maximum_open_orders,
            may_quote=table.may_quote,
            may_rest_both_sides=table.may_rest_both_sides,
            starting_cash=to_money(f"{key}.starting_cash", table.starting_cash, least=0, most=MAX_CASH),
        ),
        orders=Rate(
            per_second=to_number(f"{key}.orders_per_second", table.orders_per_second, above=0, most=MAX_RATE),
            burst=table.orders_burst,
        ),
    )


def _refuse_rebates_beyond_fees(roles: dict[str, RoleNumbers]) -> None:
    """Two teams that trade with each other must never earn from the exchange, whatever their roles."""
    maker_name, maker = min(roles.items(), key=lambda role: role[1].rules.maker_fee)
    taker_name, taker = min(roles.items(), key=lambda role: role[1].rules.taker_fee)
    maker_fee, taker_fee = maker.rules.maker_fee / MONEY_UNITS, taker.rules.taker_fee / MONEY_UNITS
    if maker.rules.maker_fee + taker.rules.taker_fee < 0:
        raise KeyProblem(
            f"roles.{maker_name}.maker_fee",
            f"{maker_name} as maker ({maker_fee}) and {taker_name} as taker ({taker_fee}) would be paid"
            " for trading with each other; maker + taker must not be below 0 for any pair of roles:"
            f" a maker fee of {-taker_fee} or more would do",
        )
