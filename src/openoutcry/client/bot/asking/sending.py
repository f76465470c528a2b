"""What a bot asks for: on the grid of its instrument, at the pace of its rate limits, with a handle for each."""

from collections.abc import Callable, Container
from functools import partial
from math import floor, isclose, isfinite
from typing import TYPE_CHECKING, Final

from openoutcry.client.bot.asking.pacing import NOWHERE, Pace
from openoutcry.client.bot.asking.quoting import Quoted, Quoting
from openoutcry.client.bot.asking.refusal import Refusal
from openoutcry.client.bot.line import (
    Amend,
    Cancel,
    CancelAll,
    Protect,
    Question,
    ResetProtection,
    Submit,
    Verdict,
)
from openoutcry.client.bot.order import Asked, Order
from openoutcry.client.http.response import ApiError
from openoutcry.domain.orders import SideName, TimeInForce
from openoutcry.protocol.price_grid import Rounding
from openoutcry.protocol.requests import AmendRequest, OrderRequest, ProtectionRequest, QuoteRequest
from openoutcry.protocol.responses import InstrumentInfo, RateInfo

if TYPE_CHECKING:
    from openoutcry.client.bot.run import Run

_ROUNDINGS: Final[dict[SideName, Rounding]] = {"buy": "down", "sell": "up"}
"""To the side that is never worse than what was asked for."""

MAX_WAITING: Final = 1_000
"""How many requests may wait for a rate limit. A bot that asks for more asks faster than it can ever be served."""

_TOO_MANY: Final = Verdict(
    error=ApiError(
        code="RATE_LIMIT_EXCEEDED",
        message=f"{MAX_WAITING:,} requests wait for the rate limit already: ask less often",
    )
)
_DROPPED: Final = "It was dropped before it left, with everything that waited"
_NOTHING_TO_AMEND: Final = ApiError(code="AMEND_FAILED", message="The order never came to the exchange's book")


