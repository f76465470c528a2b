"""The state of the reference: teams, one list of resting orders, the trades. All else is computed when needed."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from statistics import median
from typing import Any

from openoutcry.domain.commands import PhaseAt
from openoutcry.domain.day.duties import DUTY_UNITS
from openoutcry.domain.day.marks import Mark
from openoutcry.domain.day.phases import Phase
from openoutcry.domain.events import Level, TradePrinted
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.orders import BUY, SELL, Side
from openoutcry.domain.rulebook import Rulebook
from openoutcry.domain.simulation.headlines import NewsEffect
from openoutcry.domain.types import InstrumentId, MarketTime, Money, OrderId, TeamId
from openoutcry.domain.views import AccountView, ExposureView, FillView, StandingView
from reference.auctions import CALLS, Fixing, fix
from reference.bands import band
from reference.deltas import deltas
from reference.ledger import NOTHING, Cost, ReferenceOrder, ReferenceTeam


@dataclass
class Coming:
    """A phase that begins by itself at `due`: of the session, or of one instrument."""

    due: MarketTime
    earliest: MarketTime
    phase: Phase
    instrument_id: InstrumentId | None
    belongs_to_timetable: bool


class ReferenceState:
    judge: Any
    """Knows duties, sanctions and cash: a `reference.duties.Judge`."""

    def __init__(self, rulebook: Rulebook, instruments: Iterable[Instrument]) -> None:
        self.rulebook = rulebook
        self.instruments = {instrument.instrument_id: instrument for instrument in instruments}
        self.phase: Phase = rulebook.opening_phase
        self.trading_session = 0 if self.phase == "closed" else 1
        self.expired: set[InstrumentId] = set()
        self.settled: dict[InstrumentId, int] = {}
        """At what, in ticks."""
        self.own: dict[InstrumentId, Phase] = {}
        """Phases of instruments that are not in the session's."""
        self.phase_numbers: dict[InstrumentId | None, int] = {}
        """How often the session (None) or an instrument has changed its phase."""
        self.coming: list[Coming] = []
        """What comes by market time, in the order in which it was set."""
        self.timetable: tuple[PhaseAt, ...] = ()
        self.word = 0
        self.next_batch = 1
        self.prices: list[tuple[MarketTime, int]] = []
        """Of the circuit breaker's underlying, since the session began or trading was last halted."""
        self.breaker_halts = 0
        self.market_time: MarketTime | None = None
        self.utc_offset: int | None = None
        self.is_ticking = False
        """Whether a session is under way, in which marks come."""
        self.underlyings: dict[str, int] = {}
        self.marks: dict[InstrumentId, Mark] = {}
        self.effects: list[tuple[MarketTime, NewsEffect]] = []
        """What news of the organiser do, in this session."""
        self.nonces: list[str | None] = []
        self.teams: list[ReferenceTeam] = []
        self.next_order_id = rulebook.first_order_id
        self.next_trade_id = rulebook.first_trade_id
        self.next_news_id = 1
        self.trades: list[TradePrinted] = []
        self.book_seq = dict.fromkeys(self.instruments, 0)
        self.indicated: dict[str, Fixing | None] = {}
        self.resting: list[ReferenceOrder] = []
        """Every resting order of every book, in the order in which they came to rest."""

    def band(self, here: InstrumentId) -> tuple[int, int] | None:
        """Between which prices an order may be; None: any."""
        if self.rulebook.game.band is None or here not in self.marks:
            return None
        return band(self.rulebook.game, self.instruments[here], self.marks[here], self.underlyings)

    def moment(self, now: int) -> int:
        """Microseconds of market time, which is `now`, the command's time, before the first session."""
        return now if self.market_time is None else self.market_time * 1_000_000

    def per_index(self, underlying: str) -> int:
        return self.rulebook.game.index_ratio.get(underlying, 1)

    def groups(self) -> list[str]:
        """Underlyings of options, each of which is a group of market-maker protection."""
        options = [instrument for instrument in self.instruments.values() if instrument.kind == "option"]
        return list(dict.fromkeys([*self.rulebook.game.index_ratio, *(option.underlying for option in options)]))

    def team(self, team_id: TeamId) -> ReferenceTeam:
        return self.teams[team_id - 1]

    @property
    def halted(self) -> set[InstrumentId]:
        return {here for here, phase in self.own.items() if phase == "halted"}

    def phase_of(self, here: InstrumentId) -> Phase:
        """The instrument's own phase, or the session's. After its expiry it is closed for good."""
        if here in self.expired:
            return "closed"
        return self.phase if self.phase == "closed" else self.own.get(here, self.phase)

    def gathers(self, here: InstrumentId) -> bool:
        """Whether orders wait for an auction."""
        phase = self.phase_of(here)
        return phase in CALLS or (phase == "continuous" and self.rulebook.game.batch is not None)

    def fixing(self, here: str) -> Fixing | None:
        """What an auction would do now; None: nothing."""
        orders = [*self.book_side(here, BUY), *self.book_side(here, SELL)]
        prices: list[Fraction] = [Fraction(trade.price) for trade in self.trades if trade.instrument_id == here]
        if here in self.marks:
            prices.append(Fraction(self.marks[here].value, self.instruments[here].tick_size))
        return fix([(order.side, order.limit, order.remaining) for order in orders], prices[-1] if prices else None)

    def resting_orders(self, team: ReferenceTeam, here: str | None = None) -> list[ReferenceOrder]:
        """The team's orders at work, in one instrument or in all, oldest first, whatever was amended since."""
        own = [order for order in self.resting if order.team is team and here in (None, order.instrument_id)]
        return sorted(own, key=lambda order: order.order_id)

    def resting_order(self, team_id: TeamId, order_id: OrderId) -> ReferenceOrder | None:
        """The team's own order of this id, if it is at work."""
        for order in self.resting:
            if order.order_id == order_id and order.team.team_id == team_id:
                return order
        return None

    def kept_orders(self, team: ReferenceTeam) -> list[ReferenceOrder]:
        """The closed ones that can still be asked for."""
        return team.closed[-self.rulebook.history.closed_orders :]

    def kept_fills(self, team: ReferenceTeam) -> list[FillView]:
        return team.fills[-self.rulebook.history.fills :]

    def book_side(self, here: str, side: Side) -> list[ReferenceOrder]:
        """Resting orders, best first. The list is in order of arrival and the sort is stable: price, then time."""
        best_first = -1 if side == BUY else 1
        orders = [order for order in self.resting if order.instrument_id == here and order.side == side]
        return sorted(orders, key=lambda order: best_first * order.limit)

    def levels(self, here: str, side: Side) -> tuple[Level, ...]:
        """Prices, best first, each with the whole quantity that rests there."""
        quantities: dict[int, int] = {}
        for order in self.book_side(here, side):
            quantities[order.limit] = quantities.get(order.limit, 0) + order.remaining
        return tuple(quantities.items())  # type: ignore[arg-type]

    def exposure(self, team: ReferenceTeam, here: InstrumentId) -> int:
        """One option's share of the total: the larger of the two worst cases."""
        own, position = self.resting_orders(team, here), team.position(here)
        return max(abs(position + remaining(own, BUY)), abs(position - remaining(own, SELL)))

    def cost(self, team: ReferenceTeam, here: InstrumentId) -> Cost:
        return team.costs.get(here, NOTHING)

    def account(self, team: ReferenceTeam) -> AccountView:
        """The team's money and exposures, these in instruments in which it has something."""
        fees = sum(fill.fees for fill in team.fills if not fill.busted)
        cash = team.rules.starting_cash - fees
        realized = unrealized = exposed = 0
        lines = []
        for here, instrument in sorted(self.instruments.items()):
            position, basis, earned = self.cost(team, here)
            cash += earned - basis
            realized += earned
            unrealized += self._marked(here, position, basis) - basis if position else 0
            exposed += self.exposure(team, here) if instrument.kind == "option" else 0
            own = self.resting_orders(team, here)
            if position or own:
                limit = position_limit(team, instrument)
                lines.append(ExposureView(here, position, remaining(own, BUY), remaining(own, SELL), limit))
        return AccountView(
            team_id=team.team_id,
            team_name=team.name,
            role=team.role,
            suspended=team.suspended,
            cash=Money(cash),
            realized_pnl=Money(realized),
            unrealized_pnl=Money(unrealized),
            fees_paid=Money(fees),
            open_orders=len(self.resting_orders(team)),
            total_option_exposure=exposed,
            exposure=tuple(lines),
            delta=floor(sum(self.deltas(team)) * DUTY_UNITS),
            standing=self.standing_view(team),
            equity=Money(self.equity(team, cash)),
            requirement=self.requirement_of(team),
        )

    def standing_view(self, team: ReferenceTeam) -> StandingView | None:
        standing = self.judge.standing(team)
        view: StandingView | None = None if standing is None else standing.view(self.utc_offset or 0)
        return view

    def requirement_of(self, team: ReferenceTeam) -> Money | None:
        is_checked = self.rulebook.game.cash is not None and team.has_key
        return Money(self.judge.requirement(team)) if is_checked else None

    def equity(self, team: ReferenceTeam, cash: int) -> int:
        """Cash, and positions at their marks; one without a mark at what it cost."""
        for here, instrument in self.instruments.items():
            cost, mark = self.cost(team, here), self.marks.get(here)
            position, basis, _ = cost
            cash += basis if mark is None else position * mark.value * instrument.multiplier
        return cash

    def deltas(self, team: ReferenceTeam) -> tuple[Fraction, Fraction]:
        """Of the team's positions on the index, and on trackers of it."""
        held = {here: team.position(here) for here in self.instruments}
        return deltas(self.rulebook.game, self.instruments, self.marks, held)

    def _marked(self, here: InstrumentId, position: int, basis: int) -> int:
        """A position at its newest mark, else at the median of best bid, best ask and last trade, else at cost."""
        instrument = self.instruments[here]
        if here in self.settled:
            return position * self.settled[here] * instrument.tick_value
        if here in self.marks:
            return position * self.marks[here].value * instrument.multiplier
        prices = [levels[0][0] for levels in (self.levels(here, BUY), self.levels(here, SELL)) if levels]
        prices += [trade.price for trade in self.trades if trade.instrument_id == here][-1:]
        return floor(position * median(map(Fraction, prices)) * instrument.tick_value) if prices else basis


def position_limit(team: ReferenceTeam, instrument: Instrument) -> int:
    return team.rules.option_position_limit if instrument.kind == "option" else team.rules.spot_position_limit


def remaining(orders: list[ReferenceOrder], side: Side) -> int:
    return sum(order.remaining for order in orders if order.side == side)
