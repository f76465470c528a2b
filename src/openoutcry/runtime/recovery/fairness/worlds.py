"""The world of a session, drawn anew, beside the one that was kept when it began."""

from pathlib import Path

from openoutcry.runtime.recovery.fairness.differences import of_worlds
from openoutcry.runtime.recovery.fairness.report import Finding
from openoutcry.runtime.sequencing.unavailable import Unavailable
from openoutcry.runtime.session.kept_worlds import KeptWorlds
from openoutcry.simulation.world.world import World

_SUBJECT = "world"


class ComparedWorlds:
    """In place of the worlds that are kept: gives the one of the session that is checked, whichever it can trust.

    That is the kept one, if it has the digest that the session began with: whatever is made of it then needs no
    allowance for another machine. Nothing is written.
    """

    def __init__(self, folder: Path, digest: str | None) -> None:
        """`digest`: of the world that the session began with."""
        self._kept = KeptWorlds(folder)
        self._digest = digest
        self._world: World | None = None
        self.finding = Finding("failed", _SUBJECT, "it was not drawn")

    def keep(self, date: str, world: World) -> None:
        """Compare what was drawn anew."""
        kept, why_not = self._find_kept(date)
        if world.digest == self._digest:
            self._world = world
            told = "" if kept is not None else f"; the kept one is of no use: {why_not}"
            self.finding = Finding(
                "sound", _SUBJECT, f"drawn anew for {world.seconds:,} seconds, it is the same to the last unit{told}"
            )
        elif kept is None:
            self.finding = Finding(
                "failed", _SUBJECT, f"drawn anew it is another, and it cannot be compared with the kept one: {why_not}"
            )
        else:
            difference = of_worlds(kept, world)
            if difference.text is None:
                self._world = kept
                self.finding = Finding(
                    "sound",
                    _SUBJECT,
                    f"drawn anew for {world.seconds:,} seconds, {difference.rounded:,} of its numbers are one unit off,"
                    " as they may be on another machine",
                )
            else:
                self.finding = Finding("failed", _SUBJECT, f"drawn anew it is another: {difference.text}")

    def find(self, date: str, _digest: str | None) -> World:
        """The session's. Raises `Unavailable` if there is none that can be trusted."""
        if self._world is None:
            raise Unavailable(f"the world of the session of {date} is not known")
        return self._world

    def _find_kept(self, date: str) -> tuple[World | None, str]:
        try:
            return self._kept.find(date, self._digest), ""
        except Unavailable as unavailable:
            return None, str(unavailable)
