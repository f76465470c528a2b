"""Halts: of one instrument or of all, by the organiser or by the circuit breaker, and how they end."""

from openoutcry.domain.day.game_rules import BreakerRules
from openoutcry.domain.day.phases import Phase
from openoutcry.domain.types import MarketTime
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.phases import enter_own_phase, enter_phase
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.venue import VenueState

PPM = 1_000_000


def phase_after_halt(state: VenueState) -> Phase:
    """The phase to which the session goes when its halt is over.

    In a session: back into the opening call while that lasts, else through a reopening call. By hand: trading at once.
    """
    planned = state.day.planned_phase
    return "reopening_call" if planned == "continuous" else planned or "continuous"


def resume(state: VenueState, outcome: Outcome) -> None:
    """End the halt of all instruments."""
    enter_phase(state, outcome, phase_after_halt(state), "organiser")


def resume_instrument(state: VenueState, outcome: Outcome, market: Market) -> None:
    """End the halt of one instrument: by a reopening call if the session trades by its timetable, else at once."""
    if market.own_phase == "halted":
        has_call = state.day.is_running and state.phase == "continuous"
        enter_own_phase(state, outcome, market, "reopening_call" if has_call else None, "organiser")


def watch_breaker(state: VenueState, outcome: Outcome, now: MarketTime) -> None:
    """Note the price of this market second; halt everything if it has moved too far against the one a window ago.

    Where there is no price as old as the window, because trading has been halted since, nothing has moved too far.
    """
    day, rules = state.day, state.rulebook.game.day
    breaker = None if rules is None else rules.breaker
    if rules is None or breaker is None:
        return
    price = day.underlyings.get(breaker.underlying)
    if price is None:
        return
    watched = day.watched
    watched.append((now, price))
    since = now - breaker.window_seconds
    while len(watched) > 1 and watched[1][0] <= since:
        watched.popleft()
    at, before = watched[0]
    if at > since or abs(price - before) * PPM < before * breaker.move_ppm or not _may_halt(state, breaker, now):
        return
    day.breaker_halts += 1
    enter_phase(state, outcome, "halted", "circuit_breaker", MarketTime(now + rules.halt_seconds))


def _may_halt(state: VenueState, breaker: BreakerRules, now: MarketTime) -> bool:
    day = state.day
    return (
        state.phase == "continuous"
        and day.breaker_halts < breaker.most_halts
        and now < day.timetable[-1].at - breaker.quiet_seconds
    )
