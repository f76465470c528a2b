"""Reading the venue: every answer is a frozen copy, so that no code outside holds its state."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import islice

from openoutcry.clearing.exposure import position_limit
from openoutcry.domain.commands import QuoteTerms
from openoutcry.domain.day.duties import DUTY_UNITS
from openoutcry.domain.day.quote_protection import ProtectedGroupView
from openoutcry.domain.events import IndicativeChanged, MarksPublished, QuoteReplaced
from openoutcry.domain.instruments import Instrument, InstrumentStatus, Settlement
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.types import ConnectionId, InstrumentId, Money, OrderId, TeamId, TimestampUs, TradeId
from openoutcry.domain.views import (
    AccountView,
    DayView,
    DepthView,
    DutyView,
    ExposureView,
    FillView,
    MarketView,
    OrderView,
    RegistrationView,
    StandingView,
    TeamView,
    TimerView,
    TradeView,
)
from openoutcry.matching.order import Fill, Order
from openoutcry.venue.cash.requirement import equity, requirement
from openoutcry.venue.duties.deltas import portfolio_delta
from openoutcry.venue.market import Market
from openoutcry.venue.marks import newest_marks
from openoutcry.venue.no_change import quote_without_effect
from openoutcry.venue.quote_protection import ProtectedGroup, QuoteProtection
from openoutcry.venue.state import VenueState
from openoutcry.venue.team import Holding, Team


class Queries:
    """All queries. Methods that take a team id expect one that is registered."""

    def __init__(self, state: VenueState) -> None:
        self._state = state
        self._closed: dict[TeamId, _ClosedOrders] = {}

    # Teams

    def team_of_key(self, key_hash: bytes) -> TeamId | None:
        """The team whose key has this SHA-256."""
        team = self._state.team_of_key.get(key_hash)
        return None if team is None else team.team_id

    def team(self, team_id: TeamId) -> TeamView | None:
        team = self._state.find_team(team_id)
        return None if team is None else _team_view(team)

    def teams(self) -> list[TeamView]:
        return [_team_view(team) for team in self._state.teams]

    def count_teams(self) -> int:
        return len(self._state.teams)

    def registrations(self, after: TeamId, limit: int) -> list[RegistrationView]:
        """The first `limit` of the teams after the one with the id `after`, in the order of their ids."""
        names = {first_team: name for name, first_team in self._state.owners.items()}
        return [
            RegistrationView(
                team_id=team.team_id,
                team_name=team.name,
                role=team.role,
                owner=names.get(TeamId(team.owner)),
                suspended=team.suspended,
                has_key=team.has_key,
                orders=len(team.open_orders) + len(team.closed_orders) + team.forgotten_orders,
            )
            for team in self._state.teams[after : after + limit]
        ]

    def has_key(self, team_id: TeamId) -> bool:
        """Whether anybody can ask in the team's name, and read its private stream."""
        return self._state.team(team_id).has_key

    def names_of_teams(self, after: int) -> list[str]:
        """Names of all teams but the first `after`, in the order of their ids."""
        return [team.name for team in self._state.teams[after:]]

    def names_of_owners(self, after: int) -> list[str]:
        """All owners that teams have named but the first `after`, in the order in which they came."""
        return list(islice(self._state.owners, after, None))

    def role_of(self, team_id: TeamId) -> str:
        return self._state.team(team_id).role

    def is_owned_by(self, team_id: TeamId, owner: str) -> bool:
        """Whether the team is one of this owner's."""
        return self._state.team(team_id).owner == self._state.owners.get(owner)

    def last_seq(self, team_id: TeamId) -> int:
        """The last place taken in the team's private stream; 0 before its first event."""
        return self._state.team(team_id).seq

    def account(self, team_id: TeamId) -> AccountView:
        team = self._state.team(team_id)
        return AccountView(
            team_id=team.team_id,
            team_name=team.name,
            role=team.role,
            suspended=team.suspended,
            cash=team.account.cash,
            realized_pnl=Money(sum(holding.position.realized_pnl for holding in team.holdings.values())),
            unrealized_pnl=Money(
                sum(
                    _unrealized_pnl(self._state.markets[instrument_id], holding)
                    for instrument_id, holding in team.holdings.items()
                )
            ),
            fees_paid=team.account.fees_paid,
            open_orders=len(team.open_orders),
            total_option_exposure=team.total_option_exposure,
            exposure=tuple(
                ExposureView(
                    instrument_id=instrument_id,
                    position=holding.position.quantity,
                    open_buy_quantity=holding.open_quantity[BUY],
                    open_sell_quantity=holding.open_quantity[SELL],
                    limit=position_limit(team.rules, self._state.markets[instrument_id].instrument),
                )
                for instrument_id, holding in sorted(team.holdings.items())
                if self._state.markets[instrument_id].settlement is None
            ),
            delta=portfolio_delta(self._state, team) * DUTY_UNITS // self._state.delta_unit,
            standing=self.standing(team_id),
            equity=Money(equity(self._state, team)),
            requirement=None if team.margin is None else Money(requirement(self._state, team, team.margin)),
        )

    def standing(self, team_id: TeamId) -> StandingView | None:
        """How the team stands with its duties and with sanctions; None if no rule of the game binds it."""
        standing = self._state.team(team_id).standing
        if standing is None:
            return None
        return StandingView(
            duties=tuple(
                DutyView(
                    duty=record.duty,
                    state=record.state,
                    measured=record.measured,
                    required=record.required,
                    since=record.since,
                )
                for record in standing.duties
            ),
            level=standing.level,
            level_since=standing.level_since,
            is_reduce_only=standing.is_reduce_only,
            utc_offset=self._state.day.utc_offset,
        )

    def positions(self, team_id: TeamId) -> dict[InstrumentId, int]:
        """Net position in each instrument that the team ever traded."""
        holdings = self._state.team(team_id).holdings
        return {
            instrument_id: holding.position.quantity
            for instrument_id, holding in sorted(holdings.items())
            if holding.has_traded
        }

    # Timers

    def cancel_at(self, team_id: TeamId) -> TimestampUs | None:
        """When the team's dead-man timer cancels everything; None if it is off."""
        return self._state.team(team_id).cancel_at

    def timers(self) -> list[TimerView]:
        """All running timers, by team; for each team the dead-man timer first, then its lost connections."""
        timers: list[TimerView] = []
        for team in self._state.teams:
            if team.cancel_at is not None:
                timers.append(TimerView(team_id=team.team_id, connection_id=None, due=team.cancel_at))
            timers += [
                TimerView(team_id=team.team_id, connection_id=connection_id, due=guard.due)
                for connection_id, guard in team.guards.items()
                if guard.due is not None
            ]
        return timers

    def due(self, team_id: TeamId, connection_id: ConnectionId | None) -> TimestampUs | None:
        """When this lost connection's timer is due, or (`connection_id` None) the dead-man timer; None: not running."""
        team = self._state.team(team_id)
        if connection_id is None:
            return team.cancel_at
        guard = team.guards.get(connection_id)
        return None if guard is None else guard.due

    def guarded_connections(self) -> list[tuple[TeamId, ConnectionId]]:
        """Connections whose loss would start a grace."""
        return [
            (team.team_id, connection_id)
            for team in self._state.teams
            for connection_id, guard in team.guards.items()
            if guard.due is None
        ]

    # Quotes

    def quote_without_effect(self, team_id: TeamId, quote: QuoteTerms) -> QuoteReplaced | None:
        """What the answer says of a quote that is refused as a whole, or leaves both sides as they are; else None."""
        return quote_without_effect(self._state, team_id, quote)

    def quote_protection(self, team_id: TeamId, now: TimestampUs) -> list[ProtectedGroupView]:
        """How each group's quotes are protected. `now`: the time, where there is no market time yet."""
        state = self._state
        protection, moment = state.team(team_id).protection or QuoteProtection(), state.market_now(now)
        ratios = state.rulebook.game.index_ratio
        return [
            _protected_group_view(
                underlying,
                protection.groups.get(underlying) or ProtectedGroup(protection.default),
                ratios.get(underlying, 1),
                moment,
                state.utc_offset,
            )
            for underlying in state.option_underlyings()
        ]

    # Orders and fills

    def open_orders(self, team_id: TeamId) -> list[OrderView]:
        """All of them, oldest first."""
        return [_order_view(order) for order in self._state.team(team_id).open_orders.values()]

    def open_orders_page(self, team_id: TeamId, *, limit: int, after: OrderId) -> tuple[list[OrderView], int]:
        """The oldest open orders with ids above `after`, at most `limit`, and how many come after these."""
        open_orders = self._state.team(team_id).open_orders
        ids = list(open_orders)  # in order, as `Team.open_orders` says
        start = bisect_right(ids, after)
        page = ids[start : start + limit]
        return [_order_view(open_orders[order_id]) for order_id in page], len(ids) - start - len(page)

    def closed_orders(self, team_id: TeamId, *, limit: int, before: OrderId | None) -> list[OrderView]:
        """The kept closed orders with ids below `before`, newest id first, at most `limit`."""
        closed = self._closed_orders(self._state.team(team_id))
        ids = closed.ids()
        end = len(ids) if before is None else bisect_left(ids, before)
        newest_first = (closed.order(ids[place]) for place in range(end - 1, -1, -1))
        return [_order_view(order) for order in islice(filter(None, newest_first), limit)]

    def forgotten_orders(self, team_id: TeamId) -> int:
        """How many closed orders of the team are no longer kept."""
        return self._state.team(team_id).forgotten_orders

    def forgotten_fills(self, team_id: TeamId) -> int:
        """How many fills of the team are no longer kept."""
        return self._state.team(team_id).forgotten_fills

    def order(self, team_id: TeamId, order_id: OrderId) -> OrderView | None:
        """One of the team's own orders, open, or closed and kept."""
        order = self._order(team_id, order_id)
        return None if order is None else _order_view(order)

    def order_by_client_id(self, team_id: TeamId, client_order_id: str) -> OrderView | None:
        """The team's order that has this client order id in the present trading session, as long as it is kept."""
        claim = self._state.team(team_id).claims.get(client_order_id)
        return None if claim is None else self.order(team_id, claim.order_id)

    def fills_of_order(self, team_id: TeamId, order_id: OrderId) -> list[FillView]:
        order = self._order(team_id, order_id)
        return [] if order is None or order.fills is None else self._fill_views(order.fills)

    def fills(self, team_id: TeamId, *, after: TradeId, limit: int) -> list[FillView]:
        """Those kept of trades after `after`, oldest first. A trade of the team with itself is never split: one more
        may come.
        """
        fills = self._state.team(team_id).fills
        start = bisect_right(fills, after, key=_trade_id)
        end = start + limit
        if start < end < len(fills) and _trade_id(fills[end]) == _trade_id(fills[end - 1]):
            end += 1
        return self._fill_views(islice(fills, start, end))

    def _fill_views(self, fills: Iterable[Fill]) -> list[FillView]:
        busted = self._state.busted_trades
        return [_fill_view(fill, _trade_id(fill) in busted) for fill in fills]

    # Markets

    def marks(self) -> MarksPublished | None:
        """The newest ones; None before the first session."""
        return newest_marks(self._state)

    def instruments(self) -> list[Instrument]:
        return [market.instrument for market in self._state.markets.values()]

    def instrument(self, instrument_id: str) -> Instrument | None:
        market = self._state.markets.get(instrument_id)
        return None if market is None else market.instrument

    def status(self, instrument_id: str) -> InstrumentStatus:
        """Where the instrument is in its life."""
        return self._state.markets[instrument_id].status

    def settlement(self, instrument_id: str) -> Settlement | None:
        """What the instrument was settled at; None before."""
        return self._state.markets[instrument_id].settlement

    def unsettled(self, expiry: str) -> list[Instrument]:
        """Options that are not settled though they expire on this day, `YYYYMMDD`, or before it."""
        return [
            market.instrument
            for market in self._state.markets.values()
            if market.settlement is None
            and market.instrument.option is not None
            and market.instrument.option.expiry <= expiry
        ]

    def depth(self, instrument_id: str, levels: int) -> DepthView | None:
        """The best `levels` levels on each side; None for an unknown instrument."""
        market = self._state.markets.get(instrument_id)
        if market is None:
            return None
        bids, asks = market.book.sides
        return DepthView(
            instrument_id=market.instrument.instrument_id,
            bids=bids.depth(levels),
            asks=asks.depth(levels),
            book_seq=market.view.seq,
        )

    def indicative(self, instrument_id: str) -> IndicativeChanged | None:
        """What an auction of the instrument would do now, as last told; None for an unknown instrument."""
        market = self._state.markets.get(instrument_id)
        return None if market is None else market.indicated()

    def trades(self, instrument_id: str, limit: int) -> list[TradeView] | None:
        """The most recent public trades, oldest first; None for an unknown instrument."""
        market = self._state.markets.get(instrument_id)
        if market is None:
            return None
        recent: Iterable[TradeView] = (
            TradeView(
                trade_id=trade.trade_id,
                instrument_id=trade.instrument_id,
                price=trade.price,
                quantity=trade.quantity,
                aggressor_side=trade.aggressor_side,
                time=time,
            )
            for time, trade in reversed(market.trades)
        )
        return list(islice(recent, limit))[::-1]

    def day(self) -> DayView:
        day = self._state.day
        return DayView(
            is_running=day.is_running,
            planned_start=day.planned_start,
            session_date=day.session_date,
            market_time=day.market_time,
            utc_offset=day.utc_offset,
            speed=day.speed,
            underlyings=dict(day.underlyings),
        )

    def market(self) -> MarketView:
        state = self._state
        coming = state.coming()
        return MarketView(
            phase=state.phase,
            trading_session=state.trading_session,
            next_phase=None if coming is None else coming.phase,
            next_at=None if coming is None else coming.earliest,
            instrument_phases={
                market.instrument_id: market.phase
                for market in state.markets.values()
                if market.phase != state.phase and not market.has_expired
            },
            halted=tuple(market.instrument_id for market in state.markets.values() if market.status == "halted"),
        )

    def _order(self, team_id: TeamId, order_id: OrderId) -> Order | None:
        team = self._state.team(team_id)
        return team.open_orders.get(order_id) or self._closed_orders(team).order(order_id)

    def _closed_orders(self, team: Team) -> "_ClosedOrders":
        closed = self._closed.get(team.team_id)
        if closed is None:
            closed = self._closed[team.team_id] = _ClosedOrders(team)
        closed.catch_up()
        return closed


