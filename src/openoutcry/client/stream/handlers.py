"""Handlers by type of event. Events go to them in order, one event and one handler at a time."""

import inspect
import logging
import threading
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any, Final, TypeVar, overload

from openoutcry.client.events import (
    EVENT_TYPES,
    Disconnected,
    Event,
    EventType,
    StreamReset,
    is_about_the_connection,
)
from openoutcry.client.forks import let_go_when_forked
from openoutcry.client.stream.holding import Holding
from openoutcry.protocol.stream import (
    Announcement,
    AuctionIndicative,
    BookSnapshot,
    BookUpdate,
    DutyStatus,
    ExecutionReport,
    Greeks,
    InstrumentExpired,
    InstrumentListed,
    Leaderboard,
    NewOrderAck,
    News,
    OrderAmended,
    OrderCancelled,
    PositionUpdate,
    ProtectionTriggered,
    SessionStatus,
    Settlement,
    Signal,
    TopOfBook,
    Trade,
    TradeBusted,
    UnderlyingPrice,
    Welcome,
)

E = TypeVar("E")
Handler = Callable[[E], object]
"""A function that is called with the event. An awaitable result is awaited, any other is ignored."""

H = TypeVar("H", bound=Callable[..., object])

MAX_NAME: Final = 32
"""How many characters of an unknown type are compared with the known types."""

_log = logging.getLogger("openoutcry.client")


