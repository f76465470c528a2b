"""A key that stands twice in an object of a request is refused: of `{"price":1.0,"price":null}` readers take either."""

import json
from operator import is_not
from typing import Any, Final

from msgspec import Struct, inspect
from msgspec.structs import astuple, fields

_Shape = tuple[tuple[Any, ...], int, tuple[int, ...]]
"""What the fields of a type are where the JSON does not mention them; keys beside the fields; places of lists."""

_SHAPES: Final[dict[type[Struct], _Shape]] = {}
"""Of each type of request that was met."""


def repeated_key(content: bytes, request: Struct) -> str | None:
    """A key that stands more than once in an object of `content`, from which `request` was decoded; None: none does.

    Every key has a colon behind it, and every field with a value of its own was mentioned by a key. Where there are as
    many colons as such fields, none was mentioned twice: an order that is written plainly costs no more than that.
    Anything else (a default that is written out, a colon in a text) is read once more.
    """
    shape = _SHAPES.get(type(request)) or _shape_of(type(request))
    # `_mentioned` written out: every order passes here, and the call would cost a third of the check.
    mentioned = shape[1] + sum(map(is_not, astuple(request), shape[0]))
    if shape[2]:
        mentioned = _mentioned(request)
    return None if content.count(b":") == mentioned else _found(content)


def _mentioned(request: Struct) -> int:
    """How many keys `request` was decoded from, at least, with those of the objects in it."""
    defaults, mentioned, lists = _SHAPES.get(type(request)) or _shape_of(type(request))
    values = astuple(request)
    mentioned += sum(map(is_not, values, defaults))
    for place in lists:
        mentioned += sum(map(_mentioned, values[place]))
    return mentioned


def _shape_of(kind: type[Struct]) -> _Shape:
    described = inspect.type_info(kind)
    assert isinstance(described, inspect.StructType), "requests are Structs"  # noqa: S101
    defaults = tuple(field.default for field in fields(kind))
    # Of a required field NODEFAULT stands here, which is nobody's value.
    lists = [place for place, field in enumerate(described.fields) if _lists_objects(field.type)]
    shape = _SHAPES[kind] = defaults, 0 if described.tag is None else 1, tuple(lists)
    return shape


def _lists_objects(kind: inspect.Type) -> bool:
    if isinstance(kind, inspect.Metadata):
        return _lists_objects(kind.type)
    return isinstance(kind, inspect.ListType) and isinstance(kind.item_type, inspect.StructType)


class _Repeated(Exception):  # noqa: N818 - what was found
    pass


def _found(content: bytes) -> str | None:
    try:
        _read(content.decode())
    except _Repeated as repeated:
        return str(repeated)
    return None


def _check(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Repeated(next(name for name in names if names.count(name) > 1))


# Numbers do not matter here, and as floats they have no limit to their digits.
_read: Final = json.JSONDecoder(object_pairs_hook=_check, parse_int=float, strict=False).decode
