"""Says where a handler of a live bot is that does not return: until it does, the bot hears and does nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from openoutcry.client.bot.run import Run
from openoutcry.client.bot.stuck.watchdog import watched

HANDLER_SECONDS: Final = 5.0
_BEAT_SECONDS: Final = 0.2


@asynccontextmanager
async def handlers_watched(seconds: float) -> AsyncIterator[None]:
    """Around a bot's life: warn in its log of a handler that keeps the loop for so many seconds of wall time."""
    beat = object()

    async def go_on() -> None:
        nonlocal beat
        while True:
            await asyncio.sleep(_BEAT_SECONDS)
            beat = object()

    beating = asyncio.create_task(go_on())
    try:
        with watched(seconds, lambda _frame: beat, _say):
            yield
    finally:
        beating.cancel()


def _say(run: Run, text: str) -> None:
    run.log.warning("%s; until it does, the bot is told nothing else", text)
