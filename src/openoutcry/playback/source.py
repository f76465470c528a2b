"""Where a chronicle comes from, as its server sees it."""

from typing import Literal, Protocol

from openoutcry.playback.chronicle import Chronicle

State = Literal["reading", "following", "complete", "failed"]


class Source(Protocol):
    """Has a chronicle that may grow while `run` runs."""

    @property
    def chronicle(self) -> Chronicle: ...

    @property
    def name(self) -> str:
        """Of the directory or file."""

    @property
    def state(self) -> State: ...

    @property
    def problem(self) -> str | None:
        """Why not everything is read, in a sentence."""

    @property
    def note(self) -> str | None:
        """What is not shown although all was read, in a sentence."""

    @property
    def progress(self) -> dict[str, int]:
        """How far it has come: `commands`, and `bytes` `of_bytes`."""

    async def run(self) -> None:
        """Read everything, and then what comes, until it is cancelled."""

    async def read(self) -> None:
        """Returns when everything that was there at the start is read, or nothing more can be."""
