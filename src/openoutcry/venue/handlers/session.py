"""The session: its phases, and skipped ids."""

from typing import Any, Final

from openoutcry.domain.commands import SetPhase, SkipIds
from openoutcry.domain.events import PhaseChanged
from openoutcry.domain.reasons import CancelReason
from openoutcry.venue import execution
from openoutcry.venue.handlers.handler import Handler, accept
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state import VenueState


def set_phase(state: VenueState, outcome: Outcome, command: SetPhase) -> None:
    if command.phase == state.phase:
        return
    state.phase = command.phase
    if command.phase == "closed":
        for team in state.teams:
            execution.cancel_all(state, outcome, team, CancelReason.SESSION_CLOSE)
    else:
        # A trading session is the scope of client order ids.
        state.trading_session += 1
        for team in state.teams:
            team.claims.clear()
    outcome.told(PhaseChanged(state.phase, state.trading_session))


def skip_ids(state: VenueState, outcome: Outcome, command: SkipIds) -> None:  # noqa: ARG001
    state.next_order_id += command.count
    state.next_trade_id += command.count


HANDLERS: Final[tuple[Handler[Any], ...]] = (
    Handler(SetPhase, accept, set_phase),
    Handler(SkipIds, accept, skip_ids),
)
