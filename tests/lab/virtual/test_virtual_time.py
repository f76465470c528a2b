"""A loop and a clock whose time passes from timer to timer."""

from openoutcry.lab.virtual.time import BEGINNING, VirtualTime


def test_time_passes_only_when_it_is_let_and_stops_at_each_timer():
    time, seen = VirtualTime(), []
    time.call_later(2.5, lambda: seen.append(time.now() - BEGINNING))
    time.call_later(1, lambda: seen.append(time.elapsed() - BEGINNING))
    time.run()
    assert (seen, time.now()) == ([], BEGINNING)
    time.pass_seconds(2)
    assert (seen, time.now() - BEGINNING) == ([1_000_000], 2_000_000)
    assert time.leap()
    assert seen == [1_000_000, 2_500_000]
    assert not time.leap()


def test_timers_of_one_instant_are_called_in_the_order_in_which_they_were_set():
    time, seen = VirtualTime(), []
    for number in range(5):
        time.call_later(1, lambda number=number: seen.append(number))
    time.pass_seconds(1)
    assert seen == [0, 1, 2, 3, 4]


def test_what_becomes_ready_is_called_before_time_passes_on():
    time, seen = VirtualTime(), []
    time.call_later(1, lambda: time.call_soon(lambda: seen.append(time.now() - BEGINNING)))
    time.call_later(2, lambda: seen.append("later"))
    time.call_soon_threadsafe(lambda: seen.append("at once"))
    time.pass_seconds(5)
    assert seen == ["at once", 1_000_000, "later"]


def test_a_cancelled_timer_is_not_called():
    time, seen = VirtualTime(), []
    timer = time.call_later(1, lambda: seen.append("cancelled"))
    time.call_later(1, lambda: seen.append("called"))
    timer.cancel()
    time.pass_seconds(1)
    assert seen == ["called"]


def test_time_in_which_nothing_was_called_is_made_up_for():
    time, seen = VirtualTime(), []
    time.call_later(1, lambda: seen.append(time.now() - BEGINNING))
    time.fall_behind(10)
    time.pass_seconds(0)
    assert seen == [10_000_000]


def test_time_that_passes_until_an_instant_can_be_watched_timer_by_timer():
    time, seen = VirtualTime(), []
    for seconds in (1, 2, 3):
        time.call_later(seconds, lambda: None)
    time.pass_until(BEGINNING + 2_000_000, lambda: seen.append(time.now() - BEGINNING))
    assert (seen, time.now() - BEGINNING) == ([1_000_000, 2_000_000], 2_000_000)
    time.pass_until(BEGINNING)
    assert time.now() - BEGINNING == 2_000_000
