"""Requests on the stream: how they are sent, answered, and repeated on each new connection."""

import asyncio
import itertools
import logging
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from openoutcry.client.errors import ProtectionRefusedError, RefusedError, SubscriptionRefusedError
from openoutcry.client.stream.connection import Connection
from openoutcry.client.stream.session import RESTORING, StreamSession
from openoutcry.protocol.stream import Ack, CancelOnDisconnect, StreamError, Subscribe, Unsubscribe
from openoutcry.protocol.stream_errors import StreamErrorCode

Question = Subscribe | Unsubscribe | CancelOnDisconnect

ANSWER_SECONDS: Final = 10.0
"""How long a caller waits for the answer. Without one the request stays in force."""

_WRONG_CHANNEL: Final = frozenset({StreamErrorCode.INVALID_CHANNEL, StreamErrorCode.INVALID_INSTRUMENT})

_log = logging.getLogger("openoutcry.client")


class _Asked(Struct, eq=False):
    """A request without an answer yet: what to call if it is refused, and the future of its answer."""

    refused: Callable[[StreamError], None]
    answer: asyncio.Future[Ack | StreamError | None]


class Questions:
    """`may_wait` says whether the caller can wait for an answer. The task that reads the stream cannot."""

    def __init__(self, session: StreamSession, may_wait: Callable[[], bool]) -> None:
        self._session = session
        self.may_wait = may_wait
        self.connection: Connection | None = None
        self._asked: dict[str, _Asked] = {}
        self._restoring: dict[str, Subscribe | CancelOnDisconnect] = {}
        self._refusals: list[RefusedError] = []
        self._numbers = itertools.count(1)

    async def restore(self, connection: Connection) -> None:
        """Send what holds across connections, first on a new connection."""
        self.connection = connection
        self._refusals.clear()
        for message in self._session.restoring_messages():
            await self._say_again(message)

    @property
    def is_restored(self) -> bool:
        """Whether the exchange has answered everything that `restore` has sent."""
        return not self._restoring

    def take_refusal(self) -> RefusedError | None:
        """The exchange's refusals of what `restore` has sent, as one error. The next call returns None."""
        refusals, self._refusals = self._refusals, []
        if len(refusals) < 2:
            return refusals[0] if refusals else None
        return type(refusals[0])("; ".join(str(refusal) for refusal in refusals), refusals[0].code)

    async def ask(self, question: Question, refused: Callable[[StreamError], None]) -> StreamError | None:
        """Send the question if connected, and wait for the answer if the caller may wait.

        Returns the refusal, or None. `refused` is called with a refusal also if the caller does not wait for it.
        """
        if self.connection is None:
            return None  # sent after the next welcome
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

    async def take_answer(self, answer: Ack | StreamError) -> None:
        restored = self._restoring.pop(answer.request_id or "", None)
        if restored is not None and isinstance(answer, StreamError):
            await self._restore_the_rest(restored, answer)
        asked = self._asked.pop(answer.request_id or "", None)
        if isinstance(answer, StreamError):
            _log.warning("the exchange refused %s: %s (%s)", answer.op or "the stream", answer.message, answer.code)
            if asked is not None:
                asked.refused(answer)
        if asked is not None and not asked.answer.done():
            asked.answer.set_result(answer)

    def disconnect(self) -> bool:
        """Note that the connection is lost, and end all waits for answers. Returns whether there was a connection."""
        was_open, self.connection = self.connection is not None, None
        self._restoring.clear()
        asked, self._asked = self._asked, {}
        for waiting in asked.values():
            if not waiting.answer.done():
                waiting.answer.set_result(None)
        return was_open

    async def _say_again(self, message: Subscribe | CancelOnDisconnect) -> None:
        assert self.connection is not None  # noqa: S101 - called while there is one
        message.request_id = f"{RESTORING}{next(self._numbers)}"
        self._restoring[message.request_id] = message
        await self.connection.say(message)

    async def _restore_the_rest(self, refused: Subscribe | CancelOnDisconnect, refusal: StreamError) -> None:
        """After a refusal, forget the wrong channel and ask for the others again. A refused guard is forgotten too."""
        if isinstance(refused, CancelOnDisconnect):
            self._refusals.append(ProtectionRefusedError(refusal.message, refusal.code))
            if refusal.code != StreamErrorCode.PROCESSING_TIMEOUT:
                self._session.guard = None
            return
        self._refusals.append(SubscriptionRefusedError(refusal.message, refusal.code))
        wrong = (refusal.details or {}).get("channel")
        if refusal.code in _WRONG_CHANNEL and wrong in refused.channels:
            self._session.unsubscribe([wrong])
            rest = [channel for channel in refused.channels if channel != wrong]
            if rest:
                await self._say_again(Subscribe(channels=rest))
