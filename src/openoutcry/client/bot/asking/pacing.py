"""Keeps a bot under its rate limits: what does not fit now is asked when it does, in order."""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Final, NamedTuple

from openoutcry.client.bot.line import CallLater
from openoutcry.protocol.responses import RateInfo

MARGIN: Final = 0.95
"""The share of the limit that is used: requests do not arrive as evenly as they leave."""

LEAST_SECONDS: Final = 0.001
"""Of waiting: seconds are rounded, and time must pass before there are tokens."""

NOWHERE: Final = 0
"""The place of nothing."""


class Waiting(NamedTuple):
    """Something that is still to be sent."""

    tokens: float
    send: Callable[[], None]
    dropped: Callable[[], None]


class Pace:
    """A bucket of tokens like the exchange's. What is sent leaves at once, or as soon as there are tokens for it."""

    def __init__(self, rate: RateInfo | None, time: Callable[[], float], call_later: CallLater) -> None:
        """`rate` None: there is no limit, unless the exchange says so."""
        self._rate = rate
        self._time = time
        self._call_later = call_later
        self._tokens = 0.0 if rate is None else float(rate.burst)
        self._refilled_at = self._held_until = time()
        self._waiting: dict[int, Waiting] = {}
        self._places: list[int] = []
        """A heap of the places of those that wait, and of some that are withdrawn."""
        self._last_place = NOWHERE
        self._is_waking = False

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def send(
        self, tokens: float, send: Callable[[], None], dropped: Callable[[], None], place: int | None = None
    ) -> int:
        """Call `send` once there are tokens, or `dropped` if it is withdrawn. Returns its place among what is sent.

        `place`: the one that it had before, if it was refused and is sent again.
        """
        if place is None:
            self._last_place += 1
            place = self._last_place
        if not self._waiting and self._seconds_until(tokens) <= 0:
            self._tokens -= tokens
            send()
        else:
            self._waiting[place] = Waiting(tokens, send, dropped)
            heappush(self._places, place)
            self._wake_later()
        return place

    def hold_back(self, seconds: float) -> None:
        """Send nothing for so long: the exchange's bucket is emptier than this one."""
        self._refill()
        self._held_until = max(self._held_until, self._refilled_at + seconds)
        if self._rate is not None:
            self._tokens = min(self._tokens, 1 - seconds * self._rate.per_second * MARGIN)

    def withdraw(self, place: int) -> bool:
        """Do not send what waits in this place. False if it has been sent."""
        waiting = self._waiting.pop(place, None)
        if waiting is None:
            return False
        waiting.dropped()
        return True

    def drop(self) -> None:
        """Send nothing of what waits."""
        waiting, self._waiting = self._waiting, {}
        self._places.clear()
        for place in sorted(waiting):
            waiting[place].dropped()

    def _seconds_until(self, tokens: float) -> float:
        """Seconds until so many tokens are there. A request that costs more than a full bucket leaves it in debt."""
        self._refill()
        held = self._held_until - self._refilled_at
        if self._rate is None:
            return held
        missing = min(tokens, self._rate.burst) - self._tokens
        return max(held, missing / (self._rate.per_second * MARGIN))

    def _refill(self) -> None:
        now = self._time()
        if self._rate is not None:
            gained = (now - self._refilled_at) * self._rate.per_second * MARGIN
            self._tokens = min(float(self._rate.burst), self._tokens + gained)
        self._refilled_at = now

    def _first(self) -> int | None:
        """The place of what is to be sent next."""
        while self._places and self._places[0] not in self._waiting:
            heappop(self._places)
        return self._places[0] if self._places else None

    def _wake_later(self) -> None:
        first = self._first()
        if first is not None and not self._is_waking:
            self._is_waking = True
            seconds = self._seconds_until(self._waiting[first].tokens)
            self._call_later(max(seconds, LEAST_SECONDS), self._wake)

    def _wake(self) -> None:
        self._is_waking = False
        while (first := self._first()) is not None and self._seconds_until(self._waiting[first].tokens) <= 0:
            heappop(self._places)
            waiting = self._waiting.pop(first)
            self._tokens -= waiting.tokens
            waiting.send()
        self._wake_later()
