"""What holds for every order and every role: self-trade prevention, ids, history."""

from typing import Annotated, Final

from msgspec import Meta, Struct

from openoutcry.domain.rulebook import SelfTradePrevention

MAX_KEPT: Final = 10**6
"""Most closed orders, and most fills, that are kept for a team."""

Kept = Annotated[int, Meta(ge=1, le=MAX_KEPT)]
FirstId = Annotated[int, Meta(ge=1, le=10**12)]


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
