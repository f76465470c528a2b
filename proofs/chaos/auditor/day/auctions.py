"""Calls and auctions: what may happen to orders in each phase, and what an uncross comes to."""

from collections import defaultdict
from collections.abc import Collection
from typing import Final, NamedTuple

from openoutcry.protocol.stream import ExecutionReport, NewOrderAck, OrderAmended, OrderCancelled, PrivateMessage
from proofs.chaos.auditor.day.timeline import AUCTIONS, CANCELLING, ENTERING, Timeline
from proofs.chaos.auditor.findings import Findings

PHASES: Final = "orders move only as the phase allows"
PRICE: Final = "an uncross leaves the least surplus"
UNCROSS: Final = "an uncross is at one price, of equal volume, without a fee"


class _Resting(NamedTuple):
    side: str
    price: float
    quantity: int


class Auctions:
    """Reads the events of all teams in the order of commands."""

    def __init__(self, timeline: Timeline, findings: Findings) -> None:
        self._timeline = timeline
        self._findings = findings
        self._books: defaultdict[str, dict[str, _Resting]] = defaultdict(dict)
        """By instrument, by order id: what is open."""

    def check(self, streams: list[list[PrivateMessage]]) -> None:
        events = sorted((event for stream in streams for event in stream), key=_in_order)
        auctions = [
            (first, end, instrument_id)
            for instrument_id in self._timeline.of
            for first, end in self._timeline.auctions_of(instrument_id)
        ]
        place = 0
        for first, end, instrument_id in sorted(auctions, key=_by_beginning):
            while place < len(events) and events[place].sequence < first:
                self._read(events[place])
                place += 1
            self._check_uncross(
                instrument_id,
                f"{instrument_id} from {first} to {end}",
                [
                    event
                    for event in events[place:]
                    if isinstance(event, ExecutionReport)
                    and event.instrument_id == instrument_id
                    and event.liquidity_type == "auction"
                    and (end is None or event.sequence <= end)
                ],
            )
        for event in events:
            self._check_phase(event)

    def _check_uncross(self, instrument_id: str, about: str, reports: list[ExecutionReport]) -> None:
        """`reports`: of this auction. The book is as it was when it began."""
        volume = {side: sum(each.quantity for each in reports if each.side == side) for side in ("buy", "sell")}
        self._findings.equal(UNCROSS, about, expected=volume["buy"], told=volume["sell"])
        self._findings.check(len({each.price for each in reports}) <= 1, UNCROSS, f"{about}: at more than one price")
        self._findings.check(not any(each.fees for each in reports), UNCROSS, f"{about}: fees were taken")
        orders = self._books[instrument_id].values()
        limits = {round(order.price * 100) for order in orders}
        # Between two limits, demand and supply are what they are beside either of them.
        rated = {tick: _rating(orders, tick / 100) for limit in limits for tick in (limit - 1, limit, limit + 1)}
        most, least_surplus = max(rated.values(), default=(0, 0))
        self._findings.equal(UNCROSS, f"{about}: volume of {orders}", expected=most, told=volume["buy"])
        if reports:
            expected = most, least_surplus
            self._findings.equal(PRICE, f"{about}", expected=expected, told=_rating(orders, reports[0].price))

    def _check_phase(self, event: PrivateMessage) -> None:
        match event:
            case NewOrderAck() | OrderAmended():
                allowed: tuple[str, ...] = ENTERING
            case OrderCancelled():
                allowed = CANCELLING
            case ExecutionReport():
                allowed = AUCTIONS if event.liquidity_type == "auction" else ("continuous",)
            case _:
                return
        phases = self._timeline.phases_in(event.instrument_id, event.sequence)
        self._findings.check(not phases.isdisjoint(allowed), PHASES, f"{event} in {phases}")

    def _read(self, event: PrivateMessage) -> None:
        if not isinstance(event, NewOrderAck | OrderAmended | ExecutionReport | OrderCancelled):
            return
        book = self._books[event.instrument_id]
        match event:
            case NewOrderAck(price=float() | int() as price):
                book[event.order_id] = _Resting(event.side, price, event.remaining_quantity)
            case OrderAmended():
                book[event.order_id] = _Resting(event.side, event.price, event.remaining_quantity)
            case ExecutionReport() if event.order_id in book:
                book[event.order_id] = book[event.order_id]._replace(quantity=event.remaining_quantity)
            case OrderCancelled():
                book.pop(event.order_id, None)
            case _:
                pass


def _rating(orders: Collection[_Resting], price: float) -> tuple[int, int]:
    """The better, the larger: the volume that trades at this price; the surplus, negative."""
    demand, supply = _demand(orders, price), _supply(orders, price)
    return min(demand, supply), -abs(demand - supply)


def _demand(orders: Collection[_Resting], price: float) -> int:
    return sum(order.quantity for order in orders if order.side == "buy" and order.price >= price)


def _supply(orders: Collection[_Resting], price: float) -> int:
    return sum(order.quantity for order in orders if order.side == "sell" and order.price <= price)


def _in_order(event: PrivateMessage) -> tuple[int, int]:
    return event.sequence, event.seq


def _by_beginning(auction: tuple[int, int | None, str]) -> tuple[int, str]:
    return auction[0], auction[2]
