"""What the auditor found wrong."""

from typing import Final

FINDINGS_KEPT: Final = 20


class Findings:
    """`texts` holds the first of them, and the first of each claim; `count` counts all."""

    def __init__(self) -> None:
        self.count = 0
        self.compared = 0
        """The number of comparisons: a check that compared nothing has shown nothing."""
        self.texts: list[str] = []
        self._claims: set[str] = set()

    def add(self, claim: str, what: str) -> None:
        self.count += 1
        if len(self.texts) < FINDINGS_KEPT or claim not in self._claims:
            self._claims.add(claim)
            self.texts.append(f"{claim}: {what}")

    def check(self, holds: bool, claim: str, what: str) -> bool:
        """Note a finding unless `holds`."""
        self.compared += 1
        if not holds:
            self.add(claim, what)
        return holds

    def equal(self, claim: str, about: str, *, expected: object, told: object) -> bool:
        return self.check(expected == told, claim, f"{about}: {told} was told, {expected} is so")
