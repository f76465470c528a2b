"""Replacing two-sided quotes. Executed before the result, which tells the outcome of each side."""

from collections import Counter

from openoutcry.access.caller import Caller
from openoutcry.access.refusals import malformed
from openoutcry.domain.commands import Price, QuoteTerms, ReplaceQuotes
from openoutcry.domain.events import Event, OrderAcknowledged, OrderAmended, OrderCancelled, QuoteReplaced
from openoutcry.domain.identifiers import format_order_id
from openoutcry.domain.orders import BUY, SELL, SIDES, Side
from openoutcry.domain.reasons import CancelReason, Reject
from openoutcry.domain.types import InstrumentId, OrderId
from openoutcry.operations.commands import accepted, change, rejected
from openoutcry.operations.result import Result
from openoutcry.protocol.requests import QuoteRequest, QuotesRequest
from openoutcry.protocol.responses import ApiError, QuoteResult, QuotesData
from openoutcry.protocol.translation.prices import price_from_wire
from openoutcry.runtime.exchange import Exchange


def replace_quotes(exchange: Exchange, caller: Caller, request: QuotesRequest) -> Result[QuotesData]:
    """Replace the team's quotes in the named instruments.

    Admission took the request's token. Each side that was placed, pulled, made smaller or refused costs
    the scenario's `changed_side_tokens` more, into debt if need be. Quotes without effect do not reach the venue, nor
    the journal.
    """
    _refuse_repeated(request)
    queries, team_id = exchange.sequencer.queries, caller.team_id
    terms = [_terms(exchange, quote) for quote in request.quotes]
    foretold = [queries.quote_without_effect(team_id, quote) for quote in terms]
    changes = tuple(quote for quote, result in zip(terms, foretold, strict=True) if result is None)
    sequenced, events = change(exchange, ReplaceQuotes(team_id, changes))
    if isinstance(sequenced.verdict, Reject):
        _charge(exchange, caller, len(SIDES) * len(changes))
        return rejected(sequenced, sequenced.verdict)
    replaced = (event for event in events if isinstance(event, QuoteReplaced))
    results = [next(replaced) if result is None else result for result in foretold]
    _charge(exchange, caller, changed_sides([*events, *results]))
    last_seq = exchange.sequencer.queries.last_seq(team_id)
    return accepted(sequenced, QuotesData([_result(exchange, result) for result in results], last_seq))


def _charge(exchange: Exchange, caller: Caller, sides: int) -> None:
    if caller.bucket is not None:
        caller.bucket.charge(exchange.scenario.rate_limits.changed_side_tokens * sides)


def changed_sides(events: list[Event]) -> int:
    """The number of sides that one replacement changed, or tried to, by its events and results."""
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


def _result(exchange: Exchange, event: QuoteReplaced) -> QuoteResult:
    error = _error(event.bid_reject, event.ask_reject)
    if error is not None:
        exchange.conduct.note_refusal(event.team_id, error.code)
    return QuoteResult(
        instrument_id=event.instrument_id,
        success=error is None,
        bid_order_id=_id(event.bid_order_id),
        ask_order_id=_id(event.ask_order_id),
        error=error,
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
