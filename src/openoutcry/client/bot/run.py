"""A bot's life on its line: it is told one thing at a time, and what it raises ends nobody else."""

import asyncio
import logging
import threading
import traceback
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from inspect import isawaitable
from random import Random
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_args

from openoutcry.client.bot.asking.refusal import Refusal
from openoutcry.client.bot.asking.sending import Sending
from openoutcry.client.bot.counts import Counts
from openoutcry.client.bot.handlers import ABOUT_THE_CONNECTION, OF_BOOKS
from openoutcry.client.bot.line import Line, Question, ShowMarket, Standing, Verdict
from openoutcry.client.bot.view import View
from openoutcry.client.events import Event, RawEvent
from openoutcry.protocol.responses import InstrumentInfo, MarketData
from openoutcry.protocol.stream import ExecutionReport, InstrumentListed, SessionStatus

if TYPE_CHECKING:
    from openoutcry.client.bot.bot import Bot
    from openoutcry.client.bot.repeating import Repeating

REFUSALS_TOLD: Final = 20
"""How many refusals are logged of a bot that has no `on_refused`."""
FAILURES_TOLD: Final = 10
"""How many failures of handlers are logged, and kept, with their traceback."""
WAITING_TOLD: Final = 10_000
"""How many messages may wait for a handler before that is logged."""
END_SECONDS: Final = 3.0
"""How long, of wall time, the end of a bot waits for a handler that is cancelled, for `on_stop`, and for the orders to
be cancelled: each of the three.
"""

_OF_THE_PROCESS: Final = (KeyboardInterrupt, GeneratorExit)
"""What is no failure of the bot, though its code raises it."""


class Route(NamedTuple):
    """What becomes of the messages of one type."""

    take: Callable[[Any], None] | None
    name: str = ""
    handler: Callable[[Any], object] | None = None
    is_of_book: bool = False
    """Whether `on_book` is told too, if the book is right."""


_UNTOLD: Final = Route(None)


