"""Waiting for what a held-back disk lets through, and seeing what it does not."""

import asyncio

from faulty_disk import FaultyDisk

TURNS = 20
"""Turns of the loop in which whatever nothing holds back has happened."""


class HeldDisk(FaultyDisk):
    """Syncs unless it is held; what is written while it is stays unsynced."""

    def hold(self):
        self.may_sync.clear()

    def let_go(self):
        self.may_sync.set()


async def turns():
    for _ in range(TURNS):
        await asyncio.sleep(0)


async def until(condition):
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0)


async def is_held(answer, exchange):
    """Whether the request got as far as its answer, and that does not come."""
    await until(lambda: exchange.coordinator.waiting or answer.done())
    await turns()
    return not answer.done()
