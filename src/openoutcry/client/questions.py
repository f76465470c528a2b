"""What is asked on the stream, over one connection after another: sent, answered, restored."""

import asyncio
import itertools
import logging
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from openoutcry.client.connection import Connection
from openoutcry.client.session import StreamSession
from openoutcry.protocol.stream import Ack, CancelOnDisconnect, StreamError, Subscribe, Unsubscribe

Question = Subscribe | Unsubscribe | CancelOnDisconnect

ANSWER_SECONDS: Final = 10.0
"""How long a caller waits for the exchange's word; what was asked for stands without it."""

_log = logging.getLogger("openoutcry.client")


class _Asked(Struct, eq=False):
    """A question on its way: what to do if it is refused, and where the answer goes."""

    refused: Callable[[StreamError], None]
    answer: asyncio.Future[Ack | StreamError | None]


class Questions:
    """`may_wait` tells whether the caller can wait for an answer that is yet to be read."""

    def __init__(self, session: StreamSession, may_wait: Callable[[], bool]) -> None:
        self._session = session
        self.may_wait = may_wait
        self.connection: Connection | None = None
        self._asked: dict[str, _Asked] = {}
        self._numbers = itertools.count(1)

    async def restore(self, connection: Connection) -> None:
        """A connection is open: say first what holds across connections."""
        self.connection = connection
        for message in self._session.restoring_messages():
            await connection.say(message)

    async def ask(self, question: Question, refused: Callable[[StreamError], None]) -> StreamError | None:
        """Send the question while connected, and wait for the exchange's word where that is possible.

        The refusal, if there is one; `refused` is called with it, also where nobody could wait for it.
        """
        if self.connection is None:
            return None  # restored with the next welcome
        question.request_id = f"stream-{next(self._numbers)}"
        asked = _Asked(refused, asyncio.get_running_loop().create_future())
        self._asked[question.request_id] = asked
        if not await self.connection.say(question) or not self.may_wait():
            return None
        try:
            answer = await asyncio.wait_for(asked.answer, ANSWER_SECONDS)
        except TimeoutError:
            return None
        return answer if isinstance(answer, StreamError) else None

    def take_answer(self, answer: Ack | StreamError) -> None:
        asked = self._asked.pop(answer.request_id or "", None)
        if isinstance(answer, StreamError):
            _log.warning("the exchange refused %s: %s (%s)", answer.op, answer.message, answer.code)
            if asked is not None:
                asked.refused(answer)
        if asked is not None and not asked.answer.done():
            asked.answer.set_result(answer)

    def disconnect(self) -> bool:
        """The connection is gone, and its answers with it; whether there was one."""
        was_open, self.connection = self.connection is not None, None
        asked, self._asked = self._asked, {}
        for waiting in asked.values():
            if not waiting.answer.done():
                waiting.answer.set_result(None)
        return was_open
