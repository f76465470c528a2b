"""Phases of a session, or of one instrument in it, and what each of them allows."""

from typing import Final, Literal

from msgspec import Struct

Phase = Literal["pre_open", "opening_auction", "continuous", "halted", "reopening_call", "reopening_auction", "closed"]


class PhaseRules(Struct, frozen=True):
    """What a phase allows. `may_enter`: submit, amend and quote."""

    may_enter: bool
    may_cancel: bool
    matches: bool
    """Whether orders trade as they come. Where they do not but may enter, they wait for an auction: it is a call."""
    uncrosses: bool = False
    """Whether it is the auction that a call ends with."""

    @property
    def is_call(self) -> bool:
        return self.may_enter and not self.matches


PHASE_RULES: Final[dict[Phase, PhaseRules]] = {
    "pre_open": PhaseRules(may_enter=True, may_cancel=True, matches=False),
    "opening_auction": PhaseRules(may_enter=False, may_cancel=False, matches=False, uncrosses=True),
    "continuous": PhaseRules(may_enter=True, may_cancel=True, matches=True),
    "halted": PhaseRules(may_enter=False, may_cancel=True, matches=False),
    "reopening_call": PhaseRules(may_enter=True, may_cancel=True, matches=False),
    "reopening_auction": PhaseRules(may_enter=False, may_cancel=False, matches=False, uncrosses=True),
    "closed": PhaseRules(may_enter=False, may_cancel=False, matches=False),
}
"""The table of phases: the checks read it, and nothing else decides by a phase's name what is allowed."""

PhaseReason = Literal["schedule", "organiser", "circuit_breaker"]
"""Why a phase begins."""

FOLLOWS: Final[dict[Phase, tuple[Phase, ...]]] = {
    "closed": ("pre_open", "continuous"),
    "pre_open": ("opening_auction", "halted", "closed"),
    "opening_auction": ("continuous", "closed"),
    "continuous": ("halted", "closed"),
    "halted": ("pre_open", "reopening_call", "reopening_auction", "continuous", "halted", "closed"),
    "reopening_call": ("reopening_auction", "halted", "closed"),
    "reopening_auction": ("continuous", "closed"),
}
"""The phases of the session that may follow each. A halt may follow a halt: then it lasts until another instant."""
