"""Who holds the stream up: how long each reader of events took, since none of them had to wait."""


class Holding:
    """Seconds by reader, such as a handler's name."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}

    def add(self, reader: str, seconds: float) -> None:
        self._seconds[reader] = self._seconds.get(reader, 0.0) + seconds

    def caught_up(self) -> None:
        """Nothing waits: whoever held the stream does so no more."""
        self._seconds.clear()

    def longest(self) -> tuple[str, float] | None:
        """Who took most of the time, and how much."""
        return max(self._seconds.items(), key=lambda each: each[1], default=None)
