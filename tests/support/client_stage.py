"""What the client's tests share: instruments, one awaited face for both clients, and waiting for a condition."""

import asyncio
import inspect

CALL = "SPX_CALL_4500_20240315"
PUT = "SPX_PUT_4500_20240315"
PATIENCE_SECONDS = 30
"""How long a condition may take to come true before the test gives up; nothing is timed against it."""


class Awaited:
    """A synchronous client whose methods are awaited: each runs in a thread, as a script's would."""

    def __init__(self, client):
        self.client = client

    def __getattr__(self, name):
        value = getattr(self.client, name)
        if not inspect.ismethod(value) or name == "on" or name.startswith("on_"):
            return value

        async def in_thread(*arguments, **options):
            return await asyncio.to_thread(value, *arguments, **options)

        return in_thread


async def until(condition, patience_seconds=PATIENCE_SECONDS):
    """Wait until `condition()` is true."""
    async with asyncio.timeout(patience_seconds):
        while not condition():  # noqa: ASYNC110 - the condition may be another thread's or process's
            await asyncio.sleep(0.002)
