"""What a bot asks for: on the grid of its instrument, at the pace of its rate limits, with a handle for each."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from openoutcry.client.bot.line import (
    OUTCOME_UNKNOWN,
    Amend,
    Cancel,
    CancelAll,
    Protect,
    Question,
    Quote,
    Submit,
    Verdict,
)
from openoutcry.client.bot.order import Asked, Order
from openoutcry.client.bot.pacing import Pace
from openoutcry.client.bot.refusal import Refusal
from openoutcry.client.http.response import ApiError
from openoutcry.domain.orders import SideName, TimeInForce
from openoutcry.domain.types import MAX_QUOTES_PER_REQUEST
from openoutcry.protocol.price_grid import Rounding
from openoutcry.protocol.requests import AmendRequest, OrderRequest, ProtectionRequest, QuoteRequest, QuotesRequest
from openoutcry.protocol.responses import RateInfo

if TYPE_CHECKING:
    from openoutcry.client.bot.run import Run

QUOTED_SIDE_TOKENS: Final = 0.05
"""What each side of a quote that changes costs, beside the request's own token."""

RATE_LIMITED: Final = "RATE_LIMIT_EXCEEDED"


class Sending:
    def __init__(self, run: "Run", rates: dict[str, RateInfo]) -> None:
        """`rates`: by the bucket that pays, `orders` or `cancels`; none: there is no limit."""
        line = run.line
        self._run = run
        self._orders: Final = Pace(rates.get("orders"), line.time, line.call_later)
        self._cancels: Final = Pace(rates.get("cancels"), line.time, line.call_later)
        self._quotes: dict[str, tuple[QuoteRequest, Asked]] = {}
        """The newest of each instrument that is still to be sent."""
        self._is_quoting = False
        """Whether a request with quotes waits for its tokens."""
        self._numbered = 0

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
        self._numbered += 1
        on_grid = None if price is None else self.rounded(instrument_id, price, "down" if side == "buy" else "up")
        lots = self.lots(instrument_id, quantity)
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
        self._ask(
            self._orders,
            1,
            question,
            lambda verdict: self._judged(order, question, verdict),
            lambda: self._never_sent(order),
        )
        return order

    def _never_sent(self, order: Order) -> None:
        order.remaining_quantity, order.status = 0, "cancelled"
        order.answer(None)
        self._run.orders.finish(order)

    def _judged(self, order: Order, question: Question, verdict: Verdict) -> None:
        orders, error = self._run.orders, verdict.error
        if error is not None and error.code == OUTCOME_UNKNOWN and order.status != "pending":
            error, verdict = None, Verdict(order_id=order.order_id)  # an event has told that it was accepted
        order.judge(verdict)
        orders.identify(order)
        if error is not None:
            if error.code == OUTCOME_UNKNOWN:
                order.status = "unknown"
            orders.finish(order)
            self._refuse(error, question, order, order.instrument_id)
        elif order.wants_cancel and order.is_working:
            self.cancel(order)

    def amend(self, order: Order, quantity: float | None, price: float | None) -> Asked:
        asked = Asked()
        if order.order_id is None or not order.is_working:
            asked.answer(ApiError(code="AMEND_FAILED", message=f"{order} has no verdict yet, or works no more"))
            return asked
        rounding: Rounding = "down" if order.side == "buy" else "up"
        terms = AmendRequest(
            quantity=None if quantity is None else self.lots(order.instrument_id, quantity),
            price=None if price is None else self.rounded(order.instrument_id, price, rounding),
        )
        question = Amend(order.order_id, terms)
        self._ask(self._orders, 1, question, lambda verdict: self._answered(asked, question, verdict, order))
        return asked

    def cancel(self, order: Order) -> Asked:
        asked = Asked()
        if order.order_id is None and order.is_working:
            order.wants_cancel = True
            asked.answer(None)
        elif order.order_id is None or not order.is_working:
            asked.answer(None)
        else:
            question = Cancel(order.order_id)
            self._ask(
                self._cancels,
                1,
                question,
                lambda verdict: self._answered(asked, question, verdict, order),
                lambda: asked.answer(None),
            )
        return asked

    def cancel_all(self, instrument_id: str | None, side: SideName | None) -> Asked:
        for order in self._run.orders.working(instrument_id, side):
            order.wants_cancel = order.order_id is None
        for name in [name for name in self._quotes if side is None and instrument_id in (None, name)]:
            self._quotes.pop(name)[1].answer(None)
        asked, question = Asked(), CancelAll(instrument_id, side)
        self._ask(self._cancels, 1, question, lambda verdict: self._answered(asked, question, verdict, None))
        return asked

    def cancel_everything(self) -> Asked:
        """Cancel all orders, and send nothing that waits: the bot has failed, or ends."""
        self._is_quoting = False
        self._orders.drop()
        self._cancels.drop()
        return self.cancel_all(None, None)

    # ---- quotes

    def quote(
        self,
        instrument_id: str,
        bid: float | None,
        ask: float | None,
        bid_quantity: float,
        ask_quantity: float,
    ) -> Asked:
        """Quotes of one turn leave together; one that waits for the rate limit gives way to a newer one."""
        asked = Asked()
        quote = QuoteRequest(instrument_id=instrument_id)
        if bid is not None and bid_quantity > 0:
            quote.bid_price = self.rounded(instrument_id, bid, "down")
            quote.bid_quantity = self.lots(instrument_id, bid_quantity)
        if ask is not None and ask_quantity > 0:
            quote.ask_price = self.rounded(instrument_id, ask, "up")
            quote.ask_quantity = self.lots(instrument_id, ask_quantity)
        given_way = self._quotes.pop(instrument_id, None)
        if given_way is not None:
            given_way[1].answer(None)
        self._quotes[instrument_id] = (quote, asked)
        return asked

    def protect(self, request: ProtectionRequest) -> Asked:
        asked, question = Asked(), Protect(request)
        self._ask(self._orders, 1, question, lambda verdict: self._answered(asked, question, verdict, None))
        return asked

    def flush(self) -> None:
        """Send the quotes that were made in a turn of the bot."""
        if self._quotes and not self._is_quoting:
            self._is_quoting = True
            sides = 2 * min(len(self._quotes), MAX_QUOTES_PER_REQUEST)
            self._orders.send(1 + QUOTED_SIDE_TOKENS * sides, self._send_quotes)

    def _send_quotes(self) -> None:
        self._is_quoting = False
        names = list(self._quotes)[:MAX_QUOTES_PER_REQUEST]
        if not names:
            return
        sent = [self._quotes.pop(name) for name in names]
        question = Quote(QuotesRequest(quotes=[quote for quote, _ in sent]))
        asked = [asked for _, asked in sent]
        self._run.ask(question, lambda verdict: self._quoted(question, asked, verdict))
        self.flush()

    def _quoted(self, question: Quote, asked: list[Asked], verdict: Verdict) -> None:
        self._heed(verdict)
        if verdict.error is not None:
            for each in asked:
                each.answer(verdict.error)
            self._refuse(verdict.error, question, None, None)
            return
        for each, result in zip(asked, verdict.quotes, strict=False):
            if result.error is None:
                each.answer(None)
                continue
            error = ApiError(code=str(result.error.code), message=result.error.message, details=result.error.details)
            each.answer(error)
            self._refuse(error, question, None, result.instrument_id)

    # ---- the grid

    def rounded(self, instrument_id: str, price: float, rounding: Rounding) -> float:
        """The price on the instrument's grid. One of an unknown instrument stays, and the exchange refuses it."""
        instrument = self._run.instruments.get(instrument_id)
        return price if instrument is None else instrument.round_price(price, rounding)

    def lots(self, instrument_id: str, quantity: float) -> int:
        instrument = self._run.instruments.get(instrument_id)
        return int(quantity) if instrument is None else instrument.round_quantity(quantity)

    # ---- asking

    def _ask(
        self,
        pace: Pace,
        tokens: float,
        question: Question,
        answered: Callable[[Verdict], None],
        dropped: Callable[[], None] = lambda: None,
    ) -> None:
        def heard(verdict: Verdict) -> None:
            if verdict.error is not None and verdict.error.code == RATE_LIMITED and verdict.retry_after is not None:
                pace.hold_back(verdict.retry_after)
                pace.send(tokens, lambda: self._run.ask(question, heard), dropped)
            else:
                answered(verdict)

        pace.send(tokens, lambda: self._run.ask(question, heard), dropped)

    def _heed(self, verdict: Verdict) -> None:
        if verdict.retry_after is not None:
            self._orders.hold_back(verdict.retry_after)

    def _answered(self, asked: Asked, question: Question, verdict: Verdict, order: Order | None) -> None:
        asked.answer(verdict.error)
        if verdict.error is not None:
            self._refuse(verdict.error, question, order, None if order is None else order.instrument_id)

    def _refuse(self, error: ApiError, question: Question, order: Order | None, instrument_id: str | None) -> None:
        self._run.refused(
            Refusal(
                code=error.code,
                message=error.message,
                details=error.details,
                question=question,
                order=order,
                instrument_id=instrument_id,
            )
        )
