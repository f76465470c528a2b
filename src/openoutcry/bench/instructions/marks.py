"""How a process under valgrind marks where a count begins and ends."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

MARK: Final = "getppid"
"""A C function that nothing else here calls. Valgrind writes a count whenever it is entered."""


@contextmanager
def counted() -> Iterator[None]:
    """Code in this context is counted alone. Garbage is not collected in it, as on a server between two ticks."""
    gc.collect()
    gc.disable()
    os.getppid()
    yield
    os.getppid()
    gc.enable()
