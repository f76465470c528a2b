"""Numbers made of raw words: within their bounds, and as chance would have them."""

import numpy as np
import pytest
from world_stage import seed_of

from openoutcry.simulation.words import raw_words
from openoutcry.simulation.world.chance import Chance


class _Words:
    """Of a generator that gives the words it is told to."""

    def __init__(self, words):
        self.left = list(words)

    def random_raw(self, count=None):
        if count is None:
            return self.left.pop(0)
        taken, self.left = self.left[:count], self.left[count:]
        return np.array(taken, dtype=np.uint64)


@pytest.fixture
def chance_of():
    def made(*words):
        chance = Chance(seed_of(1), "test")
        chance._philox = _Words(words)
        return chance

    return made


def test_words_are_those_of_the_component_one_after_the_other():
    chance = Chance(seed_of(1), "news")
    expected = raw_words(seed_of(1), "news", 0, 6).tolist()
    assert [chance.word(), *chance.words(4).tolist(), chance.word()] == expected


@pytest.mark.parametrize("word", [0, 2**64 - 1])
def test_uniforms_are_never_zero_or_one(chance_of, word):
    assert 0 < chance_of(word).uniform() < 1
    assert 0 < chance_of(word).uniforms(1)[0] < 1
    assert np.isfinite(chance_of(word).normals(1)[0])
    assert chance_of(word).exponential(1.0) > 0


def test_one_number_and_many_are_made_of_words_alike(chance_of):
    words = raw_words(seed_of(1), "alike", 0, 20).tolist()
    one, many = chance_of(*words), chance_of(*words)
    assert [one.uniform() for _ in words] == many.uniforms(20).tolist()
    one, many = chance_of(*words), chance_of(*words)
    assert [one.normal() for _ in words] == many.normals(20).tolist()


@pytest.mark.parametrize(("word", "expected"), [(0, 0), (2**63, 5), (2**64 - 1, 9)])
def test_a_number_below_a_bound_is_the_words_share_of_it(chance_of, word, expected):
    assert chance_of(word).below(10) == expected


def test_normals_and_exponentials_have_their_mean_and_spread():
    normals = Chance(seed_of(1), "normals").normals(100_000)
    assert abs(normals.mean()) < 4 / 100_000**0.5
    assert abs(normals.std() - 1) < 4 / 200_000**0.5
    chance = Chance(seed_of(1), "exponentials")
    times = [chance.exponential(3.0) for _ in range(10_000)]
    assert abs(np.mean(times) - 3) < 4 * 3 / 10_000**0.5
