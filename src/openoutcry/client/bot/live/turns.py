"""Which questions must wait for the answer to earlier ones: those whose order of arrival matters.

Questions travel on several connections. Two orders may overtake each other, and a cancel of all may overtake an order,
which the bot then cancels by itself. But an order must not arrive before a cancel of all that was asked for earlier.
"""

import asyncio
from typing import Final

from openoutcry.client.bot.line import (
    Amend,
    Cancel,
    CancelAll,
    Protect,
    Question,
    Quote,
    ResetProtection,
    Submit,
)
from openoutcry.protocol.requests import QuotesRequest


class Turns:
    """The questions of one bot that are not answered yet."""

    def __init__(self) -> None:
        self._open: Final[dict[asyncio.Task[None], Question]] = {}

    def before(self, question: Question) -> list[asyncio.Task[None]]:
        """The tasks whose end this question must wait for."""
        return [task for task, earlier in self._open.items() if must_follow(question, earlier)]

    def add(self, task: asyncio.Task[None], question: Question) -> None:
        self._open[task] = question
        task.add_done_callback(self._open.pop)

    def tasks(self) -> list[asyncio.Task[None]]:
        """Of all questions that are open."""
        return list(self._open)


def must_follow(later: Question, earlier: Question) -> bool:
    """Whether it matters that `later` arrives after `earlier`."""
    match later, earlier:
        case Submit(order), CancelAll(instrument_id, side):
            return instrument_id in (None, order.instrument_id) and side in (None, order.side)
        case Quote(request), CancelAll(instrument_id, _):
            return instrument_id is None or instrument_id in _instruments(request)
        case Amend(), CancelAll():
            return True
        case Amend() | Cancel(), Amend() | Cancel():
            return later.order_id == earlier.order_id
        case Quote(request), Quote(earlier_request):
            return not _instruments(request).isdisjoint(_instruments(earlier_request))
        case Quote() | Protect() | ResetProtection(), Quote() | Protect() | ResetProtection():
            return True
        case _:
            return False


def _instruments(request: QuotesRequest) -> set[str]:
    return {quote.instrument_id for quote in request.quotes}
