"""Names of a recording in the exchange in which it is played: others take part there, so ids are given to others."""

from collections import defaultdict, deque
from collections.abc import Iterable
from typing import Final

from msgspec import structs

from openoutcry.domain.commands import AmendOrder, BustTrade, CancelOrder, Command, RegisterTeam
from openoutcry.domain.events import Event, OrderAcknowledged, OrderExecuted, QuoteReplaced, TeamRegistered
from openoutcry.domain.identifiers import NO_ID
from openoutcry.domain.types import OrderId, TeamId, TradeId
from openoutcry.venue.reading.queries import Queries

_Pair = tuple[OrderId, OrderId]
"""The orders of a trade, the smaller id first."""

RENAMED: Final = "{} (recorded)"
"""How a recorded team is called whose name one of the others has."""


class NotHere(Exception):  # noqa: N818 - what is missing, named
    """The command is of a team, or names an order or a trade, that did not come to be here."""


class Translation:
    """Teams, orders and trades of the recording, and what they are called here. One that was never given to anybody in
    the recording keeps its name, unless somebody has it here.
    """

    def __init__(self, queries: Queries) -> None:
        """`queries`: of the exchange here."""
        self.teams: Final[dict[TeamId, TeamId]] = {}
        self.orders: Final[dict[OrderId, OrderId]] = {}
        self.recorded_orders: Final[dict[OrderId, OrderId]] = {}
        """The other way round, of orders too that have another name by now."""
        self._queries = queries
        self._given: set[OrderId] = set()
        self._pairs: dict[TradeId, _Pair] = {}
        self._recorded_trades: defaultdict[_Pair, list[TradeId]] = defaultdict(list)
        self._trades: defaultdict[_Pair, list[TradeId]] = defaultdict(list)

    # ---- commands

    def of(self, command: Command, taken_names: Iterable[str] = ()) -> Command:
        """The recorded command as it is to be given here. Raises `NotHere`.

        `taken_names`: of teams that only take part here.
        """
        if isinstance(command, RegisterTeam):
            name = command.team_name
            return structs.replace(command, team_name=RENAMED.format(name)) if name in taken_names else command
        if isinstance(command, BustTrade):
            return structs.replace(command, trade_id=self._trade(command.trade_id))
        recorded_team: TeamId | None = getattr(command, "team_id", None)
        if recorded_team is None:
            return command
        team_id = self.teams.get(recorded_team)
        if team_id is None:
            raise NotHere
        changed: dict[str, int] = {} if team_id == recorded_team else {"team_id": team_id}
        if isinstance(command, CancelOrder | AmendOrder):
            order_id = self._order(team_id, command.order_id)
            if order_id != command.order_id:
                changed["order_id"] = order_id
        return structs.replace(command, **changed) if changed else command

    def _order(self, team_id: TeamId, recorded: OrderId) -> OrderId:
        order_id = self.orders.get(recorded)
        if order_id is not None:
            return order_id
        if recorded in self._given:
            raise NotHere
        return recorded if self._queries.order(team_id, recorded) is None else OrderId(NO_ID)

    def _trade(self, recorded: TradeId) -> TradeId:
        """The same orders' trade: the first of them, if it was their first then."""
        pair = self._pairs.get(recorded)
        if pair is None:
            return TradeId(NO_ID)  # nobody's trade then: refused then, and now
        number = self._recorded_trades[pair].index(recorded)
        first, second = (self.orders.get(order_id) for order_id in pair)
        if first is None or second is None:
            raise NotHere
        trades = self._trades[(first, second) if first < second else (second, first)]
        if number >= len(trades):
            raise NotHere
        return trades[number]

    # ---- what came of them

    def learn(self, recorded: Iterable[Event], here: Iterable[Event]) -> None:
        """Take in what a command did in the recording, and what it did here."""
        entered: defaultdict[object, deque[OrderId]] = defaultdict(deque)
        quoted: dict[object, QuoteReplaced] = {}
        registered: TeamId | None = None
        executed: dict[TradeId, OrderId] = {}
        for event in recorded:
            match event:
                case OrderAcknowledged():
                    entered[self.teams.get(event.team_id), event.instrument_id, event.side].append(event.order_id)
                    self._given.add(event.order_id)
                case OrderExecuted():
                    pair = _pair_of(executed, event)
                    if pair is not None:
                        self._pairs[event.trade_id] = pair
                        self._recorded_trades[pair].append(event.trade_id)
                case QuoteReplaced():
                    quoted[self.teams.get(event.team_id), event.instrument_id] = event
                case TeamRegistered():
                    registered = event.new_team_id
        executed.clear()
        for event in here:
            match event:
                case OrderAcknowledged():
                    waiting = entered.get((event.team_id, event.instrument_id, event.side))
                    if waiting:
                        self._is(waiting.popleft(), event.order_id)
                case OrderExecuted():
                    pair = _pair_of(executed, event)
                    if pair is not None:
                        self._trades[pair].append(event.trade_id)
                case QuoteReplaced():
                    self._match_quotes(quoted.get((event.team_id, event.instrument_id)), event)
                case TeamRegistered() if registered is not None:
                    self.teams[registered] = event.new_team_id

    def _is(self, recorded: OrderId, order_id: OrderId) -> None:
        before = self.recorded_orders.get(order_id)
        if before is not None and before != recorded:
            # A quote that was replaced then and kept here: its earlier order is no more then.
            self.orders.pop(before, None)
        self.orders[recorded] = order_id
        self.recorded_orders[order_id] = recorded

    def _match_quotes(self, recorded: QuoteReplaced | None, here: QuoteReplaced) -> None:
        """An order that was kept in its place then may be a new one here, and the other way round."""
        if recorded is None:
            return
        for then, now in (
            (recorded.bid_order_id, here.bid_order_id),
            (recorded.ask_order_id, here.ask_order_id),
        ):
            if then is not None and now is not None:
                self._is(then, now)


def _pair_of(executed: dict[TradeId, OrderId], event: OrderExecuted) -> _Pair | None:
    """The orders of a trade, at the second of its two events. `executed`: the first order of each, as they come."""
    first, second = executed.setdefault(event.trade_id, event.order_id), event.order_id
    if first == second:
        return None
    return (first, second) if first < second else (second, first)
