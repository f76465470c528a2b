"""The memory that many short matches in a row take."""

import gc
import sys
from collections.abc import Sequence
from statistics import fmean
from typing import Final

from openoutcry.bench.sections.simulated.bots import FOUR
from openoutcry.lab.match import run_match
from openoutcry.lab.session import SHORTEST_SECONDS

WARM_UP: Final = 2
"""Matches before the first that counts: what is imported and cached once is there after them."""


def blocks_after_each(matches: int) -> list[int]:
    """Blocks of Python's memory that are in use after each of so many matches."""
    blocks = []
    for _ in range(WARM_UP + matches):
        run_match(FOUR, seconds=SHORTEST_SECONDS)
        gc.collect()
        blocks.append(sys.getallocatedblocks())
    return blocks[WARM_UP:]


def first_and_last(blocks: Sequence[int]) -> tuple[float, float]:
    """Means of the first tenth and of the last one, at least one match each."""
    tenth = max(len(blocks) // 10, 1)
    return fmean(blocks[:tenth]), fmean(blocks[-tenth:])
