"""Query strings as types. Every field has a default."""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from openoutcry.domain.orders import SIDE_NAMES
from openoutcry.protocol.responses import MAX_ORDERS_SHOWN

DEFAULT_DEPTH: Final = 5
MAX_DEPTH: Final = 50
DEFAULT_TRADES: Final = 100
MAX_TRADES: Final = 1_000
DEFAULT_PAGE: Final = 100
MAX_PAGE: Final = MAX_ORDERS_SHOWN
MAX_TEAMS_PAGE: Final = 10
"""Teams in one answer to the organiser: of each the whole account is looked at, and orders wait meanwhile."""

OrderStatus = Literal["open", "closed"]

_ORDER_ID: Final = {"pattern": r"^ORD_[1-9][0-9]{0,17}$"}
_TEAM_ID: Final = {"pattern": r"^TEAM_[1-9][0-9]{0,17}$"}
_NEWS_ID: Final = {"pattern": r"^NEWS_[1-9][0-9]{0,17}$"}
_TRADE_ID: Final = {"pattern": r"^TRD_[1-9][0-9]{0,17}$"}


class MassCancelQuery(Struct, kw_only=True):
    """Which open orders are cancelled; by default all of them."""

    # As long as in a body: a command that is refused for its value is journaled.
    instrument_id: Annotated[str, Meta(max_length=64, description="Only orders in this instrument.")] | None = None
    side: (
        Annotated[
            str,
            Meta(
                max_length=64,
                description="Only orders on this side.",
                extra_json_schema={"enum": list(SIDE_NAMES)},
            ),
        ]
        | None
    ) = None


class OrdersQuery(Struct, kw_only=True):
    """A page of the team's orders."""

    status: Annotated[
        OrderStatus,
        Meta(
            description="`open` pages the open orders, `closed` the others.",
            extra_json_schema={"type": "string"},
        ),
    ] = "open"
    limit: (
        Annotated[
            int,
            Meta(
                ge=1,
                le=MAX_PAGE,
                description=f"Orders at most. Default: {MAX_PAGE} open ones, or {DEFAULT_PAGE} closed ones.",
            ),
        ]
        | None
    ) = None
    after: (
        Annotated[str, Meta(description="Only open orders with ids above this one.", extra_json_schema=_ORDER_ID)]
        | None
    ) = None
    before: (
        Annotated[str, Meta(description="Only closed orders with ids below this one.", extra_json_schema=_ORDER_ID)]
        | None
    ) = None


class FillsQuery(Struct, kw_only=True):
    """A page of the team's fills."""

    after: (
        Annotated[str, Meta(description="Only fills of trades after this one.", extra_json_schema=_TRADE_ID)] | None
    ) = None
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE, description="Fills at most.")] = DEFAULT_PAGE


class PnlQuery(Struct, kw_only=True):
    """Whose P&L is explained; by default that of all instruments together."""

    instrument_id: Annotated[str, Meta(max_length=64, description="Only that of this instrument.")] | None = None


class NewsQuery(Struct, kw_only=True):
    """A page of the news."""

    after: Annotated[str, Meta(description="Only news after this one.", extra_json_schema=_NEWS_ID)] | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE, description="News at most.")] = DEFAULT_PAGE


class UnderlyingPricesQuery(Struct, kw_only=True):
    """A page of the prices of an underlying."""

    after: (
        Annotated[
            str,
            Meta(
                description="Only prices after this `market_time`, written as in an answer.",
                examples=["2024-01-15T09:30:00-05:00"],
            ),
        ]
        | None
    ) = None
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE, description="Prices at most.")] = DEFAULT_PAGE


class DepthQuery(Struct, kw_only=True):
    depth: Annotated[int, Meta(ge=1, le=MAX_DEPTH, description="Price levels a side.")] = DEFAULT_DEPTH


class TradesQuery(Struct, kw_only=True):
    limit: Annotated[int, Meta(ge=1, le=MAX_TRADES, description="Trades at most.")] = DEFAULT_TRADES


class TeamsQuery(Struct, kw_only=True):
    """A page of the teams."""

    after: Annotated[str, Meta(description="Only teams after this one.", extra_json_schema=_TEAM_ID)] | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_TEAMS_PAGE, description="Teams at most.")] = MAX_TEAMS_PAGE


class ActionsQuery(Struct, kw_only=True):
    """A page of what the organisers did."""

    after: Annotated[int, Meta(ge=0, description="Only actions after the command of this sequence number.")] = 0
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE, description="Actions at most.")] = DEFAULT_PAGE
