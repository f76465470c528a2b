"""Lists of names in messages: a few of them, and how many more there are."""

from collections.abc import Collection
from itertools import islice
from typing import Final

MOST_NAMED: Final = 20


def some_of(names: Collection[str]) -> str:
    """The first `MOST_NAMED` of `names`, and the number of the others."""
    named = ", ".join(islice(names, MOST_NAMED))
    return named if len(names) <= MOST_NAMED else f"{named} and {len(names) - MOST_NAMED} more"
