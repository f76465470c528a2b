"""What the annotation of a key says: its type, its meaning, the table that it is."""

import types
from typing import Annotated, Any, TypeGuard, Union, get_args, get_origin

from msgspec import Meta, Struct

from openoutcry.scenarios.rules import Amount


def inner_type(annotation: Any) -> Any:
    """The type without its `Annotated` and without an optional's None."""
    if get_origin(annotation) is Annotated:
        return inner_type(get_args(annotation)[0])
    if get_origin(annotation) in {Union, types.UnionType} and annotation != Amount:
        members = [member for member in get_args(annotation) if member is not types.NoneType]
        if len(members) == 1:
            return inner_type(members[0])
    return annotation


def item_type(annotation: Any) -> Any:
    """Of a list or of a table with free names, the type of its items; else None."""
    kind = inner_type(annotation)
    if get_origin(kind) is dict:
        return get_args(kind)[1]
    return get_args(kind)[0] if get_origin(kind) in {list, tuple} else None


def is_table(kind: Any) -> TypeGuard[type[Struct]]:
    return isinstance(kind, type) and issubclass(kind, Struct)


def meaning(annotation: Any) -> str:
    """The key's description, or that of its type; "" for a table."""
    metas = [extra for extra in getattr(annotation, "__metadata__", ()) if isinstance(extra, Meta)]
    return next((meta.description for meta in reversed(metas) if meta.description), "")
