"""Reading the venue: every answer is a frozen copy, so that no code outside holds its state."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import islice

from openoutcry.domain.commands import QuoteTerms
from openoutcry.domain.day.quote_protection import ProtectedGroupView
from openoutcry.domain.day.timers import PhaseDue
from openoutcry.domain.events import IndicativeChanged, MarksPublished, QuoteReplaced
from openoutcry.domain.instruments import Instrument, InstrumentStatus, Settlement
from openoutcry.domain.types import ConnectionId, InstrumentId, MarketTime, OrderId, TeamId, TimestampUs, TradeId
from openoutcry.domain.views import (
    AccountView,
    DayView,
    DepthView,
    FairnessView,
    FillView,
    HoldingView,
    MarketView,
    OrderView,
    RegistrationView,
    StandingView,
    TeamView,
    TimerView,
    TradeView,
)
from openoutcry.matching.order import Fill, Order
from openoutcry.venue.marks import newest_marks
from openoutcry.venue.no_change import quote_without_effect
from openoutcry.venue.reading.closed_orders import ClosedOrders
from openoutcry.venue.reading.shown import Shown
from openoutcry.venue.reading.views import (
    account_view,
    fill_view,
    order_view,
    protected_group_view,
    standing_view,
    team_view,
)
from openoutcry.venue.state.quote_protection import ProtectedGroup, QuoteProtection
from openoutcry.venue.state.team import Team
from openoutcry.venue.state.venue import VenueState


class Queries:
    """All queries. Methods that take a team id expect one that is registered."""

    def __init__(self, state: VenueState) -> None:
        self._state = state
        self._closed: dict[TeamId, ClosedOrders] = {}

    def shown(self) -> Shown:
        """What the exchange's own flow decides by: the venue as it is whenever it is asked."""
        return Shown(self._state)

    # Teams

    def team_of_key(self, key_hash: bytes) -> TeamId | None:
        """The team whose key has this SHA-256."""
        team = self._state.team_of_key.get(key_hash)
        return None if team is None else team.team_id

    def team(self, team_id: TeamId) -> TeamView | None:
        team = self._state.find_team(team_id)
        return None if team is None else team_view(team)

    def teams(self) -> list[TeamView]:
        return [team_view(team) for team in self._state.teams]

    def count_teams(self) -> int:
        return len(self._state.teams)

    def nonces(self) -> list[str | None]:
        """Of all teams, those of the exchange itself too, in the order of their ids."""
        return [team.nonce for team in self._state.teams]

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
        return account_view(self._state, self._state.team(team_id))

    def standing(self, team_id: TeamId) -> StandingView | None:
        """How the team stands with its duties and with sanctions; None if no rule of the game binds it."""
        return standing_view(self._state, self._state.team(team_id))

    def positions(self, team_id: TeamId) -> dict[InstrumentId, int]:
        """Net position in each instrument that the team ever traded."""
        holdings = self._state.team(team_id).holdings
        return {
            instrument_id: holding.position.quantity
            for instrument_id, holding in sorted(holdings.items())
            if holding.has_traded
        }

    def holdings(self, team_id: TeamId) -> dict[InstrumentId, HoldingView]:
        """The position in each instrument that the team ever traded, with its cost."""
        holdings = self._state.team(team_id).holdings
        return {
            instrument_id: HoldingView(
                holding.position.quantity, holding.position.cost_basis, holding.position.realized_pnl
            )
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
            protected_group_view(
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
        return [order_view(order) for order in self._state.team(team_id).open_orders.values()]

    def open_orders_page(self, team_id: TeamId, *, limit: int, after: OrderId) -> tuple[list[OrderView], int]:
        """The oldest open orders with ids above `after`, at most `limit`, and how many come after these."""
        open_orders = self._state.team(team_id).open_orders
        ids = list(open_orders)  # in order, as `Team.open_orders` says
        start = bisect_right(ids, after)
        page = ids[start : start + limit]
        return [order_view(open_orders[order_id]) for order_id in page], len(ids) - start - len(page)

    def closed_orders(self, team_id: TeamId, *, limit: int, before: OrderId | None) -> list[OrderView]:
        """The kept closed orders with ids below `before`, newest id first, at most `limit`."""
        closed = self._closed_orders(self._state.team(team_id))
        ids = closed.ids()
        end = len(ids) if before is None else bisect_left(ids, before)
        newest_first = (closed.order(ids[place]) for place in range(end - 1, -1, -1))
        return [order_view(order) for order in islice(filter(None, newest_first), limit)]

    def forgotten_orders(self, team_id: TeamId) -> int:
        """How many closed orders of the team are no longer kept."""
        return self._state.team(team_id).forgotten_orders

    def forgotten_fills(self, team_id: TeamId) -> int:
        """How many fills of the team are no longer kept."""
        return self._state.team(team_id).forgotten_fills

    def order(self, team_id: TeamId, order_id: OrderId) -> OrderView | None:
        """One of the team's own orders, open, or closed and kept."""
        order = self._order(team_id, order_id)
        return None if order is None else order_view(order)

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
        return [fill_view(fill, _trade_id(fill) in busted) for fill in fills]

    # Markets

    def marks(self) -> MarksPublished | None:
        """The newest ones; None before the first session."""
        return newest_marks(self._state)

    def instruments(self) -> list[Instrument]:
        return [market.instrument for market in self._state.markets.values()]

    def tradable(self) -> list[Instrument]:
        """Instruments that have not expired, in order of listing."""
        return [market.instrument for market in self._state.markets.values() if not market.has_expired]

    def count_instruments(self) -> tuple[int, int, int]:
        """All of them, those that have expired, and those of these that are settled. None of them ever goes back, so
        that equal counts are of the same instruments.
        """
        markets = self._state.markets.values()
        expired = [market.settlement for market in markets if market.has_expired]
        return len(markets), len(expired), len(expired) - expired.count(None)

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
            effects=tuple(day.effects),
            last_news=day.last_news,
        )

    def running_market_time(self) -> MarketTime | None:
        """Of the session under way, at little cost; None: none is."""
        day = self._state.day
        return day.market_time if day.is_running else None

    def coming(self) -> PhaseDue | None:
        """The session's next phase, at little cost; None where phases change by hand."""
        return self._state.coming()

    def world_of_session(self) -> tuple[str | None, int]:
        """By what the simulated market's world is known, at little cost: the session's date, and how many of the
        organiser's news it has been drawn anew for.
        """
        day = self._state.day
        return day.session_date, len(day.effects)

    def fairness(self) -> FairnessView:
        fairness = self._state.fairness
        return FairnessView(
            next_number=fairness.made + (fairness.next_commitment is None),
            next_commitment=fairness.next_commitment,
            withdrawn=fairness.withdrawn,
            number=fairness.number,
            commitment=fairness.commitment,
            teams=fairness.teams,
            world_digest=fairness.world_digest,
            seed=fairness.seed,
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

    def _closed_orders(self, team: Team) -> ClosedOrders:
        closed = self._closed.get(team.team_id)
        if closed is None:
            closed = self._closed[team.team_id] = ClosedOrders(team)
        closed.catch_up()
        return closed


def _trade_id(fill: Fill) -> TradeId:
    return fill[1].trade_id
