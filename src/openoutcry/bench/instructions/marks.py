"""How a process under valgrind says where a count begins and ends."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

MARK: Final = "getppid"
"""A function of C that nothing else here calls: valgrind writes down what was counted whenever it is entered."""


@contextmanager
def counted() -> Iterator[None]:
    """What runs in here is counted for itself. Garbage is not collected meanwhile, as on a server between two ticks."""
    gc.collect()
    gc.disable()
    os.getppid()
    yield
    os.getppid()
    gc.enable()
