"""One team: its identity, holdings, working orders and kept history."""

from collections import deque
from typing import TYPE_CHECKING

from openoutcry.clearing.account import Account
from openoutcry.clearing.exposure import instrument_exposure
from openoutcry.clearing.position import Position
from openoutcry.domain.claims import Claim
from openoutcry.domain.commands import NO_KEY
from openoutcry.domain.day.marks import Mark
from openoutcry.domain.orders import BUY, CLOSED_STATUSES, Side
from openoutcry.domain.rulebook import OWN_ROLES, HistoryLimits, RoleRules
from openoutcry.domain.types import ConnectionId, InstrumentId, MarketTime, OrderId, TeamId, TimestampUs
from openoutcry.matching.order import Fill, Order
from openoutcry.venue.state.margin import Margin
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.quote_protection import QuoteProtection
from openoutcry.venue.state.standing import Standing

if TYPE_CHECKING:
    from mypy_extensions import i64


class Holding:
    """One team's position and working orders in one instrument. `[side]` indexes the pairs."""

    __slots__ = (
        "counts_as_option",
        "exposure",
        "has_traded",
        "hash_share",
        "instrument_id",
        "is_to_be_summed",
        "is_to_be_told",
        "open_orders",
        "open_quantity",
        "position",
        "quote_entered",
        "quote_filled_at",
        "quotes",
    )

    def __init__(self, instrument_id: InstrumentId, counts_as_option: bool) -> None:
        self.instrument_id = instrument_id
        self.position = Position()
        self.has_traded = False
        self.is_to_be_told = False
        """Whether the command under way has changed the position."""
        self.open_quantity = [0, 0]
        self.open_orders = [0, 0]
        self.quotes: list[Order | None] = [None, None]
        self.quote_entered: tuple[int, int] | None = None
        """The theoretical value when the quote was entered or last changed, and its spread then, both in money. None if
        there was no theoretical value."""
        self.quote_filled_at: list[MarketTime | None] = [None, None]
        """When a protected quote was last filled."""
        self.counts_as_option = counts_as_option
        self.exposure = 0
        """Share of the team's total option exposure, as last counted."""
        self.hash_share = 0
        """Share of the team's `positions_sum`, as last counted."""
        self.is_to_be_summed = False
        """Whether it is among the team's `changed_holdings`."""

    def quote(self, side: Side) -> Order | None:
        """The team's quote at work on `side`, if any."""
        quote = self.quotes[side]
        return None if quote is None or quote.status in CLOSED_STATUSES else quote

    def value_and_spread(self, market: Market, mark: Mark) -> tuple[int, int] | None:
        """The theoretical value, and the spread of the quote as it stands, both in money.

        A quote of one side counts as if it had its other side as far from the value.
        """
        bid, ask = self.quotes
        tick, value = market.instrument.tick_size, mark.value
        # A quote at work rests.
        bid_price = None if bid is None or bid.level is None else bid.price
        ask_price = None if ask is None or ask.level is None else ask.price
        if bid_price is None:
            return None if ask_price is None else (value, 2 * abs(ask_price * tick - value))
        if ask_price is None:
            return value, 2 * abs(value - bid_price * tick)
        return value, (ask_price - bid_price) * tick


class Guard:
    """A connection whose loss cancels its team's orders after a grace. `due` None: it stands."""

    __slots__ = ("due", "grace_seconds")

    def __init__(self, grace_seconds: int) -> None:
        self.grace_seconds = grace_seconds
        self.due: TimestampUs | None = None


