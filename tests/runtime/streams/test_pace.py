"""How often something is told: at most so often, and always the newest."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from openoutcry.runtime.streams.pace import SECOND_US, Pace


class Time:
    """Microseconds, and what is to happen later."""

    def __init__(self):
        self.now = 0
        self.timers = []

    def call_later(self, delay, callback):
        self.timers.append((self.now + round(delay * SECOND_US), len(self.timers), callback))

    def pass_to(self, moment):
        while self.timers and min(self.timers)[0] <= moment:
            due = min(self.timers)
            self.timers.remove(due)
            self.now = max(self.now, due[0])
            due[2]()
        self.now = moment


gaps = st.lists(st.tuples(st.integers(0, 700_000), st.sampled_from("ab")), max_size=30)


@given(gaps)
def test_four_a_second_are_told_of_each_name_the_newest_at_last(gaps):
    time, told = Time(), []
    pace = Pace(4, lambda: time.now, time.call_later)
    newest = {}
    for number, (gap, name) in enumerate(gaps):
        time.pass_to(time.now + gap)
        newest[name] = number
        pace.tell(name, lambda name=name, number=number: told.append((time.now, name, number)))
    time.pass_to(time.now + SECOND_US)
    for name, last in newest.items():
        of_name = [(moment, number) for moment, whose, number in told if whose == name]
        numbers = [number for _, number in of_name]
        assert numbers == sorted(numbers)
        assert numbers[-1] == last
        moments = [moment for moment, _ in of_name]
        assert all(later - earlier >= SECOND_US // 4 for earlier, later in pairwise(moments))


def test_the_first_is_told_at_once():
    told = []
    Pace(4, lambda: 0, lambda _delay, _callback: None).tell("a", lambda: told.append("a"))
    assert told == ["a"]
