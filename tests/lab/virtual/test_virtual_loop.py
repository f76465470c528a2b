"""An asyncio loop in virtual time, and tasks that let no time pass."""

import asyncio

import pytest

from openoutcry.lab.virtual.loop import MOST_STEPS, VirtualLoop
from openoutcry.lab.virtual.time import VirtualTime


@pytest.fixture
def loop():
    return VirtualLoop(VirtualTime())


def test_a_task_that_lets_no_time_pass_is_cancelled(loop):
    async def spins():
        while True:  # noqa: ASYNC110 - which is the fault
            await asyncio.sleep(0)

    with pytest.raises(asyncio.CancelledError, match=f"it took {MOST_STEPS:,} steps"):
        loop.run_until_complete(spins())


def test_steps_are_counted_anew_when_time_has_passed(loop):
    async def works():
        for _ in range(3):
            for _ in range(MOST_STEPS // 2):
                await asyncio.sleep(0)
            await asyncio.sleep(0.001)
        return "done"

    assert loop.run_until_complete(works()) == "done"


def test_one_that_goes_on_when_it_is_cancelled_is_dropped(loop):
    steps = 0

    async def goes_on():
        nonlocal steps
        while True:
            try:
                await asyncio.sleep(0)
            except asyncio.CancelledError:
                continue
            finally:
                steps += 1

    with pytest.raises(RuntimeError, match="something that can never happen"):
        loop.run_until_complete(goes_on())
    with loop.running():
        loop.end_tasks()
    assert steps <= 2 * MOST_STEPS


def test_what_the_loop_lacks_says_why(loop):
    async def asks():
        await asyncio.to_thread(print)

    with pytest.raises(
        NotImplementedError, match="run_in_executor: a simulation has no threads, processes and sockets"
    ):
        loop.run_until_complete(asks())


def test_tasks_that_are_left_are_ended(loop):
    ended = []

    async def waits():
        try:
            await asyncio.sleep(1000)
        finally:
            ended.append("ended")

    async def leaves_it():
        return asyncio.create_task(waits())

    with loop.running():
        task = loop.run_until_complete(leaves_it())
        loop.end_tasks()
    assert (ended, task.cancelled()) == (["ended"], True)
