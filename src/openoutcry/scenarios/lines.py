"""The line of a key in a TOML file. `tomllib` does not tell it, so it is given one statement at a time."""

import re
import tomllib
from typing import Any, Final

LONGEST_STATEMENT_LINES: Final = 1_000
"""Most lines of one statement, such as a list; keys after a longer one have no line."""

_LAST_STEP: Final = re.compile(r"(\[[0-9]+\]|\.[^.\[]*|^[^.\[]+)$")


class Lines:
    """The lines of one file, which is known to be TOML. Keys look like `roles.retail.maker_fee`, `instruments[2]`."""

    def __init__(self, text: str) -> None:
        self._lines: dict[str, int] = {}
        self._tables: dict[str, int] = {}
        """How many tables each list of tables has so far."""
        self._header = ""
        """The table that the keys read now belong to."""
        statement, first = "", 1
        for number, line in enumerate(text.splitlines(keepends=True), start=1):
            statement += line
            try:
                document = tomllib.loads(statement)
            except tomllib.TOMLDecodeError:
                if number - first >= LONGEST_STATEMENT_LINES:
                    return
                continue
            self._note(document, statement.strip(), first)
            statement, first = "", number + 1

    def line_of(self, key: str) -> int | None:
        """The line of `key`, or of the nearest table that it belongs to; None if neither is in the file."""
        while key and key not in self._lines:
            key = _LAST_STEP.sub("", key)
        return self._lines.get(key)

    def _note(self, document: dict[str, Any], statement: str, line: int) -> None:
        if statement.startswith("["):
            self._enter(document, line)
        else:
            self._note_keys(self._header, document, line)

    def _enter(self, document: dict[str, Any], line: int) -> None:
        """A header: one chain of tables, the last of which is a list for `[[...]]`."""
        path, inner = "", document
        while inner:
            ((name, value),) = inner.items()
            path = join(path, name)
            if isinstance(value, list):
                self._tables[path] = self._tables.get(path, 0) + 1
                self._lines.setdefault(path, line)
                inner = {}
            else:
                inner = value
            if path in self._tables:
                path = f"{path}[{self._tables[path]}]"
        self._lines.setdefault(path, line)
        self._header = path

    def _note_keys(self, path: str, values: dict[str, Any], line: int) -> None:
        for name, value in values.items():
            key = join(path, name)
            self._lines.setdefault(key, line)
            if isinstance(value, dict):
                self._note_keys(key, value, line)


def join(path: str, key: str) -> str:
    """The key `key` of the table `path`; the top of the file is the table ""."""
    return f"{path}.{key}" if path else key
