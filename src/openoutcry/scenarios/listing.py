"""What messages on a wrong value say: the nearest right one, a few of many, no more of a long one than helps, and what
its type asks for.
"""

import difflib
import re
from collections.abc import Collection, Iterable
from itertools import islice
from typing import Final

MOST_NAMED: Final = 20


MAX_SHOWN: Final = 64
"""Characters of a value or a key that a message shows; the rest is cut off."""

_EXPECTED: Final = re.compile(r"Expected `([a-z| ]+)`( of length)?(?: (>=|<=) ([0-9]+))?.*")
_WRONG_FORM: Final = re.compile(r"Invalid RFC3339 encoded (date|time)")
_KINDS: Final = {
    "int": "a whole number",
    "int | decimal": "a number",
    "bool": "true or false",
    "str": "text in quotes",
    "array": "a list",
    "object": "a table",
    "date": "a date, such as 2024-03-14",
    "time": "a time, such as 09:30:00",
}
"""What people call msgspec's types."""


def some_of(names: Collection[str]) -> str:
    """The first `MOST_NAMED` of `names`, and the number of the others."""
    named = ", ".join(islice(names, MOST_NAMED))
    return named if len(names) <= MOST_NAMED else f"{named} and {len(names) - MOST_NAMED} more"


def closest(name: str, known: Iterable[str]) -> str | None:
    """The name among `known` that `name` was probably meant to be; upper and lower case count alike."""
    if len(name) > MAX_SHOWN:
        return None
    by_lower = {each.lower(): each for each in known}
    close = difflib.get_close_matches(name.lower(), by_lower, n=1)
    return by_lower[close[0]] if close else None


def one_of(name: str, known: Collection[str]) -> str:
    """What to use in place of `name`: the nearest of `known`, or a few of them."""
    close = closest(name, known)
    return f"did you mean {close!r}?" if close else f"use one of {some_of(known) or 'none'}"


def shortened(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def in_words(refusal: str) -> str:
    """What msgspec's refusal of a value asks for."""
    refusal = refusal.split(" - at ", maxsplit=1)[0]
    if (form := _WRONG_FORM.fullmatch(refusal)) is not None:
        return f"it must be {_KINDS[form[1]]}"
    expected = _EXPECTED.fullmatch(refusal)
    if expected is None or " matching regex " in refusal:
        return "its form is wrong"
    kind, of_length, sign, bound = expected.groups()
    kind = kind.removesuffix(" | null")
    asked = f"it must be {_KINDS.get(kind, kind)}"
    if sign is None:
        return asked
    of_what = "" if not of_length else " characters" if kind == "str" else " entries"
    bounded = f"{bound} or more{of_what}" if sign == ">=" else f"{bound}{of_what} at most"
    return f"{asked} of {bounded}" if of_length else f"{asked}, {bounded}"
