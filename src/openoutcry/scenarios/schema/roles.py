"""What a role pays and may do, and the roles of the game."""

from decimal import Decimal
from typing import Annotated, Final

from msgspec import Meta, Struct

from openoutcry.domain.types import MAX_QUANTITY
from openoutcry.scenarios.rules import Amount, DecimalRange
from openoutcry.scenarios.schema.bounds import Burst, Limit, PerSecond
from openoutcry.scenarios.schema.duties import PortfolioDeltaTable, QuoteCoverageTable, SpxSpyBalanceTable

MAX_CASH: Final = 10**12
"""Largest starting cash, in currency."""
MAX_FEE: Final = 10_000
"""Largest fee or rebate per contract, in currency."""

Fee: Final = DecimalRange(-MAX_FEE, MAX_FEE)


class RoleTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a role pays and may do.

    The game's four roles always exist; in their tables, a key that is left out keeps the game's number. A role of
    another name needs every key. `[registration] roles` says which of all these a team may choose. A role has the
    duties whose tables it has, such as `[roles.hedge_fund.portfolio_delta]`.
    """

    maker_fee: Annotated[
        Amount, Fee, Meta(description="Per contract of a resting order that fills; > 0 is paid, < 0 is a rebate.")
    ]
    taker_fee: Annotated[Amount, Fee, Meta(description="Per contract of an incoming order that fills.")]
    option_position_limit: Annotated[
        Limit, Meta(description="Largest position in one option, long or short: contracts, working orders included.")
    ]
    spot_position_limit: Annotated[
        Limit,
        Meta(description="Largest position in one spot instrument, long or short: lots, working orders included."),
    ]
    total_option_exposure: Annotated[
        int, Meta(ge=0, le=10**9, description="Largest sum over all options of the worst case on either side.")
    ]
    maximum_order_size: Annotated[int, Meta(ge=1, le=MAX_QUANTITY, description="Largest quantity of one order.")]
    maximum_open_orders: Annotated[int, Meta(ge=1, le=100_000, description="Most open orders of one team.")]
    may_quote: Annotated[bool, Meta(description="Whether `PUT /quotes` is open to the role.")]
    may_rest_both_sides: Annotated[
        bool, Meta(description="Whether a team may have a bid and an ask in one instrument at once.")
    ]
    starting_cash: Annotated[Amount, DecimalRange(0, MAX_CASH), Meta(description="Cash of a new team, in currency.")]
    orders_per_second: Annotated[
        Amount, PerSecond, Meta(description="Orders, amends, quotes and batch items a second, over time.")
    ]
    orders_burst: Annotated[Burst, Meta(description="The same, in one burst.")]
    quote_coverage: QuoteCoverageTable | None = None
    portfolio_delta: PortfolioDeltaTable | None = None
    spx_spy_balance: SpxSpyBalanceTable | None = None


GAME_ROLES: Final[dict[str, RoleTable]] = {
    "market_maker": RoleTable(
        maker_fee=Decimal("-0.25"),
        taker_fee=Decimal("0.30"),
        option_position_limit=100,
        spot_position_limit=2_000,
        total_option_exposure=4_000,
        maximum_order_size=200,
        maximum_open_orders=400,
        may_quote=True,
        may_rest_both_sides=True,
        starting_cash=20_000_000,
        orders_per_second=100,
        orders_burst=200,
    ),
    "hedge_fund": RoleTable(
        maker_fee=Decimal("-0.10"),
        taker_fee=Decimal("0.50"),
        option_position_limit=150,
        spot_position_limit=5_000,
        total_option_exposure=500,
        maximum_order_size=300,
        maximum_open_orders=200,
        may_quote=False,
        may_rest_both_sides=False,
        starting_cash=20_000_000,
        orders_per_second=50,
        orders_burst=100,
    ),
    "arbitrage_desk": RoleTable(
        maker_fee=Decimal("-0.10"),
        taker_fee=Decimal("0.50"),
        option_position_limit=100,
        spot_position_limit=5_000,
        total_option_exposure=300,
        maximum_order_size=200,
        maximum_open_orders=200,
        may_quote=False,
        may_rest_both_sides=True,
        starting_cash=20_000_000,
        orders_per_second=75,
        orders_burst=150,
    ),
    "retail": RoleTable(
        maker_fee=Decimal("0.10"),
        taker_fee=Decimal("0.60"),
        option_position_limit=50,
        spot_position_limit=0,
        total_option_exposure=50,
        maximum_order_size=100,
        maximum_open_orders=20,
        may_quote=False,
        may_rest_both_sides=True,
        starting_cash=1_000_000,
        orders_per_second=10,
        orders_burst=20,
    ),
}
"""The roles of every scenario, and the numbers behind keys left out."""