class Registry:
    """The handlers by type of event. It holds no reference to the client, which may be dropped before the stream."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self.holding = Holding()
        """How long handlers and unread iterators have held the stream up."""
        self._by_type: dict[str, tuple[Handler[Event], ...]] = {}
        self._of_all: tuple[Handler[Event], ...] = ()
        self._registering = threading.Lock()
        let_go_when_forked(self)

    def after_fork(self) -> None:
        self._registering = threading.Lock()

    def add(self, event_type: EventType, handler: Handler[Any]) -> None:
        with self._registering:
            self._by_type[event_type] = (*self._by_type.get(event_type, ()), handler)

    def add_for_all(self, handler: Handler[Any]) -> None:
        with self._registering:
            self._of_all = (*self._of_all, handler)

    async def call(self, event: Event) -> None:
        """Call every handler of the event. An exception of a handler is logged."""
        handlers = self._by_type.get(event.type, ())
        if not is_about_the_connection(event):
            handlers = (*handlers, *self._of_all)
        for handler in handlers:
            began = self._monotonic()
            try:
                result = handler(event)
                if inspect.isawaitable(result):
                    await result
            except Exception:  # noqa: BLE001 - whatever a bot's code may raise
                _log.exception("a handler of %s events failed; the stream goes on", event.type)
            self.holding.add(f"the handler {name_of(handler)} of {event.type}", self._monotonic() - began)


class Handlers:
    """Any thread may add handlers at any time. Each `on...` method also works as a decorator.

    If a handler raises, the traceback is logged and the stream goes on.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._registry = Registry(monotonic)

    @overload
    def on(self, event_type: EventType) -> Callable[[H], H]: ...

    @overload
    def on(self, event_type: EventType, handler: H) -> H: ...

    def on(self, event_type: EventType, handler: H | None = None) -> Callable[[H], H] | H:
        """Call `handler` with every event of this type: `on("trade", f)`, or `@api.on("trade")` above `f`.

        Raises `ValueError` for a type that this client does not know, `TypeError` for a handler that cannot be called.
        `on_message` also gets the events of a newer exchange.
        """
        _check_type(event_type)

        def register(handler: H) -> H:
            return self._register(event_type, handler)

        return register if handler is None else register(handler)

    def on_message(self, handler: H) -> H:
        """Call `handler` with every event except `heartbeat`, `ack` and `error`. Look at `event.type`."""
        _check_handler("on_message", handler)
        self._registry.add_for_all(handler)
        return handler

    def on_new_order_ack(self, handler: Handler[NewOrderAck]) -> Handler[NewOrderAck]:
        return self._register("new_order_ack", handler)

    def on_execution_report(self, handler: Handler[ExecutionReport]) -> Handler[ExecutionReport]:
        return self._register("execution_report", handler)

    def on_order_cancelled(self, handler: Handler[OrderCancelled]) -> Handler[OrderCancelled]:
        return self._register("order_cancelled", handler)

    def on_order_amended(self, handler: Handler[OrderAmended]) -> Handler[OrderAmended]:
        return self._register("order_amended", handler)

    def on_protection_triggered(self, handler: Handler[ProtectionTriggered]) -> Handler[ProtectionTriggered]:
        return self._register("protection_triggered", handler)

    def on_position_update(self, handler: Handler[PositionUpdate]) -> Handler[PositionUpdate]:
        return self._register("position_update", handler)

    def on_duty_status(self, handler: Handler[DutyStatus]) -> Handler[DutyStatus]:
        return self._register("duty_status", handler)

    def on_signal(self, handler: Handler[Signal]) -> Handler[Signal]:
        """Call `handler` with the signals of the team's role; which one it is tells `signal_type`."""
        return self._register("signal", handler)

    def on_book_snapshot(self, handler: Handler[BookSnapshot]) -> Handler[BookSnapshot]:
        return self._register("book_snapshot", handler)

    def on_book_update(self, handler: Handler[BookUpdate]) -> Handler[BookUpdate]:
        return self._register("book_update", handler)

    def on_top_of_book(self, handler: Handler[TopOfBook]) -> Handler[TopOfBook]:
        return self._register("top_of_book", handler)

    def on_auction_indicative(self, handler: Handler[AuctionIndicative]) -> Handler[AuctionIndicative]:
        return self._register("auction_indicative", handler)

    def on_trade(self, handler: Handler[Trade]) -> Handler[Trade]:
        return self._register("trade", handler)

    def on_trade_busted(self, handler: Handler[TradeBusted]) -> Handler[TradeBusted]:
        """Call `handler` when the organiser undoes a trade: of the team's own (`seq` is its place in the stream), or
        of a subscribed `trades` channel (`seq` is 0).
        """
        return self._register("trade_busted", handler)

    def on_session_status(self, handler: Handler[SessionStatus]) -> Handler[SessionStatus]:
        return self._register("session_status", handler)

    def on_instrument_listed(self, handler: Handler[InstrumentListed]) -> Handler[InstrumentListed]:
        return self._register("instrument_listed", handler)

    def on_news(self, handler: Handler[News]) -> Handler[News]:
        return self._register("news", handler)

    def on_announcement(self, handler: Handler[Announcement]) -> Handler[Announcement]:
        return self._register("announcement", handler)

    def on_underlying_price(self, handler: Handler[UnderlyingPrice]) -> Handler[UnderlyingPrice]:
        return self._register("underlying_price", handler)

    def on_greeks(self, handler: Handler[Greeks]) -> Handler[Greeks]:
        return self._register("greeks", handler)

    def on_leaderboard(self, handler: Handler[Leaderboard]) -> Handler[Leaderboard]:
        """Call `handler` with everybody's scores whenever the channel `leaderboard` shows them anew."""
        return self._register("leaderboard", handler)

    def on_instrument_expired(self, handler: Handler[InstrumentExpired]) -> Handler[InstrumentExpired]:
        return self._register("instrument_expired", handler)

    def on_settlement(self, handler: Handler[Settlement]) -> Handler[Settlement]:
        return self._register("settlement", handler)

    def on_welcome(self, handler: Handler[Welcome]) -> Handler[Welcome]:
        """Call `handler` after every connection and reconnection."""
        return self._register("welcome", handler)

    def on_stream_reset(self, handler: Handler[StreamReset]) -> Handler[StreamReset]:
        """Call `handler` when the exchange has lost events. The bot must take its state from the event's `welcome`."""
        return self._register("stream_reset", handler)

    def on_disconnected(self, handler: Handler[Disconnected]) -> Handler[Disconnected]:
        return self._register("disconnected", handler)

    def _register(self, event_type: EventType, handler: H) -> H:
        _check_handler(f"on_{event_type}", handler)
        self._registry.add(event_type, handler)
        return handler


def _check_type(event_type: Any) -> None:
    if event_type not in EVENT_TYPES:
        near = get_close_matches(str(event_type)[:MAX_NAME], EVENT_TYPES, n=1)
        meant = f"did you mean {near[0]!r}? " if near else ""
        raise ValueError(f"there is no event of type {event_type!r}: {meant}There are {', '.join(EVENT_TYPES)}")


def _check_handler(name: str, handler: Any) -> None:
    if not callable(handler):
        raise TypeError(
            f"{name} takes a function that is called with each event, and got {handler!r}:"
            f" write {name}(f), without brackets after f"
        )


def name_of(handler: Any) -> str:
    """The name of the handler in the bot's code. A lambda is named with its file and line."""
    name = str(getattr(handler, "__qualname__", type(handler).__qualname__))
    code = getattr(handler, "__code__", None)
    return f"{name} ({code.co_filename}:{code.co_firstlineno})" if "<lambda>" in name and code is not None else name
