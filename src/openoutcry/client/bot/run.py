"""A bot's life on its line: one handler at a time, the state it sees, and what becomes of what it asks."""

import asyncio
import inspect
import logging
import traceback
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Iterable
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from openoutcry.client.bot.books import Books, Positions
from openoutcry.client.bot.handlers import OF_MESSAGES
from openoutcry.client.bot.line import Line, Question, Standing, TimerHandle, Verdict
from openoutcry.client.bot.orders import Orders
from openoutcry.client.bot.refusal import Refusal
from openoutcry.client.bot.sending import Sending
from openoutcry.client.events import Event, StreamReset
from openoutcry.client.stream.books import LocalBook
from openoutcry.domain.day.phases import Phase
from openoutcry.protocol.responses import AccountInfo, InstrumentInfo, MarketData
from openoutcry.protocol.stream import (
    BookSnapshot,
    BookUpdate,
    ExecutionReport,
    Greeks,
    InstrumentExpired,
    InstrumentListed,
    NewOrderAck,
    OrderAmended,
    OrderCancelled,
    PositionUpdate,
    SessionStatus,
    TopOfBook,
    UnderlyingPrice,
    Welcome,
)

if TYPE_CHECKING:
    from openoutcry.client.bot.bot import Bot

REFUSALS_TOLD: Final = 20
"""How many refusals are logged of a bot that has no `on_refused`."""
FAILURES_TOLD: Final = 10
"""How many failures of handlers are logged, and kept, with their traceback."""


class Counts(Struct):
    """What a bot has done."""

    messages: int = 0
    asked: int = 0
    fills: int = 0
    contracts: int = 0
    refusals: Counter[str] = field(default_factory=Counter[str])
    """By code."""
    failures: int = 0
    """How often a handler raised."""
    tracebacks: list[str] = []
    """Of the first failures."""


