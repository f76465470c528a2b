"""Draws: the same numbers everywhere, spread evenly."""

from openoutcry.domain.day.draws import draw


def test_a_draw_is_the_first_eight_bytes_of_a_sha_256():
    # printf '7:3:1' | sha256sum
    assert draw(7, 3, 1) == 0xA2BCB8863176398E


def test_counters_and_words_give_different_draws():
    drawn = {draw(word, counter) for word in range(100) for counter in range(100)}
    assert len(drawn) == 10_000


def test_draws_spread_over_the_whole_range():
    eighths = [0] * 8
    for counter in range(8_000):
        eighths[draw(1, counter) >> 61] += 1
    assert all(850 < count < 1_150 for count in eighths)
