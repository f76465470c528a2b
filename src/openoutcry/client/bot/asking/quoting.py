"""The quotes of a bot: those of one turn leave together, and one that waits gives way to a newer one.

It waits for the rate limit, and for the verdict on the quote before it in its instrument: on a slow or broken line the
exchange gets the newest quote next, and none of those between.
"""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Final

from openoutcry.client.bot.asking.pacing import Pace
from openoutcry.client.bot.line import CallLater, Question, Quote, Verdict
from openoutcry.client.bot.order import Asked
from openoutcry.client.http.response import ApiError
from openoutcry.domain.orders import SideName
from openoutcry.domain.types import MAX_QUOTES_PER_REQUEST
from openoutcry.protocol.requests import QuoteRequest, QuotesRequest

QUOTED_SIDE_TOKENS: Final = 0.05
"""What each side of a quote that changes costs, beside the request's own token, unless the scenario says otherwise. The
exchange takes it afterwards; should it take more, it holds the bot back.
"""


class Quoted(Asked):
    """What the bot holds of one quote. `order_ids`: bid and ask as they were accepted."""

    __slots__ = ("order_ids", "request", "wants_cancel")

    def __init__(self, request: QuoteRequest) -> None:
        super().__init__()
        self.request = request
        self.order_ids: tuple[str | None, str | None] = (None, None)
        self.wants_cancel = False
        """Whether it is not to be sent again."""


class Quoting:
    def __init__(
        self,
        pace: Pace,
        ask: Callable[[Question, Callable[[Verdict], None]], None],
        refuse: Callable[[ApiError, Question, str | None], None],
    ) -> None:
        """`refuse` is called with each refusal, its question and the instrument."""
        self._pace = pace
        self._ask = ask
        self._refuse = refuse
        self._unsent: dict[str, Quoted] = {}
        """The newest of each instrument that is still to be sent."""
        self._sent: dict[Quoted, None] = {}
        """Those that have no verdict yet."""
        self._newest: dict[str, Quoted] = {}
        """The last one of each instrument."""
        self._is_leaving = False
        """Whether a request with quotes waits for its tokens."""
        self._is_due = False
        """Whether they are to leave soon."""

    def quote(self, request: QuoteRequest) -> Quoted:
        """Send this when the turn is over, in place of what waits for the same instrument."""
        name = request.instrument_id
        quoted = Quoted(request)
        self._give_way(self._unsent.pop(name, None))
        self._unsent[name] = self._newest[name] = quoted
        return quoted

    def flush_soon(self, call_later: CallLater) -> None:
        """Send the quotes that are made now once the turn is over, which nothing else tells."""
        if not self._is_due:
            self._is_due = True
            call_later(0, self._flush_now)

    def _flush_now(self) -> None:
        self._is_due = False
        self.flush()

    def flush(self) -> None:
        """Send the quotes that were made in a turn of the bot."""
        if self._unsent and not self._is_leaving and (ready := self._ready()):
            self._is_leaving = True
            sides = 2 * len(ready)
            self._pace.send(1 + QUOTED_SIDE_TOKENS * sides, self._send, self._stay)

    def withdraw(self, instrument_id: str | None, side: SideName | None) -> list[Quoted]:
        """Send none of these that wait. Returns those that are under way."""
        for name, quoted in [each for each in self._unsent.items() if instrument_id in (None, each[0])]:
            request = quoted.request
            if side != "sell":
                request.bid_price = request.bid_quantity = None
            if side != "buy":
                request.ask_price = request.ask_quantity = None
            if request.bid_price is None and request.ask_price is None:
                del self._unsent[name]
                quoted.withdraw("It was cancelled before it left")
        under_way = [quoted for quoted in self._sent if instrument_id in (None, quoted.request.instrument_id)]
        for quoted in under_way:
            quoted.wants_cancel = True
        return under_way

    def is_newest(self, quoted: Quoted) -> bool:
        """Whether no other quote has been made in its instrument since."""
        return self._newest.get(quoted.request.instrument_id) is quoted

    def forget(self, instrument_id: str) -> None:
        """Let go of an instrument that has expired."""
        self._newest.pop(instrument_id, None)

    def _ready(self) -> list[str]:
        """The instruments that the next request can hold: those without a quote that is under way."""
        if not self._sent:
            return list(islice(self._unsent, MAX_QUOTES_PER_REQUEST))
        under_way = {quoted.request.instrument_id for quoted in self._sent}
        return list(islice((name for name in self._unsent if name not in under_way), MAX_QUOTES_PER_REQUEST))

    def _send(self) -> None:
        self._is_leaving = False
        sent = [self._unsent.pop(name) for name in self._ready()]
        if sent:
            self._sent.update(dict.fromkeys(sent))
            question = Quote(QuotesRequest(quotes=[quoted.request for quoted in sent]))
            self._ask(question, lambda verdict: self._judged(question, sent, verdict))
            self.flush()

    def _stay(self) -> None:
        self._is_leaving = False

    def _judged(self, question: Quote, sent: list[Quoted], verdict: Verdict) -> None:
        for quoted in sent:
            self._sent.pop(quoted, None)
        error = verdict.error
        if error is not None:
            if verdict.retry_after is not None:
                self._pace.hold_back(verdict.retry_after)
                self._send_again(sent)
                return
            for quoted in sent:
                quoted.answer(error)
            self._refuse(error, question, None)
        for quoted, result in zip(sent, verdict.quotes, strict=False):
            quoted.order_ids = (result.bid_order_id, result.ask_order_id)
            if result.error is None:
                quoted.answer(None)
                continue
            error = ApiError(code=str(result.error.code), message=result.error.message, details=result.error.details)
            quoted.answer(error)
            self._refuse(error, question, result.instrument_id)
        self.flush()

    def _send_again(self, refused: Iterable[Quoted]) -> None:
        """After a rate limit: those that are still the newest, before those that came later."""
        later, self._unsent = self._unsent, {}
        for quoted in refused:
            if self.is_newest(quoted) and not quoted.wants_cancel:
                self._unsent[quoted.request.instrument_id] = quoted
            else:
                self._give_way(quoted)
        self._unsent.update(later)
        self.flush()

    def _give_way(self, quoted: Quoted | None) -> None:
        if quoted is not None:
            quoted.withdraw("It was cancelled, or a newer quote has taken its place, before it left")