class _ClosedOrders:
    """The closed orders of one team by their ids. Looked through when they are asked for: no command waits for it.

    It knows places, not orders: of a team that asks no more, no order is kept that the team has forgotten.
    """

    def __init__(self, team: Team) -> None:
        self._team = team
        self._numbers: dict[OrderId, int] = {}
        """How many had closed when each one had. Some of them may be forgotten by now."""
        self._ids: list[OrderId] = []
        self._closed = 0
        """How many orders had closed when this was brought up to date."""

    def catch_up(self) -> None:
        kept = len(self._team.closed_orders)
        closed = self._team.forgotten_orders + kept
        new = min(closed - self._closed, kept)
        if not new:
            return
        if len(self._numbers) + new > 2 * kept:
            self._numbers, self._ids, new = {}, [], kept
        for place, order in enumerate(islice(reversed(self._team.closed_orders), new)):
            self._numbers[order.order_id] = closed - place
            self._ids.append(order.order_id)
        self._closed = closed

    def order(self, order_id: OrderId) -> Order | None:
        """None for one that is not closed, or forgotten."""
        place = self._numbers.get(order_id, 0) - self._team.forgotten_orders - 1
        return self._team.closed_orders[place] if place >= 0 else None

    def ids(self) -> list[OrderId]:
        """Ascending; some of them may be of orders that are forgotten by now."""
        # What was sorted before is one run to the sort, which is a merge then.
        self._ids.sort()
        return self._ids


