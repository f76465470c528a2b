"""The session: its phases, and skipped ids."""

from typing import Any, Final

from openoutcry.domain.commands import SetPhase, SkipIds
from openoutcry.venue.handlers.handler import Handler, accept
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.phases import enter_phase
from openoutcry.venue.state import VenueState
from openoutcry.venue.tasks.slices import work_off


def set_phase(state: VenueState, outcome: Outcome, command: SetPhase) -> None:
    enter_phase(state, outcome, command.phase)
    work_off(state, outcome)


def skip_ids(state: VenueState, outcome: Outcome, command: SkipIds) -> None:  # noqa: ARG001
    state.next_order_id += command.count
    state.next_trade_id += command.count


HANDLERS: Final[tuple[Handler[Any], ...]] = (
    Handler(SetPhase, accept, set_phase),
    Handler(SkipIds, accept, skip_ids),
)
