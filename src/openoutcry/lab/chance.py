"""Chance that can be had again: all that the lab draws, it draws from here."""

from random import Random


def chance(*words: object) -> Random:
    """Random numbers that follow from these words, such as a seed, a bot's name and what they are for."""
    return Random("/".join(map(str, words)))  # noqa: S311 - that it can be had again is the point
