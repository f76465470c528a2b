"""What a check of fair play has found."""

from typing import Final, Literal

from msgspec import Struct

Kind = Literal["sound", "note", "failed"]
"""As it should be; worth knowing, such as what cannot be checked yet; not as it should be."""

EXAMPLES: Final = 3
"""How many faults of a kind are told in full."""


class Finding(Struct, frozen=True):
    kind: Kind
    subject: str
    """What was checked, in a word."""
    text: str


class SessionFindings(Struct, frozen=True):
    date: str
    number: int
    """Sessions of the journal are counted from 1."""
    is_revealed: bool
    """Whether its seed is."""
    findings: tuple[Finding, ...]


class FairnessReport(Struct, frozen=True):
    scenario_name: str
    scenario_hash: str
    sessions: tuple[SessionFindings, ...]
    findings: tuple[Finding, ...]
    """About the journal as a whole."""
    sequence: int
    """The last command that could be followed."""
    state_hash: str
    """After it."""

    @property
    def is_fair(self) -> bool:
        """Whether nothing has failed. What cannot be checked yet may still."""
        found = [*self.findings, *(finding for session in self.sessions for finding in session.findings)]
        return all(finding.kind != "failed" for finding in found)

    @property
    def is_whole(self) -> bool:
        """Whether there is a session, and all that is drawn in each could be checked: its seed is revealed."""
        return bool(self.sessions) and all(session.is_revealed for session in self.sessions)


class Tally:
    """What one check counts as it goes along."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.compared = 0
        self.rounded = 0
        """Numbers that are one unit off: the platform's."""
        self.faults = 0
        self._examples: list[str] = []

    def fault(self, text: str) -> None:
        self.faults += 1
        if len(self._examples) < EXAMPLES:
            self._examples.append(text)

    def finding(self, what: str) -> Finding:
        """`what` was compared, such as `"orders"`."""
        if self.faults:
            more = self.faults - len(self._examples)
            told = "; ".join(self._examples) + (f"; and {more:,} more" if more else "")
            return Finding("failed", self.subject, told)
        text = f"{self.compared:,} {what}, each as it is drawn anew"
        if self.rounded:
            text += f"; {self.rounded:,} numbers are one unit off, as they may be on another machine"
        return Finding("sound", self.subject, text)
