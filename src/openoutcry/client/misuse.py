"""Calls that are written wrongly: each error says what to write."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from msgspec import Struct

T = TypeVar("T")


def by_name_only(method: str, misplaced: tuple[object, ...], form: str) -> None:
    """Raises `TypeError` where arguments were given by position that have names; `form` is a call as it should be."""
    if misplaced:
        raise TypeError(f"{method} takes this argument by name only, and got {_shown(misplaced[0])}: write {form}")


def several(method: str, given: Iterable[T]) -> list[T]:
    """What was given, if it is several. Raises `TypeError` for one that stands alone."""
    if isinstance(given, Mapping | Struct | str) or not isinstance(given, Iterable):
        raise TypeError(
            f"{method} takes a list, and got {_shown(given)}: write {method}([...]), also around a single one"
        )
    return list(given)


def id_text(name: str, given: Any) -> str:
    """The id that was given. Raises `TypeError` where it is no text, `ValueError` where it is empty."""
    if given is None:
        raise TypeError(f"{name} is None. The answer to a refused order has no order_id: look at its `success` first")
    if not isinstance(given, str):
        raise TypeError(f"{name} is {_shown(given)}: it must be a text, as the exchange gave it")
    if not given:
        raise ValueError(f"{name} is empty: an id must not be")
    return given


def _shown(given: object) -> str:
    text = repr(given)
    return text if len(text) <= 64 else f"{text[:61]}..."
