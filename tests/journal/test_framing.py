"""Records in frames: a record that was written whole is read, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openoutcry.journal.framing import FRAME_OVERHEAD, frame, holds_whole_frame, whole_frames

PAYLOADS = st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=8)


def framed(payloads):
    return b"".join(frame(payload) for payload in payloads)


def read(data):
    return [bytes(payload) for _, payload in whole_frames(memoryview(data), 0)]


def last_end(data):
    end = 0
    for end, _ in whole_frames(memoryview(data), 0):  # noqa: B007 - the last one is what is asked for
        pass
    return end


@given(PAYLOADS)
def test_frames_come_back_as_they_were_written(payloads):
    data = framed(payloads)

    assert read(data) == payloads
    assert last_end(data) == len(data)


@given(PAYLOADS, st.data())
def test_a_cut_anywhere_leaves_exactly_the_frames_before_it(payloads, draw):
    data = framed(payloads)
    cut = draw.draw(st.integers(0, len(data)))

    kept = read(data[:cut])

    assert kept == payloads[: len(kept)]
    assert last_end(data[:cut]) == len(framed(kept)) <= cut
    assert len(kept) == len(payloads) or cut < len(framed(payloads[: len(kept) + 1]))


@given(PAYLOADS, st.data())
def test_a_flipped_bit_ends_the_reading_at_its_frame(payloads, draw):
    data = bytearray(framed(payloads))
    bit = draw.draw(st.integers(0, len(data) * 8 - 1))
    data[bit // 8] ^= 1 << bit % 8
    unharmed = 0
    while len(framed(payloads[: unharmed + 1])) <= bit // 8:
        unharmed += 1

    assert read(bytes(data)) == payloads[:unharmed]


@given(st.integers(0, 100))
def test_zeros_are_no_frames(count):
    assert read(bytes(count)) == []


@given(PAYLOADS, st.binary(max_size=30), st.integers(1, 30))
def test_a_whole_frame_is_found_behind_damage(payloads, damage, missing):
    data = damage + framed(payloads)
    torn = damage + frame(payloads[0])[:-1]

    assert holds_whole_frame(memoryview(data), 0)
    assert not holds_whole_frame(memoryview(torn[: len(torn) - missing]), len(damage))


@pytest.mark.parametrize("size", range(FRAME_OVERHEAD + 1))
def test_less_than_a_frame_is_no_frame(size):
    assert read(frame(b"x")[:size]) == []
