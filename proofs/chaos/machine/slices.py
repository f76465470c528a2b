"""Slices of a few orders, so that whatever can come between two slices comes between them all the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Final
from unittest.mock import patch

from openoutcry.venue.tasks import slices

ORDERS: Final = 12


@contextmanager
def short_slices() -> Iterator[None]:
    """While inside, the first slice of all work is so short, in every exchange and every replay; those after it say in
    the journal how long they are. In the compiled build, all slices are as long as ever.
    """
    work_off = slices.work_off
    if isinstance(work_off, FunctionType):
        with patch.object(work_off, "__defaults__", (ORDERS,)):
            yield
    else:
        yield