class Run:
    """State and dispatch of one bot. Made by whoever runs the bot, for one life of it.

    Messages, timers and refusals reach the bot one at a time, in order. While an `async` handler waits, those that come
    wait too; verdicts reach their handles at once.
    """

    def __init__(self, bot: "Bot", line: Line, rng: Random, log: logging.Logger) -> None:
        self.bot = bot
        self.line = line
        self.rng = rng
        self.log = log
        self.handled = handled = bot.handled
        self.counts = Counts()
        self.stop_reason: str | None = None
        """Why the bot is to end; None while it is to go on."""
        self.on_stop_asked: Callable[[], None] = lambda: None
        """Called when the bot asks to end, or has failed."""
        self.is_running = False
        self.doing: str | None = None
        """The handler that runs."""
        # ---- what the bot sees
        self.account: AccountInfo
        self.team_id = ""
        self.instruments: dict[str, InstrumentInfo] = {}
        self.orders = Orders()
        self.positions = Positions()
        self.books = Books(self.instruments)
        self.tops: dict[str, TopOfBook] = {}
        self.greeks: dict[str, Greeks] = {}
        self.underlyings: dict[str, float] = {}
        self.phase: Phase = "closed"
        self.market_time_text: str | None = None
        self.speed = 1.0
        self.cash = 0.0
        self.fees_paid = 0.0
        # ---- how it is told
        self._waiting: deque[Callable[[], object]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._timers: set[TimerHandle] = set()
        self._see: Final[dict[type, Callable[[Any], None]]] = {
            NewOrderAck: self.orders.acknowledged,
            OrderAmended: self.orders.amended,
            ExecutionReport: self._executed,
            OrderCancelled: self.orders.cancelled,
            PositionUpdate: self._position,
            TopOfBook: self._top,
            Greeks: self._greeks,
            UnderlyingPrice: self._underlying,
            SessionStatus: self._session,
            InstrumentListed: self._listed,
            InstrumentExpired: self._expired,
            Welcome: self._welcome,
            StreamReset: self._reset,
        }
        if "on_book" in handled.names:
            self._see[BookSnapshot] = self._see[BookUpdate] = self._book
        self._handlers: Final[dict[str, Callable[[Any], object]]] = {
            kind: getattr(bot, name) for name, kind in OF_MESSAGES.items() if name in handled.names
        }
        self._of_others: Final[Callable[[Any], object] | None] = bot.on_event if "on_event" in handled.names else None
        self._changed_book: LocalBook | None = None
        self.sending: Sending
        bot.begin(self)

    # ---- its life

    def begin(self, standing: Standing) -> None:
        """Take over how things stand, and call `on_start`."""
        self.team_id, self.account = standing.team_id, standing.account
        self.instruments.update((each.instrument_id, each) for each in standing.instruments)
        self.positions.update(standing.positions)
        self.orders.begin(standing.orders)
        market = standing.market
        self.phase, self.speed, self.market_time_text = market.phase, market.speed, market.market_time
        self.underlyings.update(market.underlyings)
        self.cash, self.fees_paid = standing.account.cash, standing.account.fees_paid
        self.sending = Sending(self, standing.account.rates)
        self.is_running = True
        self.line.subscribe(self.handled.channels)
        self.tell("on_start", self.bot.on_start)

    def refresh(self, market: MarketData, instruments: Iterable[InstrumentInfo]) -> None:
        """Take over reference data after messages may have been missed."""
        known = {each.instrument_id: each for each in instruments}
        for instrument_id in self.instruments.keys() - known.keys():
            self._forget(instrument_id)
        self.instruments.update(known)
        self.phase, self.speed, self.market_time_text = market.phase, market.speed, market.market_time
        self.underlyings.update(market.underlyings)

    async def end(self) -> None:
        """Call `on_stop` once the handler that runs is done, and cancel all orders. The bot is told nothing more."""
        if not self.is_running:
            return
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self.tell("on_stop", self.bot.on_stop)
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
        self.is_running = False
        await self.sending.cancel_everything().verdict()

    def stop(self, reason: str) -> None:
        """Have whoever runs the bot end it soon."""
        if self.stop_reason is None:
            self.stop_reason = reason
            self.on_stop_asked()

    # ---- what the bot is told

    def receive(self, message: Event) -> asyncio.Task[None] | None:
        """Take in one message and tell the bot. Returns the task of a handler that waits, for who can hold back."""
        if self._task is None and not self._waiting:
            self._deliver(message)
        else:
            self._waiting.append(lambda: self._deliver(message))
        return self._task

    def tell(self, name: str, handler: Callable[..., object], *arguments: object) -> None:
        """Call a handler of the bot, after what waits."""
        if self._task is None and not self._waiting:
            self._call(name, handler, *arguments)
        else:
            self._waiting.append(lambda: self._call(name, handler, *arguments))

    def call_later(self, seconds: float, callback: Callable[[], None]) -> TimerHandle:
        """Call `callback` after so many seconds of wall time, unless the bot has ended."""

        def ring() -> None:
            self._timers.discard(timer)
            if self.is_running:
                callback()

        timer = self.line.call_later(seconds, ring)
        self._timers.add(timer)
        return timer

    def _deliver(self, message: Event) -> None:
        self.counts.messages += 1
        see = self._see.get(type(message))
        if see is not None:
            see(message)
        handler = self._handlers.get(message.type, self._of_others)
        if handler is not None:
            self._call(message.type, handler, message)
        if self._changed_book is not None:
            book, self._changed_book = self._changed_book, None
            self.tell("on_book", self.bot.on_book, book)

    def _call(self, name: str, handler: Callable[..., object], *arguments: object) -> None:
        if not self.is_running:
            return
        self.doing = name
        try:
            result = handler(*arguments)
            if inspect.iscoroutine(result):
                self._task = asyncio.get_running_loop().create_task(self._finish(name, result))
                return
        except Exception as error:  # noqa: BLE001 - whatever a bot's code may raise
            self._failed(name, error)
        self.doing = None
        self.sending.flush()

    async def _finish(self, name: str, handling: Coroutine[Any, Any, object]) -> None:
        try:
            await handling
        except Exception as error:  # noqa: BLE001 - whatever a bot's code may raise
            self._failed(name, error)
        finally:
            self.doing = None
            self.sending.flush()
            self._task = None
            self._tell_waiting()

    def _tell_waiting(self) -> None:
        while self._waiting and self._task is None:
            self._waiting.popleft()()

    def _failed(self, name: str, error: Exception) -> None:
        """Report a handler that raised, and cancel all orders. Whether the bot goes on is its own choice."""
        counts = self.counts
        counts.failures += 1
        if counts.failures <= FAILURES_TOLD:
            counts.tracebacks.append("".join(traceback.format_exception(error)))
            self.log.error("%s failed, and all orders are cancelled:\n%s", name, counts.tracebacks[-1])
        if counts.failures == FAILURES_TOLD:
            self.log.error("further failures are counted, and no longer told")
        self.sending.cancel_everything()
        if self.bot.after_error == "stop":
            self.stop(f"{name} raised {type(error).__name__}: {error}")

    # ---- what becomes of what it asks

    def ask(self, question: Question, answered: Callable[[Verdict], None]) -> None:
        self.counts.asked += 1
        self.line.ask(question, answered)

    def refused(self, refusal: Refusal) -> None:
        """Count a refusal, and tell the bot."""
        self.counts.refusals[refusal.code] += 1
        if "on_refused" in self.handled.names:
            self.tell("on_refused", self.bot.on_refused, refusal)
            return
        number = self.counts.refusals.total()
        if number <= REFUSALS_TOLD:
            self.log.warning("refused: %s: %s", refusal.code, refusal.message)
        if number == REFUSALS_TOLD:
            self.log.warning("further refusals are counted, and no longer told; define on_refused to see them")

    # ---- what messages change

    @property
    def market_time(self) -> datetime | None:
        return None if self.market_time_text is None else datetime.fromisoformat(self.market_time_text)

    def _executed(self, event: ExecutionReport) -> None:
        self.counts.fills += 1
        self.counts.contracts += event.quantity
        self.orders.executed(event)

    def _position(self, event: PositionUpdate) -> None:
        self.positions[event.instrument_id] = event.position
        self.cash, self.fees_paid = event.cash, event.fees_paid

    def _top(self, event: TopOfBook) -> None:
        self.tops[event.instrument_id] = event

    def _greeks(self, event: Greeks) -> None:
        self.greeks[event.instrument_id] = event

    def _underlying(self, event: UnderlyingPrice) -> None:
        self.underlyings[event.symbol] = event.price
        self.market_time_text = event.market_time

    def _session(self, event: SessionStatus) -> None:
        if event.instrument_id is None:
            self.phase = event.phase
        if event.market_time is not None:
            self.market_time_text = event.market_time

    def _listed(self, event: InstrumentListed) -> None:
        self.instruments[event.instrument.instrument_id] = event.instrument

    def _expired(self, event: InstrumentExpired) -> None:
        self._forget(event.instrument_id)

    def _forget(self, instrument_id: str) -> None:
        for kept in (self.instruments, self.books, self.tops, self.greeks):
            kept.pop(instrument_id, None)

    def _book(self, event: BookSnapshot | BookUpdate) -> None:
        if event.instrument_id not in self.instruments:
            return
        book, is_right = self.books.take(event)
        if not is_right:
            self.line.subscribe([book.channel])
        elif book.synced:
            self._changed_book = book

    def _welcome(self, _event: Welcome) -> None:
        """After a connection was lost: books come anew. Private events go on where they ended."""
        for book in self.books.values():
            book.disconnected()

    def _reset(self, event: StreamReset) -> None:
        """The exchange has lost events: its own state is the truth."""
        self.positions.clear()
        self.positions.update(event.welcome.positions or {})
        self.orders.begin(event.welcome.orders or ())
        if event.welcome.account is not None:
            self.cash, self.fees_paid = event.welcome.account.cash, event.welcome.account.fees_paid
