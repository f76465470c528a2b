"""Query strings: each name known to its route and given once, each value short, each number written in digits."""

from collections.abc import Mapping
from functools import cache
from typing import Final, TypeVar, cast
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct, inspect

from openoutcry.access.echoes import echo, suggestion
from openoutcry.access.refusals import malformed

MAX_QUERY_BYTES: Final = 1_024
"""A longer query string is refused unread; every valid one is shorter."""

MAX_QUERY_VALUE: Final = 64
"""Most characters of a value; a longer one is refused. No id, symbol or number is longer."""

MAX_QUERY_DIGITS: Final = 16
"""Most digits of a number; one with more is refused."""


def read_query(query_string: bytes) -> list[tuple[str, str]] | None:
    """The parameters in the order given; None if the query string has more than `MAX_QUERY_BYTES`."""
    if len(query_string) > MAX_QUERY_BYTES:
        return None
    return parse_qsl(query_string.decode("latin-1"), keep_blank_values=True)


def is_whole_number(text: str) -> bool:
    """Whether `text` is a number from 0 in decimal digits, and nothing else: `1e1`, `+1` and `1.0` are not."""
    return len(text) <= MAX_QUERY_DIGITS and text.isascii() and text.isdigit()


Query = TypeVar("Query", bound=Struct)


def decode_query(query_string: bytes, query_type: type[Query]) -> Query:
    """What `query_string` asks for. Raises `Refused` (400) for anything that is not exactly that."""
    if not query_string:
        return query_type()
    values = _read(query_string, _kinds(query_type))
    try:
        return msgspec.convert(values, query_type, strict=False)
    except msgspec.ValidationError as error:
        fault, _, location = str(error).rpartition(" - at `$.")
        name = location.removesuffix("`")
        raise malformed(name, f"{name}: {fault[0].lower()}{fault[1:]}") from None


def refuse_query(query_string: bytes) -> None:
    """For a route without query parameters. Raises `Refused` (400) if there are any."""
    if query_string:
        _read(query_string, {})


def _read(query_string: bytes, known: Mapping[str, type]) -> dict[str, str]:
    """The values by name, in the order of `known`. Unknown names are refused: a typo must not cancel all orders.

    `known`: the parameters of the route with their types, `int` or `str`.
    """
    given = read_query(query_string)
    if given is None:
        raise malformed(None, f"The query string has more than {MAX_QUERY_BYTES} bytes; send only what the route knows")
    values: dict[str, str] = {}
    for name, value in given:
        kind, shown = known.get(name), echo(name)
        if kind is None:
            hint = _hint(name, known)
            raise malformed(shown, f"There is no query parameter {shown!r} here; {hint}", allowed=list(known))
        if name in values:
            raise malformed(name, f"The query parameter {name!r} is given more than once; give it once")
        if value.lower() == "null":
            raise malformed(name, f"The query parameter {name!r} has no null; leave it out")
        if kind is int and not is_whole_number(value):
            raise malformed(name, f"{name}: must be a whole number in digits, such as 10, not {echo(value)!r}")
        if len(value) > MAX_QUERY_VALUE:
            raise malformed(name, f"{name}: has at most {MAX_QUERY_VALUE} characters, not {len(value)}")
        values[name] = value
    return {name: values[name] for name in known if name in values}


@cache
def _kinds(query_type: type[Struct]) -> dict[str, type]:
    """The fields of `query_type`, each with the type of its value: `int` or `str`."""
    struct = cast(inspect.StructType, inspect.type_info(query_type))
    return {field.name: int if _is_number(field.type) else str for field in struct.fields}


def _is_number(kind: inspect.Type) -> bool:
    match kind:
        case inspect.Metadata(inner):
            return _is_number(inner)
        case inspect.UnionType(kinds):
            return any(_is_number(inner) for inner in kinds)
        case _:
            return isinstance(kind, inspect.IntType)


def _hint(name: str, known: Mapping[str, type]) -> str:
    meant = suggestion(name, known)
    if meant is not None:
        return f"did you mean {meant!r}?"
    return f"there are {', '.join(known)}" if known else "this route takes none"
