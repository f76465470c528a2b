"""Every command that the venue takes, with its handler."""

from collections.abc import Callable
from typing import Any, Final

from openoutcry.domain.reasons import Verdict
from openoutcry.venue.handlers import (
    busts,
    cash,
    day,
    fairness,
    instruments,
    notices,
    orders,
    protection,
    quote_protection,
    quotes,
    sanctions,
    session,
    teams,
)
from openoutcry.venue.handlers.handler import Handler
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.venue import VenueState

HANDLERS: Final[tuple[Handler[Any], ...]] = (
    *orders.HANDLERS,
    *quotes.HANDLERS,
    *quote_protection.HANDLERS,
    *protection.HANDLERS,
    *teams.HANDLERS,
    *sanctions.HANDLERS,
    *instruments.HANDLERS,
    *busts.HANDLERS,
    *session.HANDLERS,
    *notices.HANDLERS,
    *day.HANDLERS,
    *cash.HANDLERS,
    *fairness.HANDLERS,
)
"""One for each command of the union `Command`."""

JUDGE: Final[dict[type, Callable[[VenueState, Any], Verdict]]] = {
    handler.command: handler.judge for handler in HANDLERS
}
CARRY_OUT: Final[dict[type, Callable[[VenueState, Outcome, Any], None]]] = {
    handler.command: handler.carry_out for handler in HANDLERS
}
