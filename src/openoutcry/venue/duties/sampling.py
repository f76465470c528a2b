"""The seconds that pass with a tick, as things stood in them: what is found of each team's duties.

It is looked at before anything else in the tick: on the positions, orders and marks of the seconds that end with it.
"""

from math import lcm
from typing import Final

from openoutcry.domain.day.draws import draw
from openoutcry.domain.day.duties import DUTY_UNITS, REDUCE_ONLY_LEVEL, DutyState
from openoutcry.domain.day.game_rules import BalanceRules, CoverageRules, DeltaRules
from openoutcry.domain.day.phases import PHASE_RULES
from openoutcry.domain.events import CoverageSampled
from openoutcry.domain.types import MarketTime, TimestampUs
from openoutcry.venue.duties.coverage import Counted, counted_options, covered_options
from openoutcry.venue.duties.deltas import deltas, portfolio_delta
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.quote_protection import SECOND_US
from openoutcry.venue.state.standing import DutyRecord, Standing
from openoutcry.venue.state.team import Team
from openoutcry.venue.state.venue import VenueState

COVERAGE_DRAW: Final = 5
"""First counter of the draws that say which seconds are looked at for coverage."""


class Seconds:
    """The seconds from market time as it is up to `until`, all alike."""

    __slots__ = ("counted", "first", "is_trading", "until")

    def __init__(self, state: VenueState, until: MarketTime) -> None:
        first = state.day.market_time
        assert first is not None, "a tick has a session"  # noqa: S101
        self.first: MarketTime = first
        self.until: MarketTime = until
        self.is_trading = PHASE_RULES[state.phase].matches
        self.counted: dict[str, Counted] = {}
        """By role: the options that count for its coverage."""

    @property
    def number(self) -> int:
        return self.until - self.first


def sample_duties(state: VenueState, outcome: Outcome, until: MarketTime) -> None:
    """Note what each team's duties are found to be until the tick at `until`, and tell it what has changed."""
    game = state.rulebook.game
    if not game.judges_teams:
        return
    seconds = Seconds(state, until)
    for team in state.teams:
        standing = team.standing
        if standing is not None:
            _pass(state, outcome, team, standing, seconds)


def _pass(state: VenueState, outcome: Outcome, team: Team, standing: Standing, seconds: Seconds) -> None:
    rules = standing.rules
    counts = seconds.is_trading and standing.level != REDUCE_ONLY_LEVEL
    is_outside = False
    for record in standing.duties:
        state_now: DutyState = "exempt"
        if rules.delta is not None and record.duty == "portfolio_delta":
            outside = _measure_delta(state, team, rules.delta, record)
            is_exempt = not counts
        elif rules.balance is not None and record.duty == "spx_spy_balance":
            outside = _measure_balance(state, team, rules.balance, record)
            is_exempt = not counts
        else:
            assert rules.coverage is not None, "each record has its rules"  # noqa: S101
            is_exempt = not counts or _is_excused(state, team, standing, rules.coverage, seconds)
            outside = _measure_coverage(state, outcome, team, standing, rules.coverage, record, seconds, is_exempt)
        if not is_exempt:
            state_now = "breached" if outside else "met"
            record.outside_seconds = record.outside_seconds + seconds.number if outside else 0
            is_outside = is_outside or outside
        if state_now != record.state or record.since is None:
            changed = state_now != record.state
            record.state = state_now
            record.since = seconds.first
            if changed:
                outcome.duty_judged(team, standing, record, state.day.utc_offset)
    standing.level_seconds += seconds.number
    standing.clean_seconds = 0 if is_outside else standing.clean_seconds + seconds.number


def _measure_delta(state: VenueState, team: Team, rules: DeltaRules, record: DutyRecord) -> bool:
    """Whether the portfolio's delta is beyond its limit."""
    size, unit = abs(portfolio_delta(state, team)), state.delta_unit
    record.measured = size * DUTY_UNITS // unit
    return size > rules.limit * unit


def _measure_balance(state: VenueState, team: Team, rules: BalanceRules, record: DutyRecord) -> bool:
    """Whether what the deltas of index and tracker leave together is too large a part of both. Of one sign, or with one
    of them 0, they leave all of it.
    """
    index, tracker = deltas(state, team)
    both = abs(index) + abs(tracker)
    if both < rules.measured_from * state.delta_unit or not both:
        record.measured = None
        return False
    left = abs(index + tracker)
    record.measured = left * DUTY_UNITS // both
    return left * DUTY_UNITS > rules.tolerance_ppm * both


def _measure_coverage(
    state: VenueState,
    outcome: Outcome,
    team: Team,
    standing: Standing,
    rules: CoverageRules,
    record: DutyRecord,
    seconds: Seconds,
    is_exempt: bool,
) -> bool:
    """Whether too little was covered in the window, with the seconds in it that are looked at."""
    shares = standing.shares
    samples = 0 if is_exempt else _samples(state, team, rules, seconds)
    if samples:
        counted = seconds.counted.get(team.role)
        if counted is None:
            counted = seconds.counted[team.role] = counted_options(state, rules)
        if counted:
            covered = covered_options(team, rules, counted)
            shares.extend([(covered, len(counted))] * samples)
            for _ in range(samples):
                outcome.told(CoverageSampled(team.team_id, covered, len(counted)))
    number = len(shares)
    if not number or number * rules.sample_seconds < rules.judged_from_seconds:
        record.measured = None
        return False
    # The mean of fractions, over a denominator that all of them have.
    whole = lcm(*{counted for _, counted in shares})
    total = sum([covered * (whole // counted) for covered, counted in shares]) * DUTY_UNITS
    record.measured = total // (number * whole)
    return total < rules.required_ppm * number * whole


def _samples(state: VenueState, team: Team, rules: CoverageRules, seconds: Seconds) -> int:
    """In how many stretches of `sample_seconds` the second drawn for the team is one of `seconds`. Only those are
    counted that can be in the window.
    """
    length, word, until = rules.sample_seconds, state.day.random_word, seconds.until
    first = max(seconds.first, until - rules.window_seconds)
    return sum(
        first <= stretch * length + draw(word, COVERAGE_DRAW, team.team_id, stretch) % length < until
        for stretch in range(first // length, (until - 1) // length + 1)
    )


def _is_excused(state: VenueState, team: Team, standing: Standing, rules: CoverageRules, seconds: Seconds) -> bool:
    """Whether quotes need not stand in these seconds: just after news, or, for so long in each window, while the team's
    own protection has frozen them.
    """
    news = state.day.last_news
    if news is not None and seconds.first < news + rules.news_exempt_seconds:
        return True
    if team.protection is None or not team.protection.is_frozen_at(TimestampUs(seconds.first * SECOND_US)):
        return False
    excused = standing.excused
    while excused and excused[0][0] <= seconds.until - rules.protection_exempt_window_seconds:
        excused.popleft()
    if sum(length for _, length in excused) + seconds.number > rules.protection_exempt_seconds:
        return False
    excused.append((seconds.until, seconds.number))
    return True
