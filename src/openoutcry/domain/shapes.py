"""The shape of a state that is kept as bytes."""

import hashlib
from typing import Any

import msgspec
from msgspec import Struct


def shape_of(state: type[Struct]) -> str:
    """A hash of the schema of `state`: another wherever a field is added or gone, or has another name or type.

    Docstrings do not count. In an `array_like` struct fields have no names, so two of one type may change places.
    """
    return hashlib.sha256(msgspec.json.encode(_undescribed(msgspec.json.schema(state)))).hexdigest()


def _undescribed(schema: Any) -> Any:
    match schema:
        case dict():
            return {
                key: _undescribed(value)
                for key, value in schema.items()
                if key != "description" or not isinstance(value, str)
            }
        case list():
            return [_undescribed(each) for each in schema]
        case _:
            return schema
