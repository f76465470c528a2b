"""Other matching engines, used as their documentation says. Each is optional."""

from collections.abc import Callable, Sequence
from datetime import datetime
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any, Final

from msgspec import Struct

from openoutcry.bench.engines.engine import Engine
from openoutcry.bench.engines.flow import Message


class Peer(Struct, frozen=True):
    """`make` gives a new, empty book. Call it only if the engine is installed."""

    name: str
    module: str
    distribution: str
    """The package to install, perhaps with an extra."""
    make: Callable[[], Engine]
    tells: str
    """The language of the engine, and what it reports of a message."""

    @property
    def is_installed(self) -> bool:
        return find_spec(self.module) is not None

    @property
    def title(self) -> str:
        return f"{self.name} {version(self.name)}"


class _Bourse:
    def __init__(self) -> None:
        from bourse.core import OrderBook  # noqa: PLC0415 - optional

        self._book = OrderBook(0, True)
        self._ids: list[int] = []

    def fills(self) -> int:
        return len(self._book.get_trades())

    def play(self, messages: Sequence[Message]) -> None:
        place, cancel, set_time, ids = self._book.place_order, self._book.cancel_order, self._book.set_time, self._ids
        for number, is_sell, price, quantity in messages:
            if quantity:
                # The engine's priority follows this time. Without it, its trades do not follow price and arrival.
                set_time(number)
                ids.append(place(not is_sell, quantity, 1, price))
            else:
                cancel(ids[number])


class _LightMatchingEngine:
    def __init__(self) -> None:
        from lightmatchingengine.lightmatchingengine import LightMatchingEngine  # noqa: PLC0415 - optional

        self._engine = LightMatchingEngine()
        self._ids: list[int] = []
        self._fills = 0

    def fills(self) -> int:
        return self._fills

    def play(self, messages: Sequence[Message]) -> None:
        add, cancel, ids = self._engine.add_order, self._engine.cancel_order, self._ids
        for number, is_sell, price, quantity in messages:
            if quantity:
                order, trades = add("BOOK", price, quantity, 2 if is_sell else 1)
                ids.append(order.order_id)
                if trades:
                    # One of the trades of each price is the incoming order's own.
                    self._fills += sum(trade.order_id != order.order_id for trade in trades)
            else:
                cancel(ids[number], "BOOK")


class _OrderMatching:
    def __init__(self) -> None:
        from loguru import logger  # noqa: PLC0415 - optional
        from order_matching.enums import Side  # noqa: PLC0415
        from order_matching.matching_engine import MatchingEngine  # noqa: PLC0415
        from order_matching.order import LimitOrder  # noqa: PLC0415
        from order_matching.orders import Orders  # noqa: PLC0415

        # The engine logs every order. A user who wants speed switches that off.
        logger.disable("order_matching")
        self._engine = MatchingEngine(seed=1)
        self._sides: Any = Side
        self._order: Any = LimitOrder
        self._orders: Any = Orders
        self._now = datetime(2024, 1, 15)  # noqa: DTZ001 - it compares with times that have no zone
        self._fills = 0

    def fills(self) -> int:
        return self._fills

    def play(self, messages: Sequence[Message]) -> None:
        engine, now = self._engine, self._now
        for number, is_sell, price, quantity in messages:
            if quantity:
                order = self._order(
                    side=self._sides.SELL if is_sell else self._sides.BUY,
                    price=float(price),
                    size=float(quantity),
                    timestamp=now,
                    order_id=str(number),
                    trader_id="x",
                )
                engine.place(self._orders([order]))
                self._fills += len(engine.match(timestamp=now).trades)
            else:
                engine.cancel_order(str(number))


PEERS: Final = (
    Peer(
        name="bourse",
        module="bourse",
        distribution="bourse",
        make=_Bourse,
        tells="Rust; returns an id, keeps its trades to be asked for",
    ),
    Peer(
        name="lightmatchingengine",
        module="lightmatchingengine",
        distribution="lightmatchingengine",
        make=_LightMatchingEngine,
        tells="Python; returns order and trades",
    ),
    Peer(
        name="order-matching",
        module="order_matching",
        distribution="'order-matching[polars]'",
        make=_OrderMatching,
        tells="Python; returns trades",
    ),
)
