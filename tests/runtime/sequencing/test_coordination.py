"""Answers that wait for the disk: for how long, and how many."""

import asyncio

import pytest

from openoutcry.runtime.sequencing.coordination import OrderResponseCoordinator, ProcessingTimeout
from openoutcry.runtime.sequencing.unavailable import Unavailable


def disk(**options):
    return OrderResponseCoordinator(0, waits_for_disk=True, **options)


async def waiting(coordinator, *sequences):
    """Answers that wait, in order; returns once they all do."""
    answers = [asyncio.create_task(coordinator.until_synced(sequence)) for sequence in sequences]
    await turn()
    return answers


async def turn():
    for _ in range(5):
        await asyncio.sleep(0)


async def test_without_the_disk_nothing_waits():
    await OrderResponseCoordinator(0, waits_for_disk=False).until_synced(1)


async def test_what_is_synced_already_need_not_wait():
    coordinator = disk()
    coordinator.synced(7)

    await coordinator.until_synced(7)

    assert coordinator.waiting == 0


async def test_answers_leave_when_their_command_is_synced_and_not_before():
    coordinator = disk()
    first, second, third = await waiting(coordinator, 1, 2, 3)

    coordinator.synced(2)
    await asyncio.gather(first, second)

    assert not third.done()
    assert (coordinator.waiting, coordinator.answered) == (1, 2)
    coordinator.synced(3)
    await third


async def test_at_the_bound_a_request_is_turned_away_before_it_has_any_effect():
    coordinator = disk(maximum_waiting=2)
    answers = await waiting(coordinator, 1, 2)

    with pytest.raises(Unavailable, match="2 requests wait"):
        coordinator.admit()
    coordinator.synced(2)
    await asyncio.gather(*answers)

    coordinator.admit()
    assert coordinator.turned_away == 1


async def test_an_answer_without_a_place_has_an_unknown_outcome_and_is_not_refused():
    coordinator = disk(maximum_waiting=1)
    (answer,) = await waiting(coordinator, 1)

    with pytest.raises(ProcessingTimeout, match="too many"):
        await coordinator.until_synced(2)
    coordinator.synced(1)
    await answer


async def test_at_the_deadline_the_outcome_is_unknown():
    coordinator = disk(deadline_seconds=0.001)

    with pytest.raises(ProcessingTimeout, match=r"within 0\.001 seconds; ask by client_order_id"):
        await coordinator.until_synced(1)

    assert (coordinator.waiting, coordinator.timed_out) == (0, 1)


async def test_a_client_that_goes_away_gives_its_place_free():
    coordinator = disk(maximum_waiting=1)
    (answer,) = await waiting(coordinator, 1)

    answer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await answer

    coordinator.admit()
    assert (coordinator.waiting, coordinator.abandoned, coordinator.timed_out) == (0, 1, 0)


async def test_a_client_that_goes_away_as_its_answer_is_ready_disturbs_nobody():
    coordinator = disk()
    first, second = await waiting(coordinator, 1, 2)

    coordinator.synced(1)
    first.cancel()
    coordinator.synced(2)
    await second

    assert coordinator.waiting == 0


async def test_when_the_disk_is_given_up_nobody_waits_any_longer():
    coordinator = disk()
    answers = await waiting(coordinator, 1, 2)

    coordinator.give_up("the disk is broken")

    for answer in answers:
        with pytest.raises(ProcessingTimeout, match="the disk is broken"):
            await answer
    with pytest.raises(ProcessingTimeout, match="the disk is broken"):
        await coordinator.until_synced(3)
    assert (coordinator.waiting, coordinator.timed_out) == (0, 3)
