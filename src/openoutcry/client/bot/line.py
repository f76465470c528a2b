"""The seam between a bot and an exchange: what is asked, what comes back, and what a bot begins with."""

from collections.abc import Callable, Iterable
from typing import Protocol

from msgspec import Struct

from openoutcry.client.http.response import ApiError
from openoutcry.domain.orders import SideName
from openoutcry.protocol.requests import AmendRequest, OrderRequest, ProtectionRequest, QuotesRequest
from openoutcry.protocol.responses import AccountInfo, InstrumentInfo, MarketData, OrderInfo, QuoteResult

NOT_CONNECTED = "NOT_CONNECTED"
"""The code of a verdict on a request that never reached the exchange."""
OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"
"""The code of a verdict on a request that may have reached it, and whose answer is lost."""


class Submit(Struct, frozen=True, tag=True):
    order: OrderRequest


class Amend(Struct, frozen=True, tag=True):
    order_id: str
    terms: AmendRequest


class Cancel(Struct, frozen=True, tag=True):
    order_id: str


class CancelAll(Struct, frozen=True, tag=True):
    instrument_id: str | None = None
    side: SideName | None = None


class Quote(Struct, frozen=True, tag=True):
    request: QuotesRequest


class Protect(Struct, frozen=True, tag=True):
    request: ProtectionRequest


class ResetProtection(Struct, frozen=True, tag=True):
    group: str | None = None


class ShowMarket(Struct, frozen=True, tag=True):
    """How the session stands."""


Question = Submit | Amend | Cancel | CancelAll | Quote | Protect | ResetProtection | ShowMarket


class Verdict(Struct, kw_only=True):
    """The exchange's answer to a question. `error` is None if it was accepted.

    Its code is one of the exchange's, `NOT_CONNECTED` or `OUTCOME_UNKNOWN`. `quotes` are the results of a `Quote`,
    `cancelled` the ids of the orders that a `CancelAll` has cancelled, `market` the answer to `ShowMarket`.
    `retry_after`: seconds until a request that a rate limit has refused can pass.
    """

    error: ApiError | None = None
    order_id: str | None = None
    quotes: list[QuoteResult] = []
    cancelled: list[str] = []
    market: MarketData | None = None
    retry_after: float | None = None


class Standing(Struct, kw_only=True):
    """How things stand as a bot begins: nothing that the stream brings is older."""

    team_id: str
    account: AccountInfo
    market: MarketData
    instruments: list[InstrumentInfo]
    positions: dict[str, int]
    orders: list[OrderInfo]
    """Those that are open."""


class TimerHandle(Protocol):
    def cancel(self) -> None: ...


class CallLater(Protocol):
    def __call__(self, seconds: float, callback: Callable[[], None], /) -> TimerHandle: ...


class Line(Protocol):
    """One bot's access to an exchange, used from one thread. Nothing here calls the bot before it has returned."""

    @property
    def order_prefix(self) -> str:
        """What each `client_order_id` begins with. No other bot of the team has the same."""

    def ask(self, question: Question, answered: Callable[[Verdict], None]) -> None:
        """Put the question, and call `answered` once with the verdict. Nothing is raised.

        A line on which requests may overtake each other is sound.
        """

    def subscribe(self, channels: Iterable[str]) -> None:
        """Read these channels from now on. To be asked again for the snapshot of a book."""

    def call_later(self, seconds: float, callback: Callable[[], None]) -> TimerHandle:
        """Call `callback` after so many seconds of wall time."""

    def time(self) -> float:
        """Seconds of wall time that never go back."""
