"""The scenario file, key by key: allowed values, meanings and defaults.

Numbers with a fractional part are decimals, so that money in the file reaches the exchange exactly.
`make docs` writes every description to `docs/scenario-file.md`; a test compares the two.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Final

from msgspec import Meta, Struct

from openoutcry.domain.rulebook import OpeningPhase, SelfTradePrevention
from openoutcry.domain.types import MAX_MULTIPLIER, MAX_PRICE, MAX_QUANTITY
from openoutcry.scenarios.rules import (
    Amount,
    MoneyRange,
    NumberRange,
    TextRule,
    origin_problem,
    symbol_problem,
    time_zone_problem,
)

MAX_RATE: Final = 1_000_000
"""Highest rate, and largest burst, of a token bucket; a limit this high is never reached."""
MAX_CASH: Final = 10**12
"""Largest starting cash, in currency."""
MAX_FEE: Final = 10_000
"""Largest fee or rebate per contract, in currency."""

MAX_TICK_SIZE: Final = 10_000
"""Largest tick, in currency."""

MAX_KEPT: Final = 10**6
"""Most closed orders, and most fills, that are kept for a team."""

Name = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9_]{0,31}\Z",
        description="Short name: small letters, digits and `_`, a letter first, 32 characters at most.",
    ),
]
Limit = Annotated[int, Meta(ge=0, le=MAX_QUANTITY)]
Burst = Annotated[int, Meta(ge=1, le=MAX_RATE)]
Fee: Final = MoneyRange(-MAX_FEE, MAX_FEE)
PerSecond: Final = NumberRange(0, MAX_RATE)
Kept = Annotated[int, Meta(ge=1, le=MAX_KEPT)]
FirstId = Annotated[int, Meta(ge=1, le=10**12)]


class SessionTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the session takes place."""

    date: Annotated[
        dt.date | None, Meta(description="Date of the first session, such as 2024-01-15. Default: today.")
    ] = None
    time_zone: Annotated[str, TextRule(time_zone_problem), Meta(description="IANA time zone of the session date.")] = (
        "America/New_York"
    )
    opening_phase: Annotated[
        OpeningPhase, Meta(description="Phase at the very first start: `continuous` (trading) or `closed`.")
    ] = "continuous"


class RegistrationTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may register a team. Give exactly one of `open = true` and `join_code`."""

    open: Annotated[bool, Meta(description="Anyone may register.")] = False
    join_code: Annotated[
        Annotated[str, Meta(min_length=1, max_length=128)] | None,
        Meta(description="What a team must show to register."),
    ] = None
    roles: Annotated[
        list[str] | None,
        Meta(description="Roles that a team may choose. Default: all, the game's and those of `[roles]`."),
    ] = None
    default_role: Annotated[str, Meta(description="Role of a team that chooses none.")] = "retail"


class RulesTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rules that hold for every role."""

    self_trade_prevention: Annotated[
        SelfTradePrevention,
        Meta(
            description="What happens when orders of one owner meet: `none` (they trade), `expire_taker` (the incoming"
            " one ends), `expire_maker` (the waiting one ends), `expire_both` (both end)."
        ),
    ] = "expire_taker"


class IdsTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the id counters start."""

    first_order: Annotated[FirstId, Meta(description="Number of the first order id, `ORD_<n>`.")] = 1
    first_trade: Annotated[FirstId, Meta(description="Number of the first trade id, `TRD_<n>`.")] = 1


class HistoryTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of its past a team can ask for. The private stream always has all of it."""

    closed_orders: Annotated[
        Kept,
        Meta(
            description="Number of a team's newest closed orders that are kept, with their fills and client order ids."
        ),
    ] = 10_000
    fills: Annotated[Kept, Meta(description="Number of a team's newest fills that are kept.")] = 10_000


class InstrumentTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One instrument. Its symbol says what it is: `SPY` is spot, `SPX_CALL_4500_20240315` an option."""

    symbol: Annotated[
        str,
        TextRule(symbol_problem),
        Meta(description="`SPY`; or underlying, type, strike and expiry of an option."),
    ]
    tick_size: Annotated[
        Amount,
        MoneyRange(Decimal("0.0001"), MAX_TICK_SIZE),
        Meta(description="Currency between neighbouring prices; a multiple of 0.0001."),
    ] = Decimal("0.01")
    multiplier: Annotated[
        int, Meta(ge=1, le=MAX_MULTIPLIER, description="Units of the underlying in one contract or lot.")
    ] = 100


class RoleTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a role pays and may do.

    The game's four roles always exist; in their tables, a key that is left out keeps the game's number. A role of
    another name needs every key. `[registration] roles` says which of all these a team may choose.
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
    starting_cash: Annotated[Amount, MoneyRange(0, MAX_CASH), Meta(description="Cash of a new team, in currency.")]
    orders_per_second: Annotated[
        Amount, PerSecond, Meta(description="Orders, amends, quotes and batch items a second, over time.")
    ]
    orders_burst: Annotated[Burst, Meta(description="The same, in one burst.")]


class RateLimitsTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits on requests that do not depend on the role."""

    cancels_multiple: Annotated[
        int,
        Meta(ge=1, le=1_000, description="A team's rate of cancels, as a multiple of its rate of orders."),
    ] = 5
    reads_per_second: Annotated[Amount, PerSecond, Meta(description="A team's queries and validations a second.")] = 100
    reads_burst: Annotated[Burst, Meta(description="The same, in one burst.")] = 200
    anonymous_per_second: Annotated[
        Amount,
        PerSecond,
        Meta(
            description="Registrations, streams and reads (documents and metrics too) without a key that one address"
            " may make a second. Wrong organiser keys have a separate limit of the same size."
        ),
    ] = 50
    anonymous_burst: Annotated[Burst, Meta(description="The same, in one burst.")] = 100


class ConnectionsTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many connections there may be, and who may call from a browser."""

    per_team: Annotated[int, Meta(ge=1, le=1_000, description="WebSocket connections of one team at a time.")] = 4
    per_address: Annotated[
        int,
        Meta(
            ge=64,
            le=10_000,
            description="Connections of one address, HTTP and WebSocket. Beyond it, one without a key is closed.",
        ),
    ] = 2_500
    heartbeat_seconds: Annotated[
        Amount,
        NumberRange(0, 3_600),
        Meta(description="Seconds of silence after which the server sends a heartbeat."),
    ] = 5
    cors_origins: Annotated[
        list[Annotated[str, TextRule(origin_problem)]],
        Meta(description="Origins whose pages may call the exchange, such as `https://bots.example`; `*`: any."),
    ] = []


class ScenarioFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A scenario file."""

    name: Name
    title: Annotated[str, Meta(min_length=1, max_length=200, description="One line for people.")]
    session: SessionTable = SessionTable()
    registration: RegistrationTable
    rules: RulesTable = RulesTable()
    ids: IdsTable = IdsTable()
    history: HistoryTable = HistoryTable()
    instruments: Annotated[
        list[InstrumentTable],
        Meta(min_length=1, max_length=1_000, description="One table `[[instruments]]` for each instrument."),
    ]
    underlyings: Annotated[
        dict[str, Annotated[Amount, NumberRange(0, MAX_PRICE)]],
        Meta(description="Fixed prices of underlyings, in currency: `SPX = 4500`."),
    ] = {}
    roles: Annotated[
        dict[Name, RoleTable],
        Meta(
            min_length=1,
            max_length=50,
            description="One table `[roles.<name>]` for each role of your own, and for each of the game's to change.",
        ),
    ]
    rate_limits: RateLimitsTable = RateLimitsTable()
    connections: ConnectionsTable = ConnectionsTable()


GAME_ROLES: Final[dict[str, RoleTable]] = {
    "market_maker": RoleTable(
        maker_fee=Decimal("-0.25"),
        taker_fee=Decimal("0.30"),
        option_position_limit=100,
        spot_position_limit=2_000,
        total_option_exposure=2_000,
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
