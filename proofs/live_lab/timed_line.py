"""A line that measures how long each question takes, and keeps what the bot is told."""

from collections.abc import Callable, Iterable
from time import perf_counter
from typing import NamedTuple

from openoutcry.client.bot.line import Line, Question, TimerHandle, Verdict


class Answered(NamedTuple):
    """Instants by `perf_counter`, in seconds: of the bot's question, and of the answer, with all that it waits for."""

    asked_at: float
    answered_at: float
    verdict: Verdict


class TimedLine:
    """A bot's line to the exchange, with a look at it."""

    def __init__(self, line: Line) -> None:
        self.answers: list[Answered] = []
        self.under_way = 0
        self._line = line

    @property
    def order_prefix(self) -> str:
        return self._line.order_prefix

    def ask(self, question: Question, answered: Callable[[Verdict], None]) -> None:
        asked_at = perf_counter()
        self.under_way += 1

        def told(verdict: Verdict) -> None:
            self.under_way -= 1
            self.answers.append(Answered(asked_at, perf_counter(), verdict))
            answered(verdict)

        self._line.ask(question, told)

    def subscribe(self, channels: Iterable[str]) -> None:
        self._line.subscribe(channels)

    def call_later(self, seconds: float, callback: Callable[[], None]) -> TimerHandle:
        return self._line.call_later(seconds, callback)

    def time(self) -> float:
        return self._line.time()
