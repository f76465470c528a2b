"""Moves between phases, of the session and of single instruments. Nothing else sets a phase."""

from openoutcry.domain.events import PhaseChanged
from openoutcry.domain.phases import PHASE_RULES, Phase
from openoutcry.domain.tasks import CancelOrders, EnterPhase
from openoutcry.domain.types import TeamId
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
    state.phase = phase
    for market in state.markets.values():
        market.follow(phase)
    outcome.told(PhaseChanged(phase, state.trading_session))
    if phase == "closed":
        state.day.begin(CancelOrders(TeamId(1)))
    elif phase == "opening_auction":
        state.day.begin(EnterPhase("continuous"))


def is_call(phase: Phase) -> bool:
    """Whether orders enter and wait for an auction."""
    return PHASE_RULES[phase].is_call
