"""One trade, as scores and surveillance look at it."""

from msgspec import Struct

from openoutcry.domain.events import LiquidityType
from openoutcry.domain.types import MarketTime, Money, Sequence, TeamId, TradeId


class Trader(Struct, frozen=True, array_like=True):
    """One side of a trade. `row`: in the ledger; None for the exchange's own teams, which have no `owner`."""

    team_id: TeamId
    row: int | None
    owner: str | None
    liquidity: LiquidityType
    fees: Money


class Trade(Struct, frozen=True, array_like=True, gc=False):
    """Prices and marks in money units per unit of the underlying; `delta` in 1e-6.

    `mark`, `delta` and `index_price` (of the index on which the instrument rests) are those of the moment of the trade.
    What has no mark yet has the price for one, and no delta.
    """

    trade_id: TradeId
    sequence: Sequence
    """Of the command that made it."""
    market_time: MarketTime
    column: int
    price: Money
    quantity: int
    buyer: Trader
    seller: Trader
    mark: Money
    delta: int
    index_price: Money

    @property
    def is_within_owner(self) -> bool:
        return self.buyer.owner is not None and self.buyer.owner == self.seller.owner


class ValuedTrade(Struct, frozen=True, array_like=True):
    """`value`: what the trade was worth to the buyer, in money, a minute after it; to the seller as much less."""

    trade: Trade
    value: Money

    def value_to(self, row: int) -> int:
        """What it was worth to this participant; 0 if it had no part in it, or both."""
        return self.value * ((self.trade.buyer.row == row) - (self.trade.seller.row == row))
