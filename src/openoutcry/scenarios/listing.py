"""Names and values in messages: the nearest to a wrong one, a few of many, and no more of a long one than helps."""

import difflib
from collections.abc import Collection, Iterable
from itertools import islice
from typing import Final

MOST_NAMED: Final = 20


MAX_SHOWN: Final = 64
"""Characters of a value or a key that a message shows; the rest is cut off."""


def some_of(names: Collection[str]) -> str:
    """The first `MOST_NAMED` of `names`, and the number of the others."""
    named = ", ".join(islice(names, MOST_NAMED))
    return named if len(names) <= MOST_NAMED else f"{named} and {len(names) - MOST_NAMED} more"


def closest(name: str, known: Iterable[str]) -> str | None:
    """The name among `known` that `name` was probably meant to be; upper and lower case count alike."""
    if len(name) > MAX_SHOWN:
        return None
    by_lower = {each.lower(): each for each in known}
    close = difflib.get_close_matches(name.lower(), by_lower, n=1)
    return by_lower[close[0]] if close else None


def one_of(name: str, known: Collection[str]) -> str:
    """What to use in place of `name`: the nearest of `known`, or a few of them."""
    close = closest(name, known)
    return f"did you mean {close!r}?" if close else f"use one of {some_of(known) or 'none'}"


def shortened(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"