class Team:
    """One team: who it is, what it has, and its place in its private stream."""

    __slots__ = (
        "account",
        "cancel_at",
        "changed_holdings",
        "claims",
        "closed_orders",
        "fill_count",
        "fills",
        "forgotten_orders",
        "guards",
        "has_limits",
        "history",
        "holdings",
        "kept_orders",
        "key_hash",
        "margin",
        "name",
        "nonce",
        "open_orders",
        "owner",
        "positions_sum",
        "protection",
        "role",
        "rules",
        "seq",
        "standing",
        "suspended",
        "team_id",
        "total_option_exposure",
        "working_sum",
    )

    def __init__(
        self,
        team_id: TeamId,
        name: str,
        role: str,
        rules: RoleRules,
        owner: int,
        key_hash: bytes,
        history: HistoryLimits,
    ) -> None:
        self.team_id = team_id
        self.name = name
        self.role = role
        self.rules = rules
        self.has_limits = role not in OWN_ROLES
        """Whether there are limits that it could reach."""
        self.owner = owner
        self.key_hash = key_hash
        self.nonce: str | None = None
        """Its part in the seeds of sessions that start after its registration."""
        self.suspended = False
        self.standing: Standing | None = None
        """None: no rule of the game binds it."""
        self.margin: Margin | None = None
        """None: its cash is not checked."""
        self.seq = 0
        self.account = Account(rules.starting_cash)
        self.holdings: dict[InstrumentId, Holding] = {}
        self.total_option_exposure = 0
        self.working_sum: i64 = 0
        """What open orders count in a live hash: id times rank times remaining quantity of each, together. Modulo 2**64
        where this runs compiled, else without a bound: its last 62 bits are the same.
        """
        self.positions_sum = 0
        """What holdings count there, together, as of the last one; since then `changed_holdings` have changed."""
        self.changed_holdings: list[Holding] = []
        self.open_orders: dict[OrderId, Order] = {}
        """In order of their ids: no order ever opens again, and an amended one keeps its place."""
        self.history = history
        self.kept_orders = history.closed_orders
        self.closed_orders: deque[Order] = deque()
        """In the order in which they closed: the first one is the next to be forgotten."""
        self.forgotten_orders = 0
        self.claims: dict[str, Claim] = {}
        """Of orders that are open or kept, accepted in the present trading session."""
        self.fills: deque[Fill] = deque(maxlen=history.fills)
        """Past the limit the oldest is forgotten, though not by its order, as long as that is kept."""
        self.fill_count = 0
        self.cancel_at: TimestampUs | None = None
        """When the dead-man timer cancels everything."""
        self.guards: dict[ConnectionId, Guard] = {}
        self.protection: QuoteProtection | None = None
        """None until the team first asks for any."""

    @property
    def has_key(self) -> bool:
        """Whether anybody can ask in its name, and read its private stream."""
        return self.key_hash != NO_KEY

    def holding(self, market: Market) -> Holding:
        """The team's holding in the market's instrument, made at first use."""
        holding = self.holdings.get(market.instrument_id)
        if holding is None:
            holding = self.holdings[market.instrument_id] = Holding(market.instrument_id, market.is_option)
        return holding

    def close(self, order: Order) -> None:
        """Make a finished order history. Past the limit the one that finished first is forgotten, with its claim."""
        closed = self.closed_orders
        closed.append(order)
        if len(closed) > self.kept_orders:
            self._forget(closed.popleft())

    def working_sum_made_anew(self) -> "i64":
        """What `working_sum` must be: from every open order."""
        total: i64 = 0
        for order in self.open_orders.values():
            order_id: i64 = order.order_id
            total += order_id * order.rank * order.remaining_quantity
        return total

    def traded(self, holding: Holding) -> None:
        """Note that the position has changed, for the first time at all or since the last live hash."""
        holding.has_traded = True
        self.to_be_summed(holding)

    def to_be_summed(self, holding: Holding) -> None:
        """Note that what the holding counts in a live hash has changed."""
        if not holding.is_to_be_summed:
            holding.is_to_be_summed = True
            self.changed_holdings.append(holding)

    def quoted(self, market: Market, holding: Holding) -> None:
        """Note that the team has entered or changed its quote, which stands now at the market's theoretical value."""
        entered = None if market.mark is None else holding.value_and_spread(market, market.mark)
        if holding.quote_entered != entered:
            holding.quote_entered = entered
            self.to_be_summed(holding)

    def quote_filled(self, order: Order, market_time: MarketTime | None) -> None:
        """Note when a quote was filled."""
        holding = self.holdings[order.instrument_id]
        if holding.quote_filled_at[order.side] != market_time:
            holding.quote_filled_at[order.side] = market_time
            self.to_be_summed(holding)

    def keep_fill(self, order: Order, fill: Fill) -> None:
        """Make a fill history, of its order and of the team."""
        if order.fills is None:
            order.fills = [fill]
        else:
            order.fills.append(fill)
        self.fills.append(fill)
        self.fill_count += 1

    @property
    def forgotten_fills(self) -> int:
        return self.fill_count - len(self.fills)

    def _forget(self, order: Order) -> None:
        self.forgotten_orders += 1
        client_order_id = order.client_order_id
        if client_order_id is not None:
            claim = self.claims.get(client_order_id)
            # In a later session it may be another order's.
            if claim is not None and claim.order_id == order.order_id:
                del self.claims[client_order_id]

    def work(self, holding: Holding, order: Order, quantity: int, orders: int) -> None:
        """Count `quantity` of `order`, at its price, and `orders` more (or fewer) as working, and the option exposure
        anew, which a position counts for too.

        Working quantity and exposure change in no other way.
        """
        if quantity:
            side = order.side
            holding.open_quantity[side] += quantity
            holding.open_orders[side] += orders
            order_id: i64 = order.order_id
            self.working_sum += order_id * order.rank * quantity
        if holding.counts_as_option:
            # `_count_exposure`, written out: the calls would cost a fiftieth of an order.
            buys, sells = holding.open_quantity
            position = holding.position.quantity
            grown, turned = position + buys, sells - position
            exposure = grown if grown > turned else turned  # noqa: FURB136 - as in `instrument_exposure`
            if exposure != holding.exposure:
                self.total_option_exposure += exposure - holding.exposure
                holding.exposure = exposure
        margin = self.margin
        if margin is not None:
            if not order.is_quote if quantity > 0 else holding.open_quantity[order.side]:
                # It was added to no bound; or what stays may lose more alone, where the order that goes would gain.
                margin.at_most = None
            margin.work(holding.instrument_id, order.side, order.price, quantity, holding.position)

    def position_changed(self, holding: Holding) -> None:
        """Note that the position has changed, and not by an order of the team."""
        self.traded(holding)
        if holding.counts_as_option:
            self._count_exposure(holding)
        if self.margin is not None:
            self.margin.work(holding.instrument_id, BUY, None, 0, holding.position)

    def _count_exposure(self, holding: Holding) -> None:
        """Count an option's share of the exposure anew: its position or its working orders have changed."""
        buys, sells = holding.open_quantity
        exposure = instrument_exposure(holding.position.quantity, buys, sells)
        if exposure != holding.exposure:
            self.total_option_exposure += exposure - holding.exposure
            holding.exposure = exposure
