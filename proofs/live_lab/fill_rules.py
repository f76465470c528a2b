"""The rules of fills, by arithmetic of its own over what a finished data directory tells: nothing of it is the venue's.

A continuous trade is at the price of the order that rested, which was first in price and time among the orders of
others; the trades of an auction have one price; no order trades beyond its limit or its quantity.
"""

from collections import defaultdict
from pathlib import Path

from msgspec import Struct

from openoutcry.domain.events import Event, OrderAcknowledged, OrderAmended, OrderCancelled, OrderExecuted
from openoutcry.domain.orders import BUY
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import TeamId
from openoutcry.runtime.recovery.replay import replay
from proofs.played_journal import PlayedJournal


class Resting(Struct):
    """An open order as its owner was told of it."""

    team_id: TeamId
    price: int | None
    left: int
    place: int
    """Among orders at its price: from when it entered, or lost its place."""


class FillRules:
    """`wrong`: what contradicts the rules."""

    def __init__(self) -> None:
        self.fills = 0
        self.wrong: list[str] = []
        self._open: defaultdict[tuple[str, int], dict[int, Resting]] = defaultdict(dict)
        self._places = 0

    def follow(self, _record: Sequenced, events: list[Event]) -> None:
        trades: defaultdict[int, list[OrderExecuted]] = defaultdict(list)
        for event in events:
            if isinstance(event, OrderExecuted):
                trades[event.trade_id].append(event)
        for event in events:
            match event:
                case OrderAcknowledged():
                    self._enter(event)
                case OrderExecuted():
                    self._fill(event, {fill.team_id for fill in trades[event.trade_id]})
                case OrderAmended():
                    self._amend(event)
                case OrderCancelled():
                    self._open[event.instrument_id, event.side].pop(event.order_id, None)
        if trades:
            self._judge(list(trades.values()))

    def _enter(self, event: OrderAcknowledged) -> None:
        self._places += 1
        self._open[event.instrument_id, event.side][event.order_id] = Resting(
            event.team_id, event.price, event.quantity, self._places
        )

    def _amend(self, event: OrderAmended) -> None:
        order = self._open[event.instrument_id, event.side][event.order_id]
        order.price, order.left = event.price, event.remaining_quantity
        if not event.kept_priority:
            self._places += 1
            order.place = self._places

    def _fill(self, event: OrderExecuted, teams: set[TeamId]) -> None:
        self.fills += 1
        side = self._open[event.instrument_id, event.side]
        order = side.get(event.order_id)
        if order is None:
            self.wrong.append(f"trade {event.trade_id} is of an order that is not open")
            return
        if order.price is not None and _is_better(event.side, event.price, order.price):
            self.wrong.append(f"trade {event.trade_id} is beyond the limit of its order")
        if event.liquidity_type == "maker" and order.price != event.price:
            self.wrong.append(f"trade {event.trade_id} is not at the price of the order that rested")
        order.left -= event.quantity
        if order.left != event.remaining_quantity or order.left < 0:
            self.wrong.append(f"trade {event.trade_id} leaves {event.remaining_quantity}, not {order.left}")
        if event.liquidity_type == "maker" and (ahead := self._ahead(side, event, order, teams)):
            self.wrong.append(f"trade {event.trade_id} passes over the orders {ahead}")
        if not order.left:
            del side[event.order_id]

    def _ahead(self, side: dict[int, Resting], event: OrderExecuted, order: Resting, teams: set[TeamId]) -> list[int]:
        """Orders of the same side that had to trade first. A team's orders never trade with each other."""
        assert order.price is not None, "what rests has a price"  # noqa: S101
        (taker,) = teams - {event.team_id} or {event.team_id}
        return [
            order_id
            for order_id, each in side.items()
            if each.price is not None
            and each.team_id != taker
            and (
                _is_better(event.side, each.price, order.price)
                or (each.price == order.price and each.place < order.place)
            )
        ]

    def _judge(self, trades: list[list[OrderExecuted]]) -> None:
        auctions: defaultdict[str, set[int]] = defaultdict(set)
        for fills in trades:
            number = fills[0].trade_id
            if len(fills) != 2 or fills[0].side == fills[1].side:
                self.wrong.append(f"trade {number} has not a buyer and a seller")
            elif (fills[0].price, fills[0].quantity) != (fills[1].price, fills[1].quantity):
                self.wrong.append(f"trade {number} is told otherwise to the other side")
            elif fills[0].team_id == fills[1].team_id:
                self.wrong.append(f"trade {number} is of a team with itself")
            if fills[0].liquidity_type == "auction":
                auctions[fills[0].instrument_id].add(fills[0].price)
        for instrument_id, prices in auctions.items():
            if len(prices) > 1:
                self.wrong.append(f"an auction in {instrument_id} has the prices {sorted(prices)}")


def _is_better(side: int, price: int, than: int) -> bool:
    """For whoever is to trade with an order of this side: a higher bid, a lower offer."""
    return price > than if side == BUY else price < than


def judged(data: Path) -> FillRules:
    """Replay the journal in `data`. Raises `ReplayFailed`."""
    journal, rules = PlayedJournal(data), FillRules()
    for _ in replay(journal.reader, journal.venue, [rules.follow]):
        pass
    return rules