class Run(View):
    """One life of one bot. Made by whoever runs the bot.

    Messages, timers and refusals reach the bot one at a time, in order. While an `async` handler waits, those that come
    wait too; verdicts reach their handles at once.
    """

    def __init__(self, bot: "Bot", line: Line, rng: Random, log: logging.Logger) -> None:
        self.bot = bot
        self.handled = bot.handled
        super().__init__(line, self.handled.channels)
        self.rng = rng
        self.log = log
        self.counts = Counts()
        self.stop_reason: str | None = None
        """Why the bot is to end; None while it is to go on."""
        self.on_stop_asked: Callable[[], None] = lambda: None
        """Called when the bot asks to end, or has failed."""
        self.is_running = False
        """Whether it has begun and has not ended yet."""
        self.thread: Final = threading.get_ident()
        """In which it is lived."""
        self.doing: str | None = None
        """The handler that runs, or waits."""
        self.waits_since: tuple[float, str | None] = (0.0, None)
        """When the `async` handler that waits was called: by the line's clock, and the market's."""
        self.sending: Sending
        self.repeating: dict[Repeating, None] = {}
        """What it does every so many seconds."""
        self._is_told = False
        """Whether its handlers are called: from its beginning until it is to end, and in `on_stop`."""
        self._is_ending = False
        self._task: asyncio.Task[None] | None = None
        """Of the handler that waits."""
        self._waiting: deque[Callable[[], object]] = deque()
        self._unlisted: dict[str, list[str]] = {}
        """Channels that wait until their instrument is listed."""
        self.takes[ExecutionReport] = self._executed
        self._routes: Final = {kind: self._route(kind) for kind in get_args(Event)}
        bot.begin(self)

    def _route(self, kind: type[Any]) -> Route:
        has, name = self.handled.names, "on_event" if kind is RawEvent else f"on_{kind.type}"
        if name.removeprefix("on_") in ABOUT_THE_CONNECTION:
            return _UNTOLD
        is_of_book = name in OF_BOOKS and "on_book" in has
        if name not in has and not is_of_book:
            name = "on_event"
        handler = getattr(self.bot, name) if name in has else None
        return Route(self.takes.get(kind), name, handler, is_of_book)

    # ---- its life

    def begin(self, standing: Standing) -> None:
        """Take over how things stand, and call `on_start`."""
        self.take_over(standing)
        self.sending = Sending(self, standing.account.rates)
        self.is_running = self._is_told = True
        self._read(self.handled.channels)
        self.tell("on_start", self.bot.on_start)

    def _read(self, channels: Iterable[str]) -> None:
        """Read these channels: those of an instrument that is not listed, as soon as it is."""
        ready: list[str] = []
        for channel in channels:
            instrument_id = channel.partition(":")[2]
            if instrument_id in ("", "*") or instrument_id in self.instruments:
                ready.append(channel)
            else:
                self._unlisted.setdefault(instrument_id, []).append(channel)
        if ready:
            self.line.subscribe(ready)

    async def end(self) -> None:
        """Cancel a handler that waits, call `on_stop`, and cancel all orders. The bot is told nothing more."""
        if not self.is_running or self._is_ending:
            return
        self._is_ending = True
        self._is_told = False
        self._cancel_repeating()
        if self._task is not None:
            self._task.cancel()
            await self._wait_for(self._task)
            self._task = None
        while self._waiting:
            self._waiting.popleft()()
        self._is_told = True
        self._call("on_stop", self.bot.on_stop)
        self._is_told = False
        if self.waiting is not None:
            await self._wait_for(self.waiting)
        self._cancel_repeating()
        self.is_running = False
        await self._wait_for(asyncio.ensure_future(self.sending.cancel_everything().verdict()))

    def _cancel_repeating(self) -> None:
        for repeating in tuple(self.repeating):
            repeating.cancel()

    async def _wait_for(self, task: asyncio.Future[Any]) -> None:
        """Wait, but not for ever."""
        doing = self.doing or "cancelling all orders"
        await asyncio.wait({task}, timeout=END_SECONDS)
        if not task.done():
            task.cancel()
            self.log.error("%s has not ended within %g seconds: the bot ends without it", doing, END_SECONDS)

    def stop(self, reason: str) -> None:
        """Have whoever runs the bot end it soon. Until then it is told nothing more."""
        if self.stop_reason is None:
            self.stop_reason = reason
            self._is_told = False
            self.on_stop_asked()

    # ---- what the bot is told

    def receive(self, message: Event) -> asyncio.Task[None] | None:
        """Take in one message and tell the bot. Returns the task of a handler that waits, for who can hold back."""
        if self.doing is None and not self._waiting:
            self._deliver(message)
            if self._waiting:
                self._tell_waiting()
        else:
            self._wait(partial(self._deliver, message))
        return self._task

    def tell(self, name: str, handler: Callable[..., object], *arguments: object) -> None:
        """Call a handler of the bot, after what waits."""
        if self.doing is None and not self._waiting:
            self._call(name, handler, *arguments)
            self._tell_waiting()
        else:
            self._wait(partial(self._call, name, handler, *arguments))

    @property
    def waiting(self) -> asyncio.Task[None] | None:
        """The task of an `async` handler that is not done."""
        return self._task

    @property
    def is_in_plain_handler(self) -> bool:
        return self.doing is not None and self._task is None

    def _deliver(self, message: Event) -> None:
        self.counts.messages += 1
        take, name, handler, is_of_book = self._routes[type(message)]
        if take is not None:
            take(message)
        if handler is not None:
            self._call(name, handler, message)
        if is_of_book:
            self._tell_of_book()

    def _tell_of_book(self) -> None:
        """Call `on_book`, before what waits, which came later."""
        book, self.changed_book = self.changed_book, None
        if book is None:
            return
        if self._task is None:
            self._call("on_book", self.bot.on_book, book)
        else:
            self._waiting.appendleft(partial(self._call, "on_book", self.bot.on_book, book))

    def _call(self, name: str, handler: Callable[..., object], *arguments: object) -> None:
        if not self._is_told:
            return
        self.doing = name
        try:
            result = handler(*arguments)
            if result is not None and isawaitable(result):
                self.waits_since = (self.line.time(), self.market_time_text)
                self._task = asyncio.get_running_loop().create_task(self._finish(name, result))
                return
        except _OF_THE_PROCESS:
            raise
        except BaseException as error:  # noqa: BLE001 - whatever a bot's code may raise, such as `SystemExit`
            self._failed(name, error)
        self.doing = None
        self.sending.quotes.flush()

    async def _finish(self, name: str, handling: Awaitable[object]) -> None:
        try:
            await handling
        except _OF_THE_PROCESS:
            raise
        except BaseException as error:  # noqa: BLE001 - likewise
            if not (self._is_ending and isinstance(error, asyncio.CancelledError)):
                self._failed(name, error)
        if self._task is not asyncio.current_task():
            return  # the bot's end has not waited for it
        self.doing = self._task = None
        self.sending.quotes.flush()
        self._tell_waiting()

    def _wait(self, telling: Callable[[], object]) -> None:
        """Keep what is told until the handler that runs is done. A bot that ends is not told, and sees all at once."""
        if self._is_ending:
            telling()
            return
        self._waiting.append(telling)
        if len(self._waiting) == WAITING_TOLD:
            self.log.warning("%d messages wait until %s is done", WAITING_TOLD, self.doing)

    def _tell_waiting(self) -> None:
        while self._waiting and self._task is None:
            self._waiting.popleft()()

    def _failed(self, name: str, error: BaseException) -> None:
        """Report a handler that raised, and cancel all orders. Whether the bot goes on is its own choice."""
        counts = self.counts
        counts.failures += 1
        if counts.failures <= FAILURES_TOLD:
            counts.tracebacks.append("".join(traceback.format_exception(error)))
            self.log.error("%s failed, and all orders are cancelled:\n%s", name, counts.tracebacks[-1])
        if counts.failures == FAILURES_TOLD:
            self.log.error("further failures are counted, and no longer told")
        self.sending.cancel_everything()
        if self.bot.after_error == "stop" or not isinstance(error, Exception | asyncio.CancelledError):
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
            about = refusal.order or refusal.instrument_id or type(refusal.question).__name__
            self.log.warning("refused: %s: %s: %s", about, refusal.code, refusal.message)
        if number == REFUSALS_TOLD:
            self.log.warning("further refusals are counted, and no longer told; define on_refused to see them")

    # ---- what messages change beside the view

    def _executed(self, event: ExecutionReport) -> None:
        self.counts.fills += 1
        self.counts.contracts += event.quantity
        self.orders.executed(event)

    def _listed(self, event: InstrumentListed) -> None:
        super()._listed(event)
        self._read(self._unlisted.pop(event.instrument.instrument_id, ()))

    def refresh(self, market: MarketData, instruments: Iterable[InstrumentInfo]) -> None:
        super().refresh(market, instruments)
        for instrument_id in [name for name in self._unlisted if name in self.instruments]:
            self._read(self._unlisted.pop(instrument_id))

    def _forget(self, instrument_id: str) -> None:
        super()._forget(instrument_id)
        self.sending.quotes.forget(instrument_id)

    def _session(self, event: SessionStatus) -> None:
        """With a phase the speed of market time may change, which no message tells."""
        super()._session(event)
        if event.instrument_id is None:
            self.line.ask(ShowMarket(), self._market_shown)

    def _market_shown(self, verdict: Verdict) -> None:
        if verdict.market is not None:
            self._go_at(verdict.market.speed)

    def _go_at(self, speed: float) -> None:
        if speed != self.speed:
            super()._go_at(speed)
            for repeating in tuple(self.repeating):
                repeating.begin()
