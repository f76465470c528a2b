"""Duties, sanctions and cash once more, slow and obvious: in fractions, every second looked at alone."""

from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

from openoutcry.domain.day.draws import draw
from openoutcry.domain.day.duties import DUTY_UNITS, Duty, DutyState
from openoutcry.domain.day.game_rules import CoverageRules, RoleDuties
from openoutcry.domain.events import CoverageSampled, DutyJudged
from openoutcry.domain.orders import SELL
from openoutcry.domain.reasons import ErrorCode
from openoutcry.domain.types import InstrumentId, MarketTime
from openoutcry.domain.views import DutyView, StandingView
from reference.cash import Line, requirement
from reference.coverage import counts, is_covered
from reference.deltas import contract_delta
from reference.ledger import ReferenceOrder, ReferenceTeam
from reference.state import ReferenceState, remaining

COVERAGE_DRAW = 5


@dataclass
class Found:
    """What was last found of one duty."""

    required: int
    state: DutyState = "exempt"
    measured: Fraction | None = None
    since: MarketTime | None = None
    outside: int = 0


@dataclass
class Standing:
    rules: RoleDuties
    duties: dict[Duty, Found] = field(default_factory=dict)
    level: int = 0
    level_since: MarketTime | None = None
    seconds_at_level: int = 0
    clean_seconds: int = 0
    samples: list[Fraction] = field(default_factory=list)
    excused: list[int] = field(default_factory=list)
    is_short: bool = False

    def __post_init__(self) -> None:
        if self.rules.coverage is not None:
            self.duties["quote_coverage"] = Found(self.rules.coverage.required_ppm)
        if self.rules.delta is not None:
            self.duties["portfolio_delta"] = Found(self.rules.delta.limit * DUTY_UNITS)
        if self.rules.balance is not None:
            self.duties["spx_spy_balance"] = Found(self.rules.balance.tolerance_ppm)

    @property
    def is_reduce_only(self) -> bool:
        return self.is_short or self.level == 3

    def begin_anew(self) -> None:
        self.samples = []
        for found in self.duties.values():
            found.outside = 0

    def view(self, utc_offset: int) -> StandingView:
        return StandingView(
            tuple(
                DutyView(
                    duty,
                    found.state,
                    None if found.measured is None else floor(found.measured * DUTY_UNITS),
                    found.required,
                    found.since,
                )
                for duty, found in self.duties.items()
            ),
            self.level,
            self.level_since,
            self.is_reduce_only,
            utc_offset,
        )


