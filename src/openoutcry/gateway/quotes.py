"""Replacing two-sided quotes. Executed before the answer, which says what became of each side."""

from collections import Counter
from typing import Final

from openoutcry.domain.commands import Price, QuoteTerms, ReplaceQuotes
from openoutcry.domain.events import Event, OrderAcknowledged, OrderAmended, OrderCancelled, QuoteReplaced
from openoutcry.domain.identifiers import format_order_id
from openoutcry.domain.orders import BUY, SELL, Side
from openoutcry.domain.reasons import CancelReason, Reject
from openoutcry.domain.types import InstrumentId, OrderId
from openoutcry.gateway.answer import Answer
from openoutcry.gateway.prices import price_from_wire
from openoutcry.gateway.receipts import Receipt
from openoutcry.gateway.refusals import malformed
from openoutcry.gateway.sequencing import accepted, perform, rejected
from openoutcry.protocol.requests import QuoteRequest, QuotesRequest
from openoutcry.protocol.responses import ApiError, QuoteResult, QuotesData
from openoutcry.runtime.exchange import Exchange

TOKENS_PER_CHANGED_SIDE: Final = 0.2


def replace_quotes(exchange: Exchange, receipt: Receipt, request: QuotesRequest) -> Answer[QuotesData]:
    """Replace the team's quotes in the named instruments.

    Admission took one token. Once it is known what changed, that token is given back and the true price is charged,
    even into debt: 0.2 for each side that was placed, pulled, made smaller or refused, nothing for one left as it was.
    """
    _refuse_repeated(request)
    sequenced, events = perform(
        exchange, ReplaceQuotes(receipt.team_id, tuple(_terms(exchange, quote) for quote in request.quotes))
    )
    if isinstance(sequenced.verdict, Reject):
        return rejected(receipt, sequenced, sequenced.verdict)
    if receipt.bucket is not None:
        receipt.bucket.charge(TOKENS_PER_CHANGED_SIDE * changed_sides(events) - 1)
    results = [_result(event) for event in events if isinstance(event, QuoteReplaced)]
    return accepted(receipt, sequenced, QuotesData(results, exchange.sequencer.queries.last_seq(receipt.team_id)))


def changed_sides(events: list[Event]) -> int:
    """Sides of quotes that these events of one replacement changed, or tried to."""
    changed: set[tuple[InstrumentId, Side]] = set()
    for event in events:
        match event:
            case QuoteReplaced():
                if event.bid_reject is not None:
                    changed.add((event.instrument_id, BUY))
                if event.ask_reject is not None:
                    changed.add((event.instrument_id, SELL))
            case OrderAcknowledged() | OrderAmended() | OrderCancelled(reason=CancelReason.QUOTE_REPLACED):
                changed.add((event.instrument_id, event.side))
            case _:
                pass
    return len(changed)


def _refuse_repeated(request: QuotesRequest) -> None:
    instrument_id, times = Counter(quote.instrument_id for quote in request.quotes).most_common(1)[0]
    if times > 1:
        raise malformed(
            "quotes", f"{instrument_id!r} is quoted {times} times; one quote per instrument, two sides in it"
        )


def _terms(exchange: Exchange, quote: QuoteRequest) -> QuoteTerms:
    instrument = exchange.sequencer.queries.instrument(quote.instrument_id)

    def price(asked: float | None) -> Price | None:
        return None if asked is None else price_from_wire(instrument, asked)

    return QuoteTerms(
        InstrumentId(quote.instrument_id),
        price(quote.bid_price),
        quote.bid_quantity or 0,
        price(quote.ask_price),
        quote.ask_quantity or 0,
    )


def _result(event: QuoteReplaced) -> QuoteResult:
    return QuoteResult(
        instrument_id=event.instrument_id,
        success=event.bid_reject is None and event.ask_reject is None,
        bid_order_id=_id(event.bid_order_id),
        ask_order_id=_id(event.ask_order_id),
        error=_error(event.bid_reject, event.ask_reject),
    )


def _id(order_id: OrderId | None) -> str | None:
    return None if order_id is None else format_order_id(order_id)


def _error(bid: Reject | None, ask: Reject | None) -> ApiError | None:
    """The refused side's error, which `details.side` names; of two refused sides the bid's, with `side` both."""
    reject = bid or ask
    if reject is None:
        return None
    side = "both" if bid and ask else "bid" if bid else "ask"
    return ApiError(code=reject.code, message=reject.message, details={"side": side} | (reject.details or {}))
