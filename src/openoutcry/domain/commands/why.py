"""Who gave an organiser's command, and why."""

from msgspec import Struct


class Why(Struct, frozen=True, array_like=True, gc=False):
    """An organiser gave the command: `by` whom and for what `reason`, None where it was not told. The exchange itself
    gives one a reason alone where it does an organiser's work.

    A command without one was given by nobody's hand, or by a team for itself.
    """

    by: str | None = None
    reason: str | None = None
