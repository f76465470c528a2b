"""The class that a competitor derives a bot from."""

import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime
from random import Random
from threading import get_ident
from typing import ClassVar, Final, Literal, get_args

from openoutcry.client.bot.asking.sending import Sending
from openoutcry.client.bot.books import Books, Positions
from openoutcry.client.bot.handlers import Handled, check_class, handled_by
from openoutcry.client.bot.order import Asked, Order
from openoutcry.client.bot.orders import Orders
from openoutcry.client.bot.repeating import Repeating
from openoutcry.client.bot.run import Run
from openoutcry.client.bot.told import Handlers
from openoutcry.domain.day.phases import Phase
from openoutcry.domain.orders import SideName, TimeInForce
from openoutcry.protocol.requests import ProtectionRequest
from openoutcry.protocol.responses import AccountInfo, InstrumentInfo
from openoutcry.protocol.stream import Greeks, TopOfBook

AfterError = Literal["stop", "go_on"]
AFTER_ERROR: Final = get_args(AfterError)

_CHANNEL_OF: Final = {"books": "on_book", "tops": "on_top_of_book", "greeks": "on_greeks"}


class Bot(Handlers):
    """One team's bot, the same on a live exchange and in a simulation.

    A handler that a class defines is called with each message of its type, and the channel that brings it is read.
    Messages without a handler go to `on_event`. Handlers are plain or `async`, and are called one at a time; while one
    waits, messages wait too. State is as of the message that is handled.
    """

    role: ClassVar[str | None] = None
    """The role in which its team registers. None: the exchange's default."""
    channels: ClassVar[tuple[str, ...]] = ()
    """Channels that it reads beside those of its handlers, such as `greeks:*`. One of a single instrument, `book:SPY`,
    narrows what its handlers of that kind get to the instruments that are named.
    """
    after_error: ClassVar[AfterError] = "stop"
    """What it does after a handler has raised, and its orders are cancelled."""

    handled: ClassVar[Handled]
    """Its handlers and channels, found when the class is defined."""
    _run: Run

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        check_class(cls, Bot)
        if cls.after_error not in AFTER_ERROR:
            raise TypeError(
                f"{cls.__name__}.after_error is {cls.after_error!r}: it must be one of {', '.join(AFTER_ERROR)}"
            )
        cls.handled = handled_by(cls, Bot, cls.channels)

    def begin(self, run: Run) -> None:
        """Be run by `run` from now on. For whoever runs bots."""
        self._run = run

    # ---- what it asks for ------------------------------------------------------------------------------------

    def buy(
        self,
        instrument_id: str,
        quantity: float,
        price: float | None = None,
        *,
        time_in_force: TimeInForce = "day",
        post_only: bool = False,
    ) -> Order:
        """Bid for `quantity`; without a `price`, at the market. Returns the order's handle at once.

        The price is rounded down to the tick, the quantity to whole lots. A refusal comes to `on_refused`.
        """
        return self._asking().submit("buy", instrument_id, quantity, price, time_in_force, post_only=post_only)

    def sell(
        self,
        instrument_id: str,
        quantity: float,
        price: float | None = None,
        *,
        time_in_force: TimeInForce = "day",
        post_only: bool = False,
    ) -> Order:
        """Offer `quantity`; without a `price`, at the market. Returns the order's handle at once.

        The price is rounded up to the tick, the quantity down to whole lots. A refusal comes to `on_refused`.
        """
        return self._asking().submit("sell", instrument_id, quantity, price, time_in_force, post_only=post_only)

    def quote(
        self,
        instrument_id: str,
        bid: float | None,
        ask: float | None,
        quantity: float = 0,
        *,
        bid_quantity: float | None = None,
        ask_quantity: float | None = None,
    ) -> Asked:
        """Replace the bot's quote in one instrument. A side without a price or a quantity is withdrawn.

        The bid is rounded down, the ask up. Quotes that are made in one handler leave together, when it returns or
        waits. One that still waits for the rate limit gives way to a newer one. For market makers.
        """
        return self._asking().quote(
            instrument_id,
            bid,
            ask,
            quantity if bid_quantity is None else bid_quantity,
            quantity if ask_quantity is None else ask_quantity,
        )

    def amend(self, order: Order, *, quantity: float | None = None, price: float | None = None) -> Asked:
        """Change an order, once it has a verdict. `quantity` is the new total, filled part included.

        The price is rounded as that of a new order.
        """
        return self._asking().amend(order, quantity, price)

    def cancel(self, order: Order) -> Asked:
        """Cancel an order: if it has no verdict yet, as soon as it has one; if it has not left yet, it never does."""
        return self._asking().cancel(order)

    def cancel_all(self, instrument_id: str | None = None, side: SideName | None = None) -> Asked:
        """Cancel all orders and quotes, or those in one instrument or on one side; what has not left yet never does."""
        return self._asking().cancel_all(instrument_id, side)

    def protect_quotes(
        self,
        group: str | None = None,
        *,
        quantity: int | None = None,
        delta: float | None = None,
        vega: float | None = None,
        move: float | None = None,
        interval_seconds: int | None = None,
        frozen_seconds: int | None = None,
    ) -> Asked:
        """Let the exchange pull the quotes in the options on an underlying, or on all, when a limit is met.

        See `Client.protect_quotes` for what each limit means.
        """
        return self._asking().protect(
            ProtectionRequest(
                group=group,
                quantity=quantity,
                delta=delta,
                vega=vega,
                move=move,
                interval_seconds=interval_seconds,
                frozen_seconds=frozen_seconds,
            )
        )

    def reset_protection(self, group: str | None = None) -> Asked:
        """Let quotes of a group be placed again that protection has frozen, or those of every group."""
        return self._asking().reset_protection(group)

    def every(self, seconds: float, callback: Callable[[], object] | None = None) -> Repeating:
        """Call `callback`, or `on_timer`, each time so many market seconds have passed, until it is cancelled.

        A market second is a second of wall time divided by the session's speed, also while the market is closed. A
        call that is late is not made up for. The callback may be `async`.
        """
        return Repeating(self._going_on(), seconds, callback or self.on_timer)

    def stop(self, reason: str = "the bot has stopped itself") -> None:
        """End the bot: `on_stop` is called, and all its orders are cancelled."""
        self._running().stop(reason)

    # ---- what it sees ----------------------------------------------------------------------------------------

    @property
    def team_id(self) -> str:
        return self._running().team_id

    @property
    def account(self) -> AccountInfo:
        """The team's account as it was when the bot began: role, limits, duties. `cash` and `positions` are current."""
        return self._running().account

    @property
    def cash(self) -> float:
        """In currency, after the last event."""
        return self._running().cash

    @property
    def orders(self) -> Orders:
        """The team's working orders; iterating gives them, oldest first. Quotes are among them."""
        return self._running().orders

    @property
    def positions(self) -> Positions:
        """Net position by instrument, where it is not 0; asked for any other it is 0."""
        return self._running().positions

    @property
    def instruments(self) -> Mapping[str, InstrumentInfo]:
        """Reference data of what can be traded, by instrument."""
        return self._running().instruments

    @property
    def books(self) -> Books:
        """The maintained books, by instrument. For a bot with `on_book`, or with `book:*` in `channels`."""
        return self._reading("books", "book").books

    @property
    def tops(self) -> Mapping[str, TopOfBook]:
        """Best bid and ask, by instrument. For a bot with `on_top_of_book`, or with `top:*` in `channels`."""
        return self._reading("tops", "top").tops

    @property
    def greeks(self) -> Mapping[str, Greeks]:
        """Theoretical values, by option. For a bot with `on_greeks`, or with `greeks:*` in `channels`."""
        return self._reading("greeks", "greeks").greeks

    @property
    def underlyings(self) -> Mapping[str, float]:
        """Prices of the underlyings: of the index, and the fair value of a tradable one."""
        return self._running().underlyings

    def value(self, instrument_id: str) -> float | None:
        """The theoretical value now: an option's last published one, moved on with the index by its delta and gamma;
        the fair value of spot. None where it is not known. Of options for a bot that reads `greeks`.
        """
        return self._running().values.value_of(instrument_id)

    def delta(self, instrument_id: str) -> float:
        """Of one contract or lot, in units of the index; 0 where it is not known. Of options as `value`."""
        return self._running().values.delta_of(instrument_id)

    @property
    def portfolio_delta(self) -> float:
        """Of everything that the team holds, in units of the index, as roles' duties count it."""
        delta_of = self._running().values.delta_of
        return sum(held * delta_of(instrument_id) for instrument_id, held in self.positions.items() if held)

    @property
    def phase(self) -> Phase:
        """Of the session. Orders trade in `continuous`."""
        return self._running().phase

    @property
    def market_time(self) -> datetime | None:
        """The market's clock, to the second. None before the first session, and in a scenario without a day."""
        return self._running().market_time

    @property
    def session_date(self) -> date | None:
        """The date of the session under way, or of the last one. None before the first."""
        return self._running().session_date

    @property
    def rng(self) -> Random:
        """The bot's random numbers. In a simulation they follow from its seed."""
        return self._running().rng

    @property
    def log(self) -> logging.Logger:
        return self._running().log

    def _asking(self) -> Sending:
        return self._going_on().sending

    def _going_on(self) -> Run:
        run = self._running()
        if not run.is_running:
            raise RuntimeError(f"{type(self).__name__} has ended: it can ask for nothing more")
        if get_ident() != run.thread:
            raise RuntimeError(
                f"{type(self).__name__} asks in another thread than the one that calls its handlers, which cannot be:"
                " await the thread's result in an async handler, and ask there"
            )
        return run

    def _running(self) -> Run:
        try:
            return self._run
        except AttributeError:
            raise RuntimeError(
                f"{type(self).__name__} is not running yet: orders, positions and the market are known from on_start on"
            ) from None

    def _reading(self, what: str, kind: str) -> Run:
        """The run, if the bot reads channels of this kind. `what`: it is kept from them."""
        run = self._running()
        if kind not in run.reads:
            raise RuntimeError(
                f"{type(self).__name__} does not read the channel that self.{what} is kept from: define"
                f' {_CHANNEL_OF[what]}, or set channels = ("{kind}:*",) in the class'
            )
        return run
