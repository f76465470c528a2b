"""Keeps a bot under its rate limits: what does not fit now is asked when it does, in order."""

from collections import deque
from collections.abc import Callable
from typing import Final

from openoutcry.client.bot.line import CallLater
from openoutcry.protocol.responses import RateInfo

MARGIN: Final = 0.95
"""The share of the limit that is used: requests do not arrive as evenly as they leave."""


class Pace:
    """A bucket of tokens like the exchange's own. `send` is called at once, or as soon as there are tokens for it."""

    def __init__(self, rate: RateInfo | None, time: Callable[[], float], call_later: CallLater) -> None:
        """`rate` None: there is no limit."""
        self._rate = rate
        self._time = time
        self._call_later = call_later
        self._tokens = 0.0 if rate is None else float(rate.burst)
        self._refilled_at = time()
        self._waiting: deque[tuple[float, Callable[[], None], Callable[[], None]]] = deque()
        """Tokens, how it is sent, and what is called if it is dropped."""
        self._is_waking = False

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def send(self, tokens: float, send: Callable[[], None], dropped: Callable[[], None] = lambda: None) -> None:
        if self._rate is None:
            send()
            return
        if not self._waiting and self._take(tokens):
            send()
            return
        self._waiting.append((tokens, send, dropped))
        self._wake_later()

    def hold_back(self, seconds: float) -> None:
        """Send nothing for so long: the exchange's bucket is emptier than this one."""
        if self._rate is not None:
            self._refill()
            self._tokens = min(self._tokens, -seconds * self._rate.per_second * MARGIN)

    def drop(self) -> None:
        """Send nothing of what waits."""
        waiting, self._waiting = self._waiting, deque()
        for _, _, dropped in waiting:
            dropped()

    def _take(self, tokens: float) -> bool:
        """A request that costs more than the bucket holds passes when it is full, and leaves it in debt."""
        assert self._rate is not None  # noqa: S101 - asked for by callers
        self._refill()
        if self._tokens < min(tokens, self._rate.burst):
            return False
        self._tokens -= tokens
        return True

    def _refill(self) -> None:
        assert self._rate is not None  # noqa: S101 - asked for by callers
        now = self._time()
        gained = (now - self._refilled_at) * self._rate.per_second * MARGIN
        self._tokens = min(float(self._rate.burst), self._tokens + gained)
        self._refilled_at = now

    def _wake_later(self) -> None:
        if self._is_waking or self._rate is None:
            return
        self._is_waking = True
        missing = min(self._waiting[0][0], self._rate.burst) - self._tokens
        self._call_later(max(missing / (self._rate.per_second * MARGIN), 0.001), self._wake)

    def _wake(self) -> None:
        self._is_waking = False
        while self._waiting and self._take(self._waiting[0][0]):
            self._waiting.popleft()[1]()
        if self._waiting:
            self._wake_later()
