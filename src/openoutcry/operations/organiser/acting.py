"""Carrying out an organiser's command, with who gave it and why."""

from collections.abc import Callable
from typing import Final, Protocol, TypeVar

import structlog

from openoutcry.access.caller import Caller
from openoutcry.domain.commands import Command, Why
from openoutcry.domain.reasons import Reject
from openoutcry.domain.sequenced import Sequenced
from openoutcry.operations.commands import accepted, perform, rejected
from openoutcry.operations.result import Result
from openoutcry.runtime.exchange import Exchange

T = TypeVar("T")

_log: Final = structlog.get_logger()


class WithReason(Protocol):
    """A request of an organiser: each may give a reason."""

    reason: str | None


def why(caller: Caller, request: WithReason) -> Why:
    """Who asks, and for what reason. Raises `Refused` for a name that cannot be kept."""
    return Why(caller.admin_name, request.reason)


def carry_out(
    exchange: Exchange,
    command: Command,
    show: Callable[[Sequenced], T],
    happened: str,
    **to_what: str,
) -> Result[T]:
    """Perform `command`; the result shows the state after it, and the log gets `happened`."""
    sequenced, _ = perform(exchange, command)
    if isinstance(sequenced.verdict, Reject):
        return rejected(sequenced, sequenced.verdict)
    _log.info(happened, **to_what)
    return accepted(sequenced, show(sequenced))