class Judge:
    """Knows how every team stands, and what the newest scenario values are."""

    def __init__(self, state: ReferenceState) -> None:
        self.state = state
        self.last_news: MarketTime | None = None
        self.marked: dict[InstrumentId, tuple[int, tuple[int, ...]]] = {}
        """By instrument: its mark when the newest scenario values came, and these."""
        self.sampled: list[CoverageSampled] = []
        """What was looked at and is still to be told."""

    def standing(self, team: ReferenceTeam) -> Standing | None:
        game = self.state.rulebook.game
        if not team.has_key or not (game.roles or game.sanctions or game.cash):
            return None
        if team.standing is None:
            team.standing = Standing(game.roles.get(team.role, RoleDuties()))
        return team.standing

    # ---- the second that passes

    def look(self, team: ReferenceTeam, standing: Standing, second: MarketTime) -> list[DutyJudged]:
        """What the team is told of the second that ends now."""
        counts_now = self.state.phase == "continuous" and standing.level != 3
        told, is_clean = [], True
        for duty, found in standing.duties.items():
            outside, exempt = False, not counts_now
            if duty == "portfolio_delta":
                found.measured = abs(sum(self.state.deltas(team)))
                outside = found.measured * DUTY_UNITS > found.required
            elif duty == "spx_spy_balance":
                outside = self._balance(team, standing, found)
            else:
                exempt = exempt or self._is_excused(team, standing, second)
                outside = self._coverage(team, standing, found, second, exempt)
            now: DutyState = "exempt" if exempt else "breached" if outside else "met"
            if not exempt:
                found.outside = found.outside + 1 if outside else 0
                is_clean = is_clean and not outside
            changed, found.state = found.state != now, now
            if changed or found.since is None:
                found.since = second
            if changed:
                told.append(self.tell(team, standing, duty))
        standing.seconds_at_level += 1
        standing.clean_seconds = standing.clean_seconds + 1 if is_clean else 0
        return told

    def _balance(self, team: ReferenceTeam, standing: Standing, found: Found) -> bool:
        index, tracker = self.state.deltas(team)
        both = abs(index) + abs(tracker)
        assert standing.rules.balance is not None
        if not both or both < standing.rules.balance.measured_from:
            found.measured = None
            return False
        found.measured = abs(index + tracker) / both
        tolerance = Fraction(standing.rules.balance.tolerance_ppm, DUTY_UNITS)
        return not (index * tracker <= 0 and abs(index + tracker) <= tolerance * both)

    def _is_excused(self, team: ReferenceTeam, standing: Standing, second: MarketTime) -> bool:
        rules = standing.rules.coverage
        assert rules is not None
        if self.last_news is not None and second < self.last_news + rules.news_exempt_seconds:
            return True
        if not any(group.is_frozen(second * 1_000_000) for group in team.protection.groups.values()):
            return False
        window = [each for each in standing.excused if each > second + 1 - rules.protection_exempt_window_seconds]
        if len(window) + 1 > rules.protection_exempt_seconds:
            return False
        standing.excused.append(second + 1)
        return True

    def _coverage(
        self, team: ReferenceTeam, standing: Standing, found: Found, second: MarketTime, exempt: bool
    ) -> bool:
        rules, state = standing.rules.coverage, self.state
        assert rules is not None
        stretch, place = divmod(second, rules.sample_seconds)
        if not exempt and draw(state.word, COVERAGE_DRAW, team.team_id, stretch) % rules.sample_seconds == place:
            options = [
                here
                for here, instrument in state.instruments.items()
                if state.phase_of(here) == "continuous" and counts(rules, instrument, state.marks.get(here))
            ]
            if options:
                covered = sum(self._covers(team, rules, here) for here in options)
                standing.samples.append(Fraction(covered, len(options)))
                self.sampled.append(CoverageSampled(team.team_id, covered, len(options)))
        samples = standing.samples[-(rules.window_seconds // rules.sample_seconds) :]
        if not samples or len(samples) * rules.sample_seconds < rules.judged_from_seconds:
            found.measured = None
            return False
        found.measured = sum(samples, Fraction(0)) / len(samples)
        return found.measured < Fraction(rules.required_ppm, DUTY_UNITS)

    def _covers(self, team: ReferenceTeam, rules: CoverageRules, here: InstrumentId) -> bool:
        state = self.state
        own = [(order.side, order.limit, order.remaining) for order in state.resting_orders(team, here)]
        return is_covered(
            state.rulebook.game,
            rules,
            state.instruments[here],
            state.marks[here],
            state.underlyings,
            team.rules.option_position_limit,
            team.position(here),
            own,
        )

    # ---- the ladder

    def move(self, team: ReferenceTeam, standing: Standing, now: MarketTime) -> tuple[list[DutyJudged], bool]:
        """What the team is told of its level, and whether its orders go."""
        rules = self.state.rulebook.game.sanctions
        if rules is None:
            return [], False
        if standing.level == 3:
            if standing.seconds_at_level >= rules.reduce_only_seconds:
                standing.begin_anew()
                return self._set_level(team, standing, 2, now), False
        elif any(found.outside >= rules.breach_seconds for found in standing.duties.values()):
            return self.put(team, standing, standing.level + 1, now)
        elif standing.level and standing.clean_seconds >= rules.decay_seconds:
            standing.clean_seconds = 0
            return self._set_level(team, standing, standing.level - 1, now), False
        return [], False

    def put(
        self, team: ReferenceTeam, standing: Standing, level: int, now: MarketTime
    ) -> tuple[list[DutyJudged], bool]:
        standing.begin_anew()
        standing.clean_seconds = 0
        return self._set_level(team, standing, level, now), level == 3

    def _set_level(self, team: ReferenceTeam, standing: Standing, level: int, now: MarketTime) -> list[DutyJudged]:
        standing.level, standing.level_since, standing.seconds_at_level = level, now, 0
        return [self.tell(team, standing, duty) for duty in standing.duties or (None,)]

    def tell(self, team: ReferenceTeam, standing: Standing, duty: Duty | None) -> DutyJudged:
        team.seq += 1
        if duty is None:
            return DutyJudged(
                team.team_id, team.seq, None, "exempt", None, None, standing.level_since, standing.level, 0
            )
        found = standing.duties[duty]
        measured = None if found.measured is None else floor(found.measured * DUTY_UNITS)
        return DutyJudged(
            team.team_id, team.seq, duty, found.state, measured, found.required, found.since, standing.level, 0
        )

    # ---- orders

    def refusal(
        self,
        team: ReferenceTeam,
        here: InstrumentId,
        sells: bool,
        wanted: int,
        price: int | None,
        replaced: ReferenceOrder | None,
    ) -> ErrorCode | None:
        """The first rule of the game that the order breaks; `price` in ticks."""
        standing, state = self.standing(team), self.state
        if standing is None:
            return None
        if standing.is_reduce_only and not self._reduces(team, here, sells, wanted, replaced):
            return ErrorCode.REDUCE_ONLY
        delta = contract_delta(state.rulebook.game, state.instruments[here], state.marks.get(here))
        before = sum(state.deltas(team))
        after = before + (-wanted if sells else wanted) * delta
        if standing.rules.delta is not None and abs(after) > max(standing.rules.delta.limit, abs(before)):
            return ErrorCode.DELTA_LIMIT_EXCEEDED
        if state.rulebook.game.cash is not None:
            money = self._worst_price(here, sells) if price is None else price * state.instruments[here].tick_size
            needs = self.requirement(team)
            with_it = self.requirement(team, (here, int(sells), money, wanted), replaced)
            if with_it > needs and self.equity(team) < with_it:
                return ErrorCode.INSUFFICIENT_CASH
        return None

    def _reduces(
        self, team: ReferenceTeam, here: InstrumentId, sells: bool, wanted: int, replaced: ReferenceOrder | None
    ) -> bool:
        state, side = self.state, int(sells)
        at_work = [order for order in state.resting_orders(team) if order is not replaced]
        position = -team.position(here) if sells else team.position(here)
        own_side = [order for order in at_work if order.instrument_id == here]
        if position + remaining(own_side, side) + wanted <= 0:  # type: ignore[arg-type]
            return True
        if state.instruments[here].kind != "spot":
            return False
        before = sum(state.deltas(team))
        for order in at_work:
            delta = contract_delta(
                state.rulebook.game, state.instruments[order.instrument_id], state.marks.get(order.instrument_id)
            )
            before += (-order.remaining if order.side == SELL else order.remaining) * delta
        step = contract_delta(state.rulebook.game, state.instruments[here], None)
        return abs(before + (-wanted if sells else wanted) * step) < abs(before)

    def _worst_price(self, here: InstrumentId, sells: bool) -> int:
        band = self.state.band(here)
        if band is not None:
            return (band[0] if sells else band[1]) * self.state.instruments[here].tick_size
        mark = self.state.marks.get(here)
        return 0 if mark is None else mark.value

    # ---- cash

    def equity(self, team: ReferenceTeam) -> int:
        return self.state.account(team).equity

    def requirement(
        self,
        team: ReferenceTeam,
        more: tuple[InstrumentId, int, int, int] | None = None,
        replaced: ReferenceOrder | None = None,
    ) -> int:
        """With one order more (instrument, side, price in money, quantity) in place of another."""
        lines: list[Line] = []
        for here, instrument in self.state.instruments.items():
            base, values = self.marked.get(here, (0, ()))
            own = [
                (int(order.side), order.limit * instrument.tick_size, order.remaining)
                for order in self.state.resting_orders(team, here)
                if order is not replaced
            ]
            if more is not None and more[0] == here:
                own.append(more[1:])
            lines.append((instrument.multiplier, team.position(here), base, values, own))  # type: ignore[arg-type]
        return requirement(lines)

    def is_short(self, team: ReferenceTeam) -> bool:
        return self.equity(team) < self.requirement(team)
