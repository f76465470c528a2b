"""Moves between phases, of the session and of single instruments. Nothing else sets a phase."""

from openoutcry.domain.events import PhaseChanged
from openoutcry.domain.phases import PHASE_RULES, Phase
from openoutcry.domain.tasks import CancelOrders, EnterPhase, Uncross
from openoutcry.domain.types import TeamId
from openoutcry.venue.market import Market
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state import VenueState


def enter_phase(state: VenueState, outcome: Outcome, phase: Phase) -> None:
    """Move the session to another phase and begin what comes with it.

    Leaving `closed` begins a trading session, which is the scope of client order ids.
    """
    if state.phase == phase:
        return
    if state.phase == "closed":
        state.trading_session += 1
        for team in state.teams:
            team.claims.clear()
            if team.protection is not None:
                team.protection.begin_session()
    state.phase = phase
    for market in state.markets.values():
        follow(state, outcome, market)
    outcome.told(PhaseChanged(phase, state.trading_session))
    if phase == "closed":
        state.day.is_running = False
        state.day.begin(CancelOrders(TeamId(1)))
    elif PHASE_RULES[phase].uncrosses:
        state.day.begin(Uncross(0))
        state.day.begin(EnterPhase("continuous"))


def follow(state: VenueState, outcome: Outcome, market: Market) -> None:
    """Let the market follow the session's phase, or a new one of its own.

    A book is never left crossed where orders trade as they come: its own auction comes first.
    """
    market.follow(state.phase)
    if market.indicates:
        outcome.touched(market)
    if market.matches and market.book.is_crossed:
        market.own_phase = "reopening_auction"
        market.follow(state.phase)
        state.day.begin(Uncross(list(state.markets).index(market.instrument_id), alone=True))


def is_call(phase: Phase) -> bool:
    """Whether orders enter and wait for an auction."""
    return PHASE_RULES[phase].is_call
