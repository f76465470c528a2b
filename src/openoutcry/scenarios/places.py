"""Line and column of each key of a TOML file, which `tomllib` does not tell."""

import re
import tomllib
from bisect import bisect_right
from typing import Final, NamedTuple

_LAST_STEP: Final = re.compile(r"(\[[0-9]+\]|\.[^.\[]*|^[^.\[]+)$")
_SPACE: Final = re.compile(r"(?:\s|#[^\n]*)*")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN_VALUE: Final = re.compile(r"[^,\]}\n#]*")
_STRINGS: Final = {
    '"""': re.compile(r'"""(?:\\.|[^\\])*?"{3,5}', re.DOTALL),
    "'''": re.compile(r"'''.*?'{3,5}", re.DOTALL),
    '"': re.compile(r'"(?:\\.|[^"\\])*"'),
    "'": re.compile(r"'[^']*'"),
}
"""Strings by how they begin. Those of several lines may end in quotes of their own before the closing three."""


class Place(NamedTuple):
    """Both from 1; a column is a character."""

    line: int
    column: int


class Places:
    """The keys of one file, whose text is known to be TOML: `roles.retail.maker_fee`, `instruments[2]`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        """Where each line begins."""
        self._starts: dict[str, int] = {}
        """Where each key, table and item begins."""
        self._tables: dict[str, int] = {}
        """How many tables each list of tables has so far."""
        self._read_document()

    def of(self, key: str) -> Place | None:
        """The place of `key`, or of the nearest table that it belongs to; None if neither is in the file."""
        while key and key not in self._starts:
            key = _LAST_STEP.sub("", key)
        return self._place(self._starts[key]) if key else None

    def _place(self, start: int) -> Place:
        line = bisect_right(self._lines, start)
        return Place(line, start - self._lines[line - 1] + 1)

    def _read_document(self) -> None:
        header = ""
        """The table that the keys read now belong to."""
        while self._skip() < len(self._text):
            if self._text[self._at] == "[":
                header = self._read_header()
            else:
                self._read_pair(header)

    def _read_header(self) -> str:
        of_list = self._text.startswith("[[", self._at)
        self._at += 2 if of_list else 1
        names = self._read_dotted()
        self._at += 2 if of_list else 1
        path = ""
        for number, (name, start) in enumerate(names, start=1):
            path = join(path, name)
            if of_list and number == len(names):
                self._tables[path] = self._tables.get(path, 0) + 1
                self._starts.setdefault(path, start)
            if path in self._tables:
                path = f"{path}[{self._tables[path]}]"
            self._starts.setdefault(path, start)
        return path

    def _read_pair(self, path: str) -> None:
        for name, start in self._read_dotted():
            path = join(path, name)
            self._starts.setdefault(path, start)
        self._at += 1  # the sign =
        self._read_value(path)

    def _read_dotted(self) -> list[tuple[str, int]]:
        """The names of a dotted key, each with its start. Ends at what follows."""
        names = []
        while True:
            start = self._skip()
            if (bare := _BARE_KEY.match(self._text, start)) is not None:
                name, self._at = bare.group(), bare.end()
            else:
                name = tomllib.loads(f"name = {self._read_string()}")["name"]
            names.append((name, start))
            if self._text[self._skip()] != ".":
                return names
            self._at += 1

    def _read_value(self, path: str) -> None:
        first = self._text[self._skip()]
        if first in "\"'":
            self._read_string()
        elif first == "[":
            self._read_items(path)
        elif first == "{":
            self._at += 1
            while self._text[self._skip()] != "}":
                self._read_pair(path)
                self._pass_comma()
            self._at += 1
        else:
            self._pass(_PLAIN_VALUE)

    def _read_items(self, path: str) -> None:
        self._at += 1
        number = 0
        while self._text[self._skip()] != "]":
            number += 1
            self._starts.setdefault(item := f"{path}[{number}]", self._at)
            self._read_value(item)
            self._pass_comma()
        self._at += 1

    def _read_string(self) -> str:
        """The string that begins here, with its quotes."""
        quotes = self._text[self._at : self._at + 3]
        return self._pass(_STRINGS[quotes if quotes in _STRINGS else quotes[0]])

    def _pass_comma(self) -> None:
        if self._text[self._skip()] == ",":
            self._at += 1

    def _skip(self) -> int:
        """Pass over space, lines' ends and comments, as far as there are any."""
        self._pass(_SPACE)
        return self._at

    def _pass(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        assert match is not None, "the text is TOML"  # noqa: S101 - its reader has accepted it
        self._at = match.end()
        return match.group()


def join(path: str, key: str) -> str:
    """The key `key` of the table `path`; the top of the file is the table ""."""
    return f"{path}.{key}" if path else key
