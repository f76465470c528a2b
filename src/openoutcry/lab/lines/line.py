"""A bot's line to an exchange in the same process: operations for questions, the stream's messages, virtual latency."""

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar, assert_never

from openoutcry.access.caller import Caller
from openoutcry.access.gate import take_token
from openoutcry.access.rate_limits import Buckets, Charge
from openoutcry.access.refusals import Refused
from openoutcry.client.bot.line import (
    Amend,
    Cancel,
    CancelAll,
    Protect,
    Question,
    Quote,
    ResetProtection,
    ShowMarket,
    Standing,
    Submit,
    TimerHandle,
    Verdict,
)
from openoutcry.client.http.response import ApiError
from openoutcry.domain.reasons import Reject
from openoutcry.domain.types import TeamId
from openoutcry.lab.lines.latency import Latency
from openoutcry.lab.lines.transport import Listener, Transport
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.operations import market, order_changes, order_entry, quote_protection, quotes
from openoutcry.operations.own import account, orders
from openoutcry.operations.result import Result
from openoutcry.protocol.channels import parse_channel
from openoutcry.protocol.queries import MassCancelQuery, OrdersQuery
from openoutcry.protocol.requests import ProtectionResetRequest
from openoutcry.protocol.responses import CancelledData, MarketData, QuotesData
from openoutcry.runtime.exchange import Exchange

T = TypeVar("T")

_SECOND_US: Final = 1_000_000

_CHARGES: Final[dict[type, Charge]] = {Cancel: "cancels", CancelAll: "cancels", ShowMarket: "reads"}
"""The bucket that pays for a question, where it is not that of orders."""


class LabLine:
    """What a bot has in place of a network. Requests arrive in the order in which they left, and so do messages."""

    order_prefix: Final = "b"

    def __init__(
        self,
        exchange: Exchange,
        time: VirtualTime,
        team_id: TeamId,
        buckets: Buckets,
        latency: Latency,
    ) -> None:
        self.receive: Callable[[list[bytes]], None] = _ignore
        """Called with messages, in JSON, when they arrive: those of one turn arrive together."""
        self._exchange = exchange
        self._time = time
        self._team_id = team_id
        self._buckets = buckets
        self._latency = latency
        self._transport = Transport(exchange, Caller(team_id))
        self._listener: Listener | None = None
        self._next_there = self._next_back = 0
        """The earliest instants at which what leaves now may arrive: nothing overtakes."""

    # ---- what a bot begins with

    def standing(self) -> Standing:
        """How things stand; messages follow from here on."""
        if self._listener is None:
            self._listener = self._transport.open(self._left)
        ask = self._transport.ask
        mine = _data(ask(account.show_account))
        return Standing(
            team_id=mine.account.team_id,
            account=mine.account,
            market=_data(ask(market.show_market)),
            instruments=_data(ask(market.list_instruments)).instruments,
            positions=_data(ask(account.show_positions)).positions,
            orders=_data(ask(orders.list_orders, OrdersQuery())).orders,
        )

    def market_time(self) -> str | None:
        """What the market's clock says at the exchange."""
        return _data(self._transport.ask(market.show_market)).market_time

    def end(self) -> None:
        """Bring no more messages."""
        if self._listener is not None:
            self._listener.end()
            self._listener = None

    # ---- `Line`

    def ask(self, question: Question, answered: Callable[[Verdict], None]) -> None:
        def arrives() -> None:
            verdict = self._carry_out(question)
            self._next_back = self._at(self._next_back, self._latency.back(), lambda: answered(verdict))

        self._next_there = self._at(self._next_there, self._latency.there(), arrives)

    def subscribe(self, channels: Iterable[str]) -> None:
        names = [name for name in map(parse_channel, channels) if name is not None]
        knows = self._exchange.public_channels.knows

        def arrives() -> None:
            if self._listener is not None:
                self._listener.subscribe(
                    [name for name in names if name.instrument_id is None or knows(name.instrument_id)]
                )

        self._next_there = self._at(self._next_there, self._latency.there(), arrives)

    def call_later(self, seconds: float, callback: Callable[[], None]) -> TimerHandle:
        return self._time.call_later(seconds, callback)

    def time(self) -> float:
        return self._time.now() / _SECOND_US

    # ---- on the way

    def _at(self, earliest: int, microseconds: int, callback: Callable[[], None]) -> int:
        at = max(earliest, self._time.now() + microseconds)
        self._time.call_at(at, callback)
        return at

    def _left(self, messages: list[bytes]) -> None:
        """Messages of one turn travel together."""
        self._next_back = self._at(self._next_back, self._latency.back(), lambda: self.receive(messages))

    # ---- at the exchange

    def _carry_out(self, question: Question) -> Verdict:
        charge: Charge = _CHARGES.get(type(question), "orders")
        bucket = self._buckets.of_team(self._team_id, charge, self._exchange.sequencer.queries.role_of)
        try:
            take_token(bucket)
        except Refused as refused:
            return Verdict(error=_error(refused.reject), retry_after=refused.retry_after_seconds)
        return _verdict(_carried_out(Transport(self._exchange, Caller(self._team_id, bucket)), question))


def _ignore(_messages: list[bytes]) -> None:
    """There is no bot yet."""


def _carried_out(transport: Transport, question: Question) -> Result[Any]:
    match question:
        case Submit(order):
            return transport.ask(order_entry.submit_order, order)
        case Quote(request):
            return transport.ask(quotes.replace_quotes, request)
        case Amend(order_id, terms):
            return transport.ask(order_changes.amend_order, order_id, terms)
        case Cancel(order_id):
            return transport.ask(order_changes.cancel_order, order_id)
        case CancelAll(instrument_id, side):
            return transport.ask(order_changes.mass_cancel, MassCancelQuery(instrument_id=instrument_id, side=side))
        case Protect(request):
            return transport.ask(quote_protection.set_protection, request)
        case ResetProtection(group):
            return transport.ask(quote_protection.reset_protection, ProtectionResetRequest(group=group))
        case ShowMarket():
            return transport.ask(market.show_market)
        case _:
            assert_never(question)


def _verdict(result: Result[Any]) -> Verdict:
    if result.reject is not None:
        return Verdict(error=_error(result.reject))
    data = result.data
    return Verdict(
        order_id=result.order_id,
        quotes=data.results if isinstance(data, QuotesData) else [],
        cancelled=data.cancelled if isinstance(data, CancelledData) else [],
        market=data if isinstance(data, MarketData) else None,
    )


def _error(reject: Reject) -> ApiError:
    return ApiError(code=reject.code.value, message=reject.message, details=reject.details)


def _data(result: Result[T]) -> T:
    assert result.data is not None, result.reject  # noqa: S101 - a registered team may ask for it
    return result.data
