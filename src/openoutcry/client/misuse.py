"""Checks of arguments. Each error says what to write instead."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from msgspec import Struct

T = TypeVar("T")


def by_name_only(method: str, misplaced: tuple[object, ...], form: str) -> None:
    """Raises `TypeError` for a positional argument that must be named. `form` is an example of the right call."""
    if misplaced:
        raise TypeError(f"{method} takes this argument by name only, and got {_shown(misplaced[0])}: write {form}")


def several(method: str, given: Iterable[T]) -> list[T]:
    """The values as a list. Raises `TypeError` for a single value."""
    if isinstance(given, Mapping | Struct | str) or not isinstance(given, Iterable):
        raise TypeError(f"{method} takes a list, and got {_shown(given)}: write {method}([...]), also for a single one")
    return list(given)


def id_text(name: str, given: Any) -> str:
    """The given id. Raises `TypeError` if it is not a string, `ValueError` if it is empty."""
    if given is None:
        raise TypeError(f"{name} is None. The answer to a refused order has no order_id: look at its `success` first")
    if not isinstance(given, str):
        raise TypeError(f"{name} is {_shown(given)}: it must be the string that the exchange gave")
    if not given:
        raise ValueError(f"{name} is empty: give the id that you mean")
    return given


def _shown(given: object) -> str:
    text = repr(given)
    return text if len(text) <= 64 else f"{text[:61]}..."
