"""How long each reader of events has held the stream up since the stream was last up to date."""


class Holding:
    """Seconds for each reader, such as a handler."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}

    def add(self, reader: str, seconds: float) -> None:
        self._seconds[reader] = self._seconds.get(reader, 0.0) + seconds

    def caught_up(self) -> None:
        """Start again from zero: no events wait."""
        self._seconds.clear()

    def longest(self) -> tuple[str, float] | None:
        """The reader that took the longest, and its seconds."""
        return max(self._seconds.items(), key=lambda each: each[1], default=None)
