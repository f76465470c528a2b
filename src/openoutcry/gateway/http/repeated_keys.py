"""A key that stands twice in an object is refused: readers disagree about `{"price":1.0,"price":null}`."""

import json
from typing import Any, Final

import msgspec


def repeated_key(content: bytes) -> str | None:
    """A key that stands more than once in an object of `content`, a whole request; None if there is none.

    A colon follows every key, and an untyped reader keeps each key once. If there are as many colons as keys kept, no
    key stood twice. A request with a colon in a text is read once more.
    """
    read = _keep_one_of_each(content)
    colons = content.count(b":")
    # Most requests hold no inner objects, and every order passes here.
    return None if colons == len(read) or colons == _keys_in(read) else _found(content)


_keep_one_of_each: Final = msgspec.json.Decoder(dict[str, Any]).decode


def _keys_in(read: dict[str, Any]) -> int:
    """The number of keys in `read`, including those of the objects in its lists."""
    return len(read) + sum(
        _keys_in(item) for value in read.values() if isinstance(value, list) for item in value if isinstance(item, dict)
    )


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
