"""Garbage in cycles, which a match makes little of: what it makes is freed at once, or kept to its end."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

NEW_OBJECTS: Final = 20_000
"""How many more there are when Python looks for garbage. By itself it does after 700, and often at all that is kept."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for garbage seldom."""
    before = gc.get_threshold()
    gc.set_threshold(NEW_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
