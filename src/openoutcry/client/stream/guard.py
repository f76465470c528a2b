"""`cancel_on_disconnect`. The bot asks for it once, and the client again on every later connection."""

from typing import Any

from openoutcry.client.errors import ProtectionRefusedError
from openoutcry.client.stream.questions import Questions
from openoutcry.client.stream.session import StreamSession
from openoutcry.protocol.requests import MAX_TIMER_SECONDS
from openoutcry.protocol.stream import CancelOnDisconnect, StreamError
from openoutcry.protocol.stream_errors import StreamErrorCode


class ConnectionGuard:
    """The session remembers the setting, so that it is the first message on the next connection."""

    def __init__(self, session: StreamSession, questions: Questions) -> None:
        self._session = session
        self._questions = questions

    @property
    def is_on(self) -> bool:
        return self._session.guard is not None and self._session.guard.enabled

    async def set(self, *, enabled: bool, grace_seconds: int) -> None:
        """Set it from now on, across connections. Waits for the exchange's answer if connected.

        Raises `ProtectionRefusedError`; for a grace that no exchange accepts, nothing is sent. The setting from before
        stays, except after `PROCESSING_TIMEOUT`, which leaves the outcome open.
        """
        _check_grace(grace_seconds)
        before = self._session.guard
        wanted = CancelOnDisconnect(enabled=enabled, grace_seconds=grace_seconds)
        self._session.guard = wanted

        def put_back(refusal: StreamError) -> None:
            if refusal.code != StreamErrorCode.PROCESSING_TIMEOUT and self._session.guard is wanted:
                self._session.guard = before

        question = CancelOnDisconnect(enabled=enabled, grace_seconds=grace_seconds)
        refusal = await self._questions.ask(question, put_back)
        if refusal is not None:
            raise ProtectionRefusedError(refusal.message, refusal.code)


def _check_grace(grace_seconds: Any) -> None:
    is_whole = isinstance(grace_seconds, int) and not isinstance(grace_seconds, bool)
    if not is_whole or not 0 <= grace_seconds <= MAX_TIMER_SECONDS:
        raise ProtectionRefusedError(
            f"grace_seconds is {grace_seconds!r}; it must be a whole number from 0 to {MAX_TIMER_SECONDS}",
            StreamErrorCode.MALFORMED_REQUEST,
        )
