"""What an answer repeats of a client's own text, so that no request is answered with its own size; and near names."""

import difflib
from collections.abc import Iterable
from typing import Final

MAX_ECHO: Final = 64
"""Characters of a client's own text that an answer repeats; of a longer one it shows the beginning."""

MAX_SUGGESTED_NAME: Final = 32
"""Characters of a name that is compared with the names that there are; a longer one is no misspelling of them."""


def echo(text: str) -> str:
    """`text`, or its beginning with a mark of what is left out: `MAX_ECHO` characters at most."""
    return text if len(text) <= MAX_ECHO else f"{text[: MAX_ECHO - 1]}…"


def suggestion(name: str, known: Iterable[str]) -> str | None:
    """Of the `known` names the one that was probably meant by `name`."""
    if len(name) > MAX_SUGGESTED_NAME:
        return None
    close = difflib.get_close_matches(name, known, n=1)
    return close[0] if close else None
