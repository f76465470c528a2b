"""Instruments, books, trades, the session, the exchange's health."""

from math import floor, isfinite

from msgspec import Struct

from openoutcry.domain.day.phases import Phase
from openoutcry.domain.instruments import InstrumentKind, InstrumentStatus, OptionType
from openoutcry.domain.orders import SideName
from openoutcry.protocol.price_grid import Rounding, price_on_grid


class InstrumentInfo(Struct, kw_only=True):
    """Reference data. `position_limits` and `maximum_order_sizes`: by role."""

    instrument_id: str
    kind: InstrumentKind
    underlying: str
    option_type: OptionType | None
    strike: float | None
    expiry: str | None
    tick_size: float
    multiplier: int
    halted: bool
    status: InstrumentStatus = "listed"
    settlement_price: float | None = None
    position_limits: dict[str, int]
    maximum_order_sizes: dict[str, int]

    def round_price(self, price: float, rounding: Rounding = "nearest") -> float:
        """The price on the tick grid that is nearest to this one, or the next one `down` or `up`; at least one tick.

        Exact: the result is always on the grid. Raises `ValueError` for a price that is not finite.
        """
        return price_on_grid(price, self.tick_size, rounding)

    def round_quantity(self, quantity: float) -> int:
        """`quantity` rounded down to whole contracts or lots. Raises `ValueError` for a quantity that is not finite."""
        if not isfinite(quantity):
            raise ValueError(f"quantity is {quantity}: it must be a finite number")
        return floor(quantity)


class InstrumentsData(Struct):
    instruments: list[InstrumentInfo]


class LevelInfo(Struct):
    price: float
    quantity: int


class OrderBookData(Struct, kw_only=True):
    """Depth aggregated by price, best first. `book_seq` is the book's own counter, as on its channel."""

    instrument_id: str
    bids: list[LevelInfo]
    asks: list[LevelInfo]
    book_seq: int

    def __repr__(self) -> str:
        return f"<OrderBookData {self.instrument_id}: {len(self.bids)} bids, {len(self.asks)} asks>"


class TradeInfo(Struct, kw_only=True):
    trade_id: str
    instrument_id: str
    price: float
    quantity: int
    aggressor_side: SideName | None
    timestamp: str


class TradesData(Struct):
    trades: list[TradeInfo]


class BustedData(Struct, kw_only=True):
    """The trade that was busted."""

    trade_id: str
    instrument_id: str
    price: float
    quantity: int


class MarketData(Struct, kw_only=True):
    """The session: date, phase, the market's clock, halted instruments.

    `next_phase` and `next_at` (also as `next_transition`) are null if phases change by hand. `starts_at`: when a
    planned session starts, in wall time.
    """

    session_date: str | None
    trading_session: int
    phase: Phase
    market_time: str
    speed: float
    next_phase: Phase | None
    next_at: str | None
    next_transition: str | None
    starts_at: str | None
    halted: list[str]
    instrument_phases: dict[str, Phase]
    underlyings: dict[str, float]


class HealthData(Struct, kw_only=True):
    """`status`: `ok`; `degraded`: passes by itself, unless projections failed; `stopped`: lasts until the exchange is
    restarted. `reason` says why.

    Journal lag: commands written but not yet synced to disk.
    """

    status: str
    reason: str | None
    version: str
    uptime_seconds: float
    sequence: int
    epoch: int
    journal_lag_commands: int
    failed_projections: dict[str, int] = {}
