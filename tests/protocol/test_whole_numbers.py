"""Whole numbers in bodies of requests: JSON knows no largest one, the journal does."""

import inspect

import msgspec
import pytest

from openoutcry.protocol import requests

REQUESTS = [
    kind
    for _, kind in inspect.getmembers(requests, inspect.isclass)
    if issubclass(kind, msgspec.Struct) and kind is not msgspec.Struct
]


def unbounded(kind):
    """Fields of whole numbers without a smallest or a largest value."""
    for field in msgspec.inspect.type_info(kind).fields:
        for each in getattr(field.type, "types", (field.type,)):
            if isinstance(each, msgspec.inspect.IntType) and None in (each.ge, each.le):
                yield field.name


@pytest.mark.parametrize("kind", REQUESTS, ids=lambda kind: kind.__name__)
def test_every_whole_number_has_bounds_within_which_it_can_be_journaled(kind):
    assert list(unbounded(kind)) == []
