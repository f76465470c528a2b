"""What must be true of a session: against the twin, against itself, and against the journal."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import zip_longest

from openoutcry.domain.identifiers import format_order_id
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.types import InstrumentId, OrderId
from openoutcry.protocol.responses import FillInfo
from openoutcry.protocol.stream import ExecutionReport, PositionUpdate, PrivateMessage
from proofs.order_flow.rows import WHOLE_FILE_FILLS, WHOLE_FILE_LOTS
from proofs.order_flow.session import Session
from proofs.order_flow.streams import DEPTH, RebuiltBook, whole_units
from proofs.order_flow.twin import BookChange, Twin, verdict_told
from proofs.report import Check, Report


def check_verdicts(report: Report, session: Session, twin: Twin) -> None:
    """Commands were sequenced as they were sent, and each verdict is the twin's. Leaves the twin at the end."""
    in_sequence = report.check("commands sequenced in the order of the file, nothing between them")
    verdicts = report.check("verdicts and order ids: REST = in-process replay")
    previous = 0
    for exchanged in session.exchanged:
        response = exchanged.answer.response
        what = f"sequence {exchanged.answer.sequence}"
        in_sequence.equal(what, expected=previous + 1, found=exchanged.answer.sequence)
        previous = exchanged.answer.sequence or 0
        verdict = twin.follow(exchanged)
        error = None if response.error is None else str(response.error.code)
        verdicts.equal(what, expected=verdict_told(verdict), found=(response.success, error))
        if isinstance(verdict, Accepted) and verdict.new_id and response.order_id is not None:
            verdicts.equal(what, expected=format_order_id(OrderId(verdict.new_id)), found=response.order_id)


def check_streams(report: Report, session: Session, twin: Twin) -> None:
    """What came on each stream is what the twin's events say, message for message."""
    private = report.check("private events, every field: WebSocket = in-process replay")
    complete = report.check("last private seq: WebSocket = GET as_of_seq")
    for team_id, reader in session.readers.items():
        _equal_lists(private, reader.name, twin.private.get(team_id, []), reader.events)
        complete.equal(reader.name, expected=session.answers[team_id].as_of_seq, found=reader.last_seq)
    public = session.public
    books = report.check("book changes, every level: WebSocket = in-process replay")
    changes = [
        BookChange(update.instrument_id, update.book_seq, update.bids, update.asks, update.sequence)
        for update in public.updates
    ]
    _equal_lists(books, "book change", twin.book_changes, changes)
    trades = report.check("public trades, every field: WebSocket = in-process replay")
    _equal_lists(trades, "trade", twin.trades, public.trades)


def check_books(report: Report, session: Session, twin: Twin) -> None:
    """Each book as rebuilt from its channel, as the server shows it, and as the twin holds it."""
    check = report.check("books rebuilt = GET /orderbook = in-process replay")
    for instrument_id, shown in session.books.items():
        rebuilt = session.public.books[instrument_id]
        found = (shown.book_seq, whole_units(shown.bids), whole_units(shown.asks))
        check.equal(f"{instrument_id} rebuilt", expected=_levels(rebuilt), found=found)
        depth = twin.venue.queries.depth(InstrumentId(instrument_id), DEPTH)
        replayed = None if depth is None else (depth.book_seq, list(depth.bids), list(depth.asks))
        check.equal(f"{instrument_id} replayed", expected=replayed, found=found)


def check_fills_and_positions(report: Report, session: Session) -> None:
    """Three accounts of the same trades must agree: the stream's, the list of fills, the positions."""
    fills = report.check("fills, every field: GET /fills = WebSocket")
    positions = report.check("positions: GET /positions = fills summed = last position_update")
    zero = report.check("positions of all teams sum to zero per instrument")
    totals: dict[str, int] = defaultdict(int)
    for team_id, reader in session.readers.items():
        answers = session.answers[team_id]
        _equal_lists(fills, f"{reader.name}'s fill", list(map(_as_fill, _executions(reader.events))), answers.fills)
        summed: dict[str, int] = defaultdict(int)
        for fill in answers.fills:
            summed[fill.instrument_id] += fill.quantity if fill.side == "buy" else -fill.quantity
        updated = {event.instrument_id: event.position for event in reader.events if isinstance(event, PositionUpdate)}
        positions.equal(f"{reader.name}, fills summed", expected=answers.positions, found=dict(summed))
        positions.equal(f"{reader.name}, position_update", expected=answers.positions, found=updated)
        for instrument_id, position in answers.positions.items():
            totals[instrument_id] += position
    for instrument_id in session.books:
        zero.equal(instrument_id, expected=0, found=totals[instrument_id])


def check_naive_counts(report: Report, session: Session) -> None:
    """The whole file trades what a plain replay of it trades."""
    counts = report.check("fills and lots of the whole file, as published with it")
    counts.equal("fills", expected=WHOLE_FILE_FILLS, found=len(session.public.trades))
    counts.equal("lots", expected=WHOLE_FILE_LOTS, found=sum(trade.quantity for trade in session.public.trades))


def check_state_hash(report: Report, twin: Twin, server: str | None, replayed: str) -> None:
    check = report.check("state hash: openoutcry replay = the server's at close = in-process replay")
    check.equal("openoutcry replay", expected=server, found=replayed)
    check.equal("in-process replay", expected=server, found=twin.venue.state_hash())


def _equal_lists(check: Check, what: str, expected: Iterable[object], found: Iterable[object]) -> None:
    for place, (wanted, got) in enumerate(zip_longest(expected, found), start=1):
        check.equal(f"{what} {place}", expected=wanted, found=got)


def _executions(events: Iterable[PrivateMessage]) -> Iterable[ExecutionReport]:
    return (event for event in events if isinstance(event, ExecutionReport))


def _as_fill(execution: ExecutionReport) -> FillInfo:
    return FillInfo(
        trade_id=execution.trade_id,
        order_id=execution.order_id,
        client_order_id=execution.client_order_id,
        instrument_id=execution.instrument_id,
        side=execution.side,
        price=execution.price,
        quantity=execution.quantity,
        liquidity_type=execution.liquidity_type,
        fees=execution.fees,
        timestamp=execution.timestamp,
    )


def _levels(book: RebuiltBook) -> tuple[int, list[tuple[int, int]], list[tuple[int, int]]]:
    return book.book_seq, book.bids, book.asks
