"""The log limits the lines of each kind, and counts the lines that it left out."""

import logging

import pytest
import structlog

from openoutcry.cli.process.log_rate import MAX_KINDS, MAX_LINES, WINDOW_SECONDS, BoundedLines, LineRate, bounded_lines


class Clock:
    now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def rate(clock):
    return LineRate(clock)


def test_lines_beyond_the_limit_are_left_out_and_counted(rate, clock):
    assert [rate.admit("a") for _ in range(MAX_LINES + 7)] == [0] * MAX_LINES + [None] * 7
    clock.now += WINDOW_SECONDS
    assert [rate.admit("a"), rate.admit("a")] == [7, 0]


def test_kinds_do_not_share_their_lines(rate):
    for _ in range(MAX_LINES + 1):
        rate.admit("a")
    assert rate.admit("b") == 0


def test_kinds_without_end_share_one(rate):
    for number in range(MAX_KINDS):
        rate.admit(str(number))
    admitted = [rate.admit(f"new {number}") for number in range(3 * MAX_LINES)]
    assert admitted.count(0) == MAX_LINES
    assert len(rate._kinds) <= MAX_KINDS + 1


def test_lines_of_libraries_are_bounded_by_the_place_that_they_come_from(rate, clock, monkeypatch):
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())
    handler.addFilter(BoundedLines(rate))
    logger = logging.getLogger("a library of this test")
    monkeypatch.setattr(logger, "handlers", [handler])

    def complain(number):
        logger.warning("number %d is wrong", number)

    for number in range(MAX_LINES + 3):
        complain(number)
    logger.warning("something else")
    assert lines == [f"number {number} is wrong" for number in range(MAX_LINES)] + ["something else"]
    clock.now += WINDOW_SECONDS
    complain(99)
    assert lines[-1] == "number 99 is wrong (and 3 more of these since the last)"


def test_lines_of_the_exchange_are_bounded_by_their_event(rate, clock):
    process = bounded_lines(rate)
    for number in range(MAX_LINES):
        assert process(None, "error", {"event": "failed", "number": number}) == {"event": "failed", "number": number}
    with pytest.raises(structlog.DropEvent):
        process(None, "error", {"event": "failed"})
    assert process(None, "error", {"event": "another"}) == {"event": "another"}
    clock.now += WINDOW_SECONDS
    assert process(None, "error", {"event": "failed"}) == {"event": "failed", "left_out": 1}
