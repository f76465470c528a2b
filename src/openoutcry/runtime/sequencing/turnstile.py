"""Long work in pieces: one piece in each turn of the loop, over all callers, while the exchange goes on."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final


class Turnstile:
    """Lets one caller through in each turn of the loop, in order of arrival."""

    def __init__(self, call_soon: Callable[[Callable[[], None]], object]) -> None:
        self._call_soon: Final = call_soon
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._is_taken = False
        """Whether a caller has passed in this turn, or waits for the next."""

    def try_to_pass(self) -> bool:
        """Whether this turn is free; then it is taken."""
        if self._is_taken:
            return False
        self._is_taken = True
        self._call_soon(self._let_next)
        return True

    async def wait_to_pass(self) -> None:
        """Return in a turn of the caller's own, after all earlier callers had theirs."""
        if self.try_to_pass():
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        await turn

    def _let_next(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():  # the waiting caller was cancelled
                turn.set_result(None)
                self._call_soon(self._let_next)
                return
        self._is_taken = False
