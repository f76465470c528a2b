"""Raw words: the same for the same seed, component and second, and another wherever one of these is another."""

from openoutcry.simulation.words import WORDS, key_of, raw_words

SEED = bytes(range(32))


def test_words_are_these_on_every_machine():
    assert key_of(SEED, "retail") == 0xA7380088737582BA42FAD6E4EEF64528
    assert raw_words(SEED, "retail", 7, 3).tolist() == [
        14916861217522054199,
        16981093703606902496,
        12232483773278598315,
    ]


def test_fewer_words_are_the_first_of_more():
    assert raw_words(SEED, "retail", 7, 5).tolist() == raw_words(SEED, "retail", 7, 100).tolist()[:5]


def test_seconds_components_and_seeds_share_no_words():
    streams = [
        raw_words(seed, component, second, 100).tolist()
        for seed in (SEED, bytes(32))
        for component in ("retail", "retail arrivals")
        for second in (0, 1, 2, 86_400)
    ]
    assert len({word for words in streams for word in words}) == 100 * len(streams)


def test_words_are_spread_evenly():
    words = raw_words(SEED, "retail", 0, 10_000).tolist()
    below = sum(word < WORDS // 4 for word in words)
    assert abs(below - 2_500) < 5 * (10_000 * 0.25 * 0.75) ** 0.5
