"""Numbers in the units of the file, and in those of the rules; the name of a rule's field tells both.

The field `spot_ppm` is the key `spot_percent` of the file. A field without such an ending is a key of the same name.
"""

from decimal import Decimal
from typing import Final, TypeVar

from msgspec import Struct

from openoutcry.scenarios.rules import Amount

R = TypeVar("R", bound=Struct)

_ENDINGS: Final = {
    "_ppm": ("_percent", 10_000),
    "_millipoints": ("_points", 1_000),
    "_micro": ("_points", 10_000),
    "_milli": ("", 1_000),
    "_bp": ("_percent", 100),
}
"""By the ending of a rule's field: that of the key, and how many units of the rule make one of the key."""


class Key(Struct, frozen=True):
    name: str
    units: int


def key_of(field: str) -> Key:
    """The key of the file behind a rule's field."""
    for ending, (of_the_key, units) in _ENDINGS.items():
        if field.endswith(ending):
            return Key(field.removesuffix(ending) + of_the_key, units)
    return Key(field, 1)


def rules_of(kind: type[R], table: Struct, **known: object) -> R:
    """The rules that a table of the file gives. The table has a key for each of their fields but those `known`."""
    keys = {field: key_of(field) for field in kind.__struct_fields__ if field not in known}
    return kind(**known, **{field: _in_units(getattr(table, key.name), key) for field, key in keys.items()})


def rules_where_given(kind: type[R], table: Struct | None) -> R | None:
    """The rules of a table that switches them on; None without it."""
    return None if table is None else rules_of(kind, table)


def shown(field: str, value: object) -> str:
    """A rule's value as the file has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(shown(field, item) for item in value)}]"
    if isinstance(value, Struct):
        keys = {key_of(name).name: shown(name, getattr(value, name)) for name in value.__struct_fields__}
        return f"{{{', '.join(f'{name} = {text}' for name, text in keys.items())}}}"
    key = key_of(field)
    return f"{Decimal(value) / key.units:f}" if isinstance(value, int) and key.units != 1 else str(value)


def _in_units(value: object, key: Key) -> object:
    if isinstance(value, tuple):
        return tuple(_in_units(item, key) for item in value)
    return int(value * key.units) if isinstance(value, Amount) and key.units != 1 else value
