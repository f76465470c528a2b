"""The queue of timers, compared with a dictionary that is searched each time."""

from hypothesis import given
from hypothesis import strategies as st

from openoutcry.runtime.sequencing.timer_schedule import MOST_STALE, TimerSchedule

TIMERS = [(1, None), (1, "ses_1"), (2, None), (3, "ses_2")]

steps = st.lists(
    st.tuples(st.sampled_from(TIMERS), st.integers(0, 50) | st.none()) | st.just(("strike", None)), max_size=60
)


@given(steps)
def test_the_timer_that_is_next_is_the_one_with_the_first_deadline(steps):
    schedule, obvious = TimerSchedule(), {}
    for timer, deadline in steps:
        if timer == "strike":
            first = schedule.next()
            if first is not None:
                schedule.cancel(first[0])
                del obvious[first[0]]
        elif deadline is None:
            schedule.cancel(timer)
            obvious.pop(timer, None)
        else:
            schedule.set(timer, deadline)
            obvious[timer] = deadline
        first = schedule.next()
        assert len(schedule) == len(obvious)
        assert (None if first is None else first[1]) == min(obvious.values(), default=None)
        assert first is None or obvious[first[0]] == first[1]


def test_of_equal_deadlines_the_one_that_was_set_first_is_first():
    schedule = TimerSchedule()
    for team_id in (3, 1, 2):
        schedule.set((team_id, None), 5)
    order = []
    while (first := schedule.next()) is not None:
        order.append(first[0][0])
        schedule.cancel(first[0])
    assert order == [3, 1, 2]


def test_however_a_bot_sets_its_timer_the_queue_stays_short():
    schedule = TimerSchedule()
    for deadline in (*range(2_000), *range(2_000, 0, -1), *[1, 9_999] * 1_000):
        schedule.set((1, None), deadline)
        schedule.set((2, None), 5_000)
        assert len(schedule._queue) <= 2 * 2 + MOST_STALE + 1
    assert schedule.next() == ((2, None), 5_000)
