"""The venue's mutable state. Only `Venue.execute` changes it; no code outside this package holds any of it."""

from collections.abc import Iterable
from typing import Final

from openoutcry.domain.day.duties import DUTY_UNITS
from openoutcry.domain.day.game_rules import RoleDuties
from openoutcry.domain.day.phases import FOLLOWS, Phase
from openoutcry.domain.day.timers import PhaseDue
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.rulebook import HOUSE_ROLE, Rulebook
from openoutcry.domain.types import InstrumentId, Money, NewsId, TeamId, TimestampUs, TradeId
from openoutcry.venue.state.day.day import Day
from openoutcry.venue.state.fairness import Fairness
from openoutcry.venue.state.limits import DEFAULT_LIMITS, VenueLimits
from openoutcry.venue.state.margin import Margin
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.quote_protection import SECOND_US
from openoutcry.venue.state.standing import Standing
from openoutcry.venue.state.team import Team

NO_DUTIES: Final = RoleDuties()


class VenueState:
    """Everything, in one place."""

    __slots__ = (
        "busted_trades",
        "day",
        "delta_unit",
        "fairness",
        "fees_collected",
        "groups_to_judge",
        "markets",
        "max_client_order_ids",
        "max_teams",
        "next_news_id",
        "next_order_id",
        "next_trade_id",
        "owners",
        "phase",
        "rulebook",
        "self_trade_prevention",
        "team_of_key",
        "team_of_name",
        "teams",
        "teams_of_owner",
        "trading_session",
    )

    def __init__(
        self, rulebook: Rulebook, instruments: Iterable[Instrument], limits: VenueLimits = DEFAULT_LIMITS
    ) -> None:
        self.rulebook = rulebook
        self.max_teams = limits.max_teams
        self.max_client_order_ids = limits.max_client_order_ids
        self.self_trade_prevention = rulebook.self_trade_prevention
        self.delta_unit = DUTY_UNITS * rulebook.game.parts_of_delta
        """In what portfolio deltas are counted: so many are one contract of the index."""
        self.phase: Phase = rulebook.opening_phase
        self.trading_session = 1 if rulebook.opening_phase == "continuous" else 0
        self.next_order_id = rulebook.first_order_id
        self.next_trade_id = rulebook.first_trade_id
        self.next_news_id = NewsId(1)
        self.markets: dict[str, Market] = {instrument.instrument_id: Market(instrument) for instrument in instruments}
        self.teams: list[Team] = []
        self.team_of_key: dict[bytes, Team] = {}
        self.team_of_name: dict[str, Team] = {}
        self.owners: dict[str, TeamId] = {}
        """Named owners, each by the id of its first team."""
        self.teams_of_owner: dict[int, list[Team]] = {}
        self.fees_collected = Money(0)
        self.busted_trades: dict[TradeId, None] = {}
        """In the order in which they were busted."""
        self.day = Day()
        self.fairness = Fairness()
        self.groups_to_judge: list[tuple[TeamId, str]] = []
        """Protected groups with fills, team and underlying, in order: they are judged once no task is left."""
        for market in self.markets.values():
            self.prepare(market)

    def list_market(self, market: Market) -> None:
        """Begin to trade an instrument, in the session's phase."""
        self.prepare(market)
        self.markets[market.instrument_id] = market

    def prepare(self, market: Market) -> None:
        """Let a new market follow the session, and trade in the scenario's way."""
        game = self.rulebook.game
        market.trades_at_once = game.batch is None
        market.delta_parts = self.delta_unit // DUTY_UNITS // game.index_ratio.get(market.instrument.underlying, 1)
        market.rests_on = game.rests_on(market.instrument.underlying)
        market.follow(self.phase)

    def market_now(self, now: TimestampUs) -> TimestampUs:
        """The moment on market time: that of the day, or `now`, the command's time, before the first one."""
        market_time = self.day.market_time
        return now if market_time is None else TimestampUs(market_time * SECOND_US)

    @property
    def utc_offset(self) -> int | None:
        """Seconds, of the zone in which market time is told; None while it is wall time."""
        return None if self.day.market_time is None else self.day.utc_offset

    def option_underlyings(self) -> list[str]:
        """Underlyings that have options: those that the rules name, then others of which options are listed."""
        known = dict.fromkeys(self.rulebook.game.index_ratio)
        known |= dict.fromkeys(market.instrument.underlying for market in self.markets.values() if market.is_option)
        return list(known)

    def is_wanted(self, timer: PhaseDue) -> bool:
        """Whether the timer still does something once it is due."""
        if timer.number is None:
            return timer.phase in FOLLOWS[self.phase]
        if timer.instrument_id is None:
            return timer.number == self.day.phases_begun
        return timer.number == self.markets[timer.instrument_id].own_phases_begun

    def coming(self, instrument_id: InstrumentId | None = None) -> PhaseDue | None:
        """What comes next, of the session or of one instrument; None where phases change by hand."""
        if not self.day.is_running:
            return None  # timers of a session that was closed by hand never come due
        for _, _, timer in self.day.timers.entries:
            if isinstance(timer, PhaseDue) and timer.instrument_id == instrument_id and self.is_wanted(timer):
                return timer
        return None if instrument_id is None else self.coming()

    def team(self, team_id: TeamId) -> Team:
        """The team; `IndexError` for one that never registered. Ids count from 1."""
        if not 0 < team_id <= len(self.teams):
            raise IndexError(f"no team {team_id}")
        return self.teams[team_id - 1]

    @property
    def house(self) -> Team | None:
        """The exchange's own team, which takes over what others cannot pay for."""
        return next((team for team in self.teams if team.role == HOUSE_ROLE and not team.has_key), None)

    def find_team(self, team_id: TeamId) -> Team | None:
        return self.teams[team_id - 1] if 0 < team_id <= len(self.teams) else None

    def add_team(self, team: Team) -> None:
        """Register the next team; its id is its place. The rules of the game bind it if anybody can act for it."""
        game = self.rulebook.game
        if game.judges_teams and team.has_key:
            team.standing = Standing(game.roles.get(team.role, NO_DUTIES))
            if game.cash is not None:
                team.margin = Margin(game.cash.scenarios)
        self.teams.append(team)
        self.team_of_name[team.name] = team
        self.teams_of_owner.setdefault(team.owner, []).append(team)
        if team.has_key:
            self.team_of_key[team.key_hash] = team
