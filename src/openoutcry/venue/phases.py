"""Moves between phases, of the session and of single instruments. Nothing else sets a phase."""

from typing import Final

from openoutcry.domain.day.draws import draw
from openoutcry.domain.day.game_rules import DayRules
from openoutcry.domain.day.phases import FOLLOWS, PHASE_RULES, Phase, PhaseReason
from openoutcry.domain.day.tasks import CancelOrders, EnterPhase, JoinSession, Uncross
from openoutcry.domain.day.timers import PhaseDue
from openoutcry.domain.events import PhaseChanged
from openoutcry.domain.types import MarketTime, TeamId
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.venue import VenueState

REOPENING_END: Final = 1
"""First counter of `draw` for the random end of a reopening call."""


def enter_phase(
    state: VenueState, outcome: Outcome, phase: Phase, reason: PhaseReason, until: MarketTime | None = None
) -> None:
    """Move the session to another phase and begin what comes with it; nothing where it cannot follow the present one.

    Leaving `closed` begins a trading session, which is the scope of client order ids. A book is never left crossed
    where orders trade as they come: an auction of its own comes first. `until`: when a halt ends by itself.
    """
    previous, day = state.phase, state.day
    if phase not in FOLLOWS[previous]:
        return
    if previous == "closed":
        state.trading_session += 1
        for team in state.teams:
            team.claims.clear()
            if team.protection is not None:
                team.protection.begin_session()
    state.phase = phase
    day.phases_begun += 1
    for market in state.markets.values():
        if market.own_phase == "reopening_call" and not PHASE_RULES[phase].matches:
            _set_own_phase(market, None)
        follow(state, outcome, market)
    if phase == "closed":
        day.is_running = False
        day.begin(CancelOrders(TeamId(1)))
    elif PHASE_RULES[phase].uncrosses:
        day.begin(Uncross(0))
        day.begin(EnterPhase("continuous"))
    elif phase == "halted":
        _begin_watching_anew(state)
        if until is not None:
            day.timers.set(until, PhaseDue("reopening_call", until, None, day.phases_begun))
    elif phase == "reopening_call":
        _end_at_random(state, None)
    _tell(state, outcome, None, previous, reason)
    for market in state.markets.values():
        if market.matches and market.book.is_crossed:
            enter_own_phase(state, outcome, market, "reopening_auction", "schedule")


def enter_own_phase(
    state: VenueState, outcome: Outcome, market: Market, phase: Phase | None, reason: PhaseReason
) -> None:
    """Move one instrument to a phase of its own and begin what comes with it; None: to that of the session. Nothing for
    one that has expired.

    A book is never left crossed where orders trade as they come: an auction of its own comes first.
    """
    if phase is None and market.trades_at_once and PHASE_RULES[state.phase].matches and market.book.is_crossed:
        phase = "reopening_auction"
    if phase == market.own_phase or market.has_expired:
        return
    previous = market.phase
    _set_own_phase(market, phase)
    follow(state, outcome, market)
    if phase == "reopening_call":
        _end_at_random(state, market)
    elif phase == "reopening_auction":
        place = list(state.markets).index(market.instrument_id)
        state.day.begin(Uncross(place, alone=True))
        state.day.begin(JoinSession(market.instrument_id))
    _tell(state, outcome, market, previous, reason)


def end_own_phase(state: VenueState, outcome: Outcome, market: Market) -> None:
    """Let the market have no phase of its own any more, without telling: what is told is why."""
    if market.own_phase is not None:
        _set_own_phase(market, None)
    follow(state, outcome, market)


def follow(state: VenueState, outcome: Outcome, market: Market) -> None:
    """Let the market follow the session's phase, or a new one of its own."""
    market.follow(state.phase)
    if market.indicates:
        outcome.touched(market)


def is_call(phase: Phase) -> bool:
    """Whether orders enter and wait for an auction."""
    return PHASE_RULES[phase].is_call


def _set_own_phase(market: Market, phase: Phase | None) -> None:
    market.own_phase = phase
    market.own_phases_begun += 1


def _end_at_random(state: VenueState, market: Market | None) -> None:
    """Set when the reopening call ends that has just begun. Outside a session an organiser ends it."""
    day = state.day
    now = day.market_time
    if not day.is_running or now is None:
        return
    rules = state.rulebook.game.day or DayRules()
    if market is None:
        place, number, instrument_id = 0, day.phases_begun, None
    else:
        instrument_id = market.instrument_id
        place, number = 1 + list(state.markets).index(instrument_id), market.own_phases_begun
    span = rules.reopening_random_seconds
    earliest = MarketTime(now + rules.reopening_call_seconds - span)
    end = MarketTime(earliest + draw(day.random_word, REOPENING_END, number, place) % (span + 1))
    day.timers.set(end, PhaseDue("reopening_auction", earliest, instrument_id, number))


def _begin_watching_anew(state: VenueState) -> None:
    """A move that came before a halt does not count again after it."""
    watched = state.day.watched
    while len(watched) > 1:
        watched.popleft()


def _tell(state: VenueState, outcome: Outcome, market: Market | None, previous: Phase, reason: PhaseReason) -> None:
    instrument_id = None if market is None else market.instrument_id
    coming, day = state.coming(instrument_id), state.day
    outcome.told(
        PhaseChanged(
            state.phase if market is None or market.own_phase is None else market.own_phase,
            previous,
            instrument_id,
            reason,
            state.trading_session,
            day.market_time,
            day.utc_offset,
            None if coming is None else coming.phase,
            None if coming is None else coming.earliest,
        )
    )
