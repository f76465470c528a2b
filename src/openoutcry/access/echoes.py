"""How much of a client's text an answer repeats, so that a long request gets no long answer; and near names."""

import difflib
from collections.abc import Iterable
from typing import Final

MAX_ECHO: Final = 64
"""Most characters of a client's text that an answer repeats; it shows the beginning of a longer one."""

MAX_SUGGESTED_NAME: Final = 32
"""Most characters of a name that is compared with the known names; a longer one is no misspelling of them."""


def echo(text: str) -> str:
    """`text`, or its beginning with a mark of what is left out: `MAX_ECHO` characters at most."""
    return text if len(text) <= MAX_ECHO else f"{text[: MAX_ECHO - 1]}…"


def suggestion(name: str, known: Iterable[str]) -> str | None:
    """The one of the `known` names that was probably meant by `name`."""
    if len(name) > MAX_SUGGESTED_NAME:
        return None
    close = difflib.get_close_matches(name, known, n=1)
    return close[0] if close else None
