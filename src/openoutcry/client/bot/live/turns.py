"""Which questions must wait for the answer to earlier ones: those whose order of arrival matters.

Questions travel on several connections. Two orders may overtake each other; a cancel of all may not overtake an order.
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
    if isinstance(later, CancelAll):
        return _is_cancelled_by(earlier, later)
    if isinstance(earlier, CancelAll):
        return _is_cancelled_by(later, earlier)
    if isinstance(later, Amend | Cancel):
        return isinstance(earlier, Amend | Cancel) and later.order_id == earlier.order_id
    about_quotes = Quote | Protect | ResetProtection
    return isinstance(later, about_quotes) and isinstance(earlier, about_quotes)


def _is_cancelled_by(question: Question, cancel: CancelAll) -> bool:
    """Whether the cancel may take away what the question enters."""
    match question:
        case Submit(order):
            return cancel.instrument_id in (None, order.instrument_id) and cancel.side in (None, order.side)
        case Quote(request):
            return cancel.instrument_id in (None, *(quote.instrument_id for quote in request.quotes))
        case Amend():
            return True
        case _:
            return False
