"""One row of the handlers' table."""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

from openoutcry.domain.commands import Command
from openoutcry.domain.reasons import Accepted, Verdict
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.venue import VenueState

C = TypeVar("C")

ACCEPTED: Final = Accepted()
"""The verdict on an accepted command that takes no id."""


class Handler(Generic[C]):
    """What the venue does with one kind of command.

    `judge` gives the verdict as things stand; it reads the state and changes none of it. `carry_out` does what was
    accepted and notes in the outcome what happened; nothing may change the state between the two.
    """

    __slots__ = ("carry_out", "command", "judge")

    def __init__(
        self,
        command: type[C],
        judge: Callable[[VenueState, C], Verdict],
        carry_out: Callable[[VenueState, Outcome, C], None],
    ) -> None:
        self.command = command
        self.judge = judge
        self.carry_out = carry_out


def accept(state: VenueState, command: Command) -> Verdict:  # noqa: ARG001 - a judge
    """The judge of commands that are never refused."""
    return ACCEPTED