class Sending:
    def __init__(self, run: "Run", rates: dict[str, RateInfo]) -> None:
        """`rates`: by the bucket that pays, `orders` or `cancels`; none: there is no limit."""
        line = run.line
        self._run = run
        self._orders: Final = Pace(rates.get("orders"), line.time, line.call_later)
        self._cancels: Final = Pace(rates.get("cancels"), line.time, line.call_later)
        self.quotes: Final = Quoting(self._orders, run.ask, self._quote_refused)
        self._places: dict[Order, int] = {}
        """Of the orders that have no verdict yet, in the pace of orders."""
        self._numbered = 0
        self._drops = 0
        """How often everything that waited was dropped."""

    # ---- orders

    def submit(
        self,
        side: SideName,
        instrument_id: str,
        quantity: float,
        price: float | None,
        time_in_force: TimeInForce,
        *,
        post_only: bool,
    ) -> Order:
        on_grid = None if price is None else self._price(instrument_id, price, side)
        lots = self.lots(instrument_id, quantity)
        self._numbered += 1
        order = Order(instrument_id, side, lots, on_grid, f"{self._run.line.order_prefix}{self._numbered}")
        self._run.orders.add(order)
        question = Submit(
            OrderRequest(
                instrument_id=instrument_id,
                side=side,
                quantity=lots,
                price=on_grid,
                order_type="market" if on_grid is None else "limit",
                time_in_force=time_in_force,
                post_only=post_only,
                client_order_id=order.client_order_id,
            )
        )
        self._places[order] = self._ask(
            self._orders,
            question,
            lambda verdict: self._judged(order, question, verdict),
            lambda: self._withdrawn(order),
            lambda: not order.wants_cancel,
        )
        return order

    def _is_withdrawn(self, order: Order) -> bool:
        """Whether the order has still waited to be sent, and is sent no more."""
        place = self._places.get(order)
        return place is not None and self._orders.withdraw(place)

    def _withdrawn(self, order: Order) -> None:
        del self._places[order]
        self._run.orders.withdrawn(order)

    def _judged(self, order: Order, question: Question, verdict: Verdict) -> None:
        del self._places[order]
        error = self._run.orders.judge(order, verdict)
        if error is not None:
            self._refuse(error, question, order)

    def amend(self, order: Order, quantity: float | None, price: float | None) -> Asked:
        _check_handle(order)
        asked = Asked()
        terms = AmendRequest(
            quantity=None if quantity is None else self.lots(order.instrument_id, quantity),
            price=None if price is None else self._price(order.instrument_id, price, order.side),
        )
        if order.order_id is None and order.is_working:
            order.when_known(lambda: self._amend(order, terms, asked))
        else:
            self._amend(order, terms, asked)
        return asked

    def _amend(self, order: Order, terms: AmendRequest, asked: Asked) -> None:
        question = Amend(order.order_id or "", terms)
        if order.order_id is None:
            self._answered(asked, question, Verdict(error=_NOTHING_TO_AMEND), order)
        else:
            self._ask_for(self._orders, question, asked, order)

    def cancel(self, order: Order) -> Asked:
        """What has been asked before, and is not refused, is not asked again."""
        _check_handle(order)
        if order.cancelling is not None and not order.cancelling.is_refused:
            return order.cancelling
        asked = order.cancelling = Asked()
        if order.order_id is None and order.is_working and not self._is_withdrawn(order):
            order.wants_cancel = True
            order.when_known(lambda: self._cancel_known(order, asked))
        else:
            self._cancel_known(order, asked)
        return asked

    def _cancel_known(self, order: Order, asked: Asked) -> None:
        if order.order_id is not None and order.is_working:
            self._ask_for(self._cancels, Cancel(order.order_id), asked, order)
        else:
            self._cancel_if_it_shows(order)
            asked.answer(order.error if order.status == "unknown" else None)

    def _cancel_if_it_shows(self, order: Order) -> None:
        if order.status == "unknown":
            order.when_known(lambda: self._cancel_quietly(order, ()))

    def _cancel_quietly(self, order: Order, cancelled: Container[str]) -> None:
        """Cancel what an earlier request should have cancelled. That it is gone meanwhile is no refusal."""
        if order.order_id is None:
            self._cancel_if_it_shows(order)
        elif order.is_working and order.order_id not in cancelled:
            self._ask(self._cancels, Cancel(order.order_id), _ignore)

    def cancel_all(self, instrument_id: str | None = None, side: SideName | None = None) -> Asked:
        """Cancel orders in the book, those that wait to be sent, and those that come to the book after this request."""
        question = CancelAll(instrument_id, side)
        return self._cancel_all(question, side, lambda error: self._refuse(error, question, None))

    def cancel_everything(self) -> Asked:
        """Cancel all orders, and send nothing that waits: the bot has failed, or ends."""
        self._drops += 1
        self._orders.drop()
        self._cancels.drop()
        return self._cancel_all(
            CancelAll(), None, lambda error: self._run.log.error("the orders could not be cancelled: %s", error.message)
        )

    def _cancel_all(self, question: CancelAll, side: SideName | None, refused: Callable[[ApiError], None]) -> Asked:
        asked = Asked()
        under_way: list[Order] = []
        for order in self._run.orders.working(question.instrument_id, side):
            if order.order_id is None and not self._is_withdrawn(order):
                order.wants_cancel = True
                under_way.append(order)
        quotes = self.quotes.withdraw(question.instrument_id, side)

        def heard(verdict: Verdict) -> None:
            asked.answer(verdict.error)
            if verdict.error is not None:
                refused(verdict.error)
            cancelled = frozenset(verdict.cancelled)
            for order in under_way:
                _once_known(order, partial(self._cancel_quietly, order, cancelled))
            for quoted in quotes:
                _once_known(quoted, partial(self._cancel_quote, quoted, side, cancelled))

        self._ask(self._cancels, question, heard, lambda: asked.withdraw(_DROPPED))
        return asked

    # ---- quotes

    def quote(
        self,
        instrument_id: str,
        bid: float | None,
        ask: float | None,
        bid_quantity: float,
        ask_quantity: float,
    ) -> Asked:
        """Quotes of one turn leave together: when a plain handler returns, or an `async` one waits."""
        request = QuoteRequest(instrument_id=instrument_id)
        bid_lots, ask_lots = self.lots(instrument_id, bid_quantity), self.lots(instrument_id, ask_quantity)
        if bid is not None and bid_lots > 0:
            request.bid_price, request.bid_quantity = self.rounded(instrument_id, bid, "down"), bid_lots
        if ask is not None and ask_lots > 0:
            request.ask_price, request.ask_quantity = self.rounded(instrument_id, ask, "up"), ask_lots
        if not self._run.is_in_plain_handler:
            self.quotes.flush_soon(self._run.line.call_later)
        return self.quotes.quote(request)

    def _cancel_quote(self, quoted: Quoted, side: SideName | None, cancelled: Container[str]) -> None:
        if self.quotes.is_newest(quoted):
            for order_id, its_side in zip(quoted.order_ids, ("buy", "sell"), strict=True):
                order = None if order_id is None else self._run.orders.get(order_id)
                is_done = order is not None and not order.is_working
                if order_id is not None and side in (None, its_side) and order_id not in cancelled and not is_done:
                    self._ask(self._cancels, Cancel(order_id), _ignore)

    def _quote_refused(self, error: ApiError, question: Question, instrument_id: str | None) -> None:
        self._refuse(error, question, None, instrument_id)

    def protect(self, request: ProtectionRequest) -> Asked:
        return self._ask_for(self._orders, Protect(request), Asked())

    def reset_protection(self, group: str | None) -> Asked:
        return self._ask_for(self._orders, ResetProtection(group), Asked())

    # ---- the grid

    def rounded(self, instrument_id: str, price: float, rounding: Rounding) -> float:
        """The price on the instrument's grid. One of an unknown instrument stays, and the exchange refuses it.

        A sum of prices misses the grid by the error of its arithmetic: 229.27 + 0.05 is 229.32000000000002.
        """
        instrument = self._instrument(instrument_id, "price", price)
        if instrument is None:
            return price
        nearest = instrument.round_price(price)
        return nearest if isclose(nearest, price) else instrument.round_price(price, rounding)

    def _price(self, instrument_id: str, price: float, side: SideName) -> float:
        """Of an order. A bid below the first tick stays, and the exchange refuses it: the tick would cost more."""
        on_grid = self.rounded(instrument_id, price, _ROUNDINGS[side])
        return price if side == "buy" and on_grid > price and not isclose(on_grid, price) else on_grid

    def lots(self, instrument_id: str, quantity: float) -> int:
        instrument = self._instrument(instrument_id, "quantity", quantity)
        return floor(quantity) if instrument is None else instrument.round_quantity(quantity)

    def _instrument(self, instrument_id: str, what: str, value: float) -> InstrumentInfo | None:
        """The instrument, if there is one. Raises `TypeError` or `ValueError` for what is no name or no number."""
        if not isinstance(instrument_id, str):
            raise TypeError(f"the instrument is {instrument_id!r}: it must be an id of self.instruments, such as 'SPY'")
        try:
            is_number = isfinite(value)
        except TypeError:
            raise TypeError(f"{what} is {value!r}: it must be a number") from None
        if not is_number:
            raise ValueError(f"{what} is {value}: it must be a finite number")
        return self._run.instruments.get(instrument_id)

    # ---- asking

    def _ask(
        self,
        pace: Pace,
        question: Question,
        answered: Callable[[Verdict], None],
        dropped: Callable[[], None] = lambda: None,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> int:
        """Ask at the given pace, again if the rate limit refuses it and it is still wanted. Returns its place."""
        if len(pace) >= MAX_WAITING:
            self._run.line.call_later(0, partial(answered, _TOO_MANY))
            return NOWHERE
        drops = self._drops

        def leave() -> None:
            self._run.ask(question, heard)

        def heard(verdict: Verdict) -> None:
            if verdict.error is None or verdict.retry_after is None:
                answered(verdict)
                return
            pace.hold_back(verdict.retry_after)
            if drops == self._drops and is_wanted():
                pace.send(1, leave, dropped, place)
            else:
                dropped()

        place = pace.send(1, leave, dropped)
        return place

    def _ask_for(self, pace: Pace, question: Question, asked: Asked, order: Order | None = None) -> Asked:
        self._ask(
            pace,
            question,
            lambda verdict: self._answered(asked, question, verdict, order),
            lambda: asked.withdraw(_DROPPED),
        )
        return asked

    def _answered(self, asked: Asked, question: Question, verdict: Verdict, order: Order | None) -> None:
        asked.answer(verdict.error)
        if verdict.error is not None:
            self._refuse(verdict.error, question, order)

    def _refuse(
        self, error: ApiError, question: Question, order: Order | None, instrument_id: str | None = None
    ) -> None:
        self._run.refused(
            Refusal(
                code=error.code,
                message=error.message,
                details=error.details,
                question=question,
                order=order,
                instrument_id=instrument_id if order is None else order.instrument_id,
            )
        )


def _check_handle(order: object) -> None:
    if not isinstance(order, Order):
        raise TypeError(
            f"{order!r} is no order: pass the handle that buy, sell or self.orders gave; self.orders.get(id) finds it"
        )


def _ignore(_verdict: Verdict) -> None:
    """Take no notice of a verdict."""


def _once_known(asked: Asked, callback: Callable[[], None]) -> None:
    """Call `callback` now if there is a verdict, else as soon as there is."""
    if asked.is_answered:
        callback()
    else:
        asked.when_known(callback)
