"""A bot's line in a process of its own: what it asks goes to the exchange's process, in the order in which it asks."""

from collections.abc import Callable, Iterable
from typing import Final

from openoutcry.client.bot.line import Question, TimerHandle, Verdict
from openoutcry.lab.isolation.distant_time import DistantTime
from openoutcry.lab.isolation.messages import Action, Asked, Subscribed
from openoutcry.lab.isolation.questions import packed

_SECOND_US: Final = 1_000_000


class DistantLine:
    def __init__(self, time: DistantTime, order_prefix: str, tell: Callable[[Action], None]) -> None:
        self._time = time
        self._order_prefix = order_prefix
        self._tell = tell
        self._numbered = 0
        self._answers: dict[int, Callable[[Verdict], None]] = {}

    def answer(self, number: int, verdict: Verdict) -> None:
        self._answers.pop(number)(verdict)

    # ---- `Line`

    @property
    def order_prefix(self) -> str:
        return self._order_prefix

    def ask(self, question: Question, answered: Callable[[Verdict], None]) -> None:
        self._numbered += 1
        self._answers[self._numbered] = answered
        self._tell(Asked(self._numbered, packed(question)))
        self._time.company_comes()

    def subscribe(self, channels: Iterable[str]) -> None:
        self._tell(Subscribed(list(channels)))
        self._time.company_comes()

    def call_later(self, seconds: float, callback: Callable[[], None]) -> TimerHandle:
        return self._time.call_later(seconds, callback)

    def time(self) -> float:
        return self._time.now() / _SECOND_US