def _trade_id(fill: Fill) -> TradeId:
    return fill[1].trade_id


def _unrealized_pnl(market: Market, holding: Holding) -> Money:
    """The open position at the middle of the best bid and ask, else at the last trade, else at cost (which gives 0)."""
    position = holding.position
    if not position.quantity:
        return Money(0)
    best_bid, best_ask = (side.best for side in market.book.sides)
    if best_bid is not None and best_ask is not None:
        doubled_mark = best_bid.price + best_ask.price
    elif market.trades:
        doubled_mark = 2 * market.trades[-1][1].price
    else:
        return Money(0)
    return Money(position.quantity * doubled_mark * market.tick_value // 2 - position.cost_basis)


def _team_view(team: Team) -> TeamView:
    return TeamView(team_id=team.team_id, team_name=team.name, role=team.role, suspended=team.suspended)


def _protected_group_view(
    underlying: str, group: ProtectedGroup, per_index: int, moment: TimestampUs, utc_offset: int | None
) -> ProtectedGroupView:
    is_counting, is_frozen = group.is_counting_at(moment), group.is_frozen_at(moment)
    return ProtectedGroupView(
        group=underlying,
        settings=group.settings,
        quantity=group.quantity if is_counting else 0,
        delta=abs(group.delta) // per_index if is_counting else 0,
        vega=abs(group.vega) if is_counting else 0,
        window_ends=group.window_ends if is_counting else None,
        is_frozen=is_frozen,
        frozen_until=group.frozen_until if is_frozen else None,
        utc_offset=utc_offset,
    )


def _order_view(order: Order) -> OrderView:
    return OrderView(
        order_id=order.order_id,
        client_order_id=order.client_order_id,
        instrument_id=order.instrument_id,
        side=order.side,
        price=order.price,
        quantity=order.quantity,
        remaining_quantity=order.remaining_quantity,
        status=order.status,
        time_in_force=order.time_in_force,
        post_only=order.post_only,
        submitted_at=order.submitted_at,
    )


def _fill_view(fill: Fill, busted: bool) -> FillView:
    time, event = fill
    return FillView(
        trade_id=event.trade_id,
        order_id=event.order_id,
        client_order_id=event.client_order_id,
        instrument_id=event.instrument_id,
        side=event.side,
        price=event.price,
        quantity=event.quantity,
        liquidity_type=event.liquidity_type,
        fees=event.fees,
        time=time,
        busted=busted,
    )
