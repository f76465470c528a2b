"""Taken names, and which of them a new name looks like.

Two names look alike if they are equal in upper and lower case and in other forms of the same letters (NFKC), or as a
reader sees them: the skeletons of UTS 39, in which a Cyrillic `а` is a Latin one and `l` is `1`.

The tables behind this change from one version of Unicode to the next. So none of it is in the venue, whose verdicts
must never change, nor in the journal: names are checked before a registration becomes a command.
"""

import unicodedata
from collections.abc import Callable, Iterable
from typing import Final

from disarm import skeleton_key

from openoutcry.venue.reading.queries import Queries

_LETTERS_THAT_LOOK_LIKE_ONE: Final = (("rn", "m"),)
"""As in the table of UTS 39. The library goes by single characters."""


def stored_form(name: str) -> str:
    """`name` as it is kept and shown: NFC, in which an accented letter is one character wherever it can be."""
    return unicodedata.normalize("NFC", name)


def looks_of(name: str) -> set[str]:
    """Two names with one of these in common look alike."""
    # Both as it is written and in small letters: `AI` looks like `Al`, and `ALPHA` is the same name as `alpha`.
    folded = unicodedata.normalize("NFKC", name).casefold()
    return {_skeleton(name), _skeleton(folded)}


def _skeleton(text: str) -> str:
    skeleton = skeleton_key(text, digit_policy="tr39")
    for letters, one in _LETTERS_THAT_LOOK_LIKE_ONE:
        skeleton = skeleton.replace(letters, one)
    # The name itself, if nothing is left of it, as of a lone sign.
    return skeleton or text


class TakenNames:
    """The names of all teams and owners of a venue, by their look-alike forms. At most `MAX_TEAMS` of each."""

    def __init__(self, queries: Queries) -> None:
        self._teams = _Names(queries.names_of_teams)
        self._owners = _Names(queries.names_of_owners)

    def team_like(self, name: str) -> str | None:
        """The team whose name `name` is, or looks like."""
        return self._teams.like(name)

    def owner_like(self, name: str) -> str | None:
        """The owner whose name `name` is, or looks like."""
        return self._owners.like(name)


class _Names:
    """`names_after(n)` gives all names but the first n, which are never taken back."""

    def __init__(self, names_after: Callable[[int], Iterable[str]]) -> None:
        self._names_after = names_after
        self._by_look: dict[str, str] = {}
        self._known = 0
        self._catch_up()

    def like(self, name: str) -> str | None:
        self._catch_up()
        found = [self._by_look[look] for look in sorted(looks_of(name)) if look in self._by_look]
        return name if name in found else next(iter(found), None)

    def _catch_up(self) -> None:
        for name in self._names_after(self._known):
            self._known += 1
            for look in looks_of(name):
                self._by_look.setdefault(look, name)
