"""Which parts are told what: a method that a part does not override costs nothing."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from openoutcry.scoring.match.part import Part

Tell = Callable[[Any], None]


class Listeners:
    """For each method of `Part` that is called often, the parts that override it, in their order."""

    def __init__(self, parts: Iterable[Part]) -> None:
        parts = tuple(parts)

        def overriding(method: Callable[..., Any]) -> tuple[Part, ...]:
            return tuple(part for part in parts if getattr(type(part), method.__name__) is not method)

        self.command_came: Final = overriding(Part.command_came)
        self.second_passed: Final = overriding(Part.second_passed)
        self.regime_began: Final = overriding(Part.regime_began)
        self.signalled: Final = overriding(Part.signalled)
        self.traded: Final = overriding(Part.traded)
        self.valued: Final = overriding(Part.valued)
        self.position_changed: Final = overriding(Part.position_changed)
        self.covered: Final = overriding(Part.covered)
        self.judged: Final = overriding(Part.judged)
        self.duties_judged: Final = overriding(Part.duties_judged)
        self.second_passed_by: Final = tuple(part for part in self.second_passed if not part.is_by_row)
        """Those that are told of seconds in which there is no participant."""
        self.heard: Final = joined(part.hears() for part in parts)
        """By kind of event, what tells it to the parts that want to hear it."""


def joined(tables: Iterable[Mapping[type, Tell]]) -> dict[type, Tell]:
    """One table of all: what several have is told to each of them, in their order."""
    tellers: dict[type, list[Tell]] = {}
    for table in tables:
        for kind, tell in table.items():
            tellers.setdefault(kind, []).append(tell)
    return {kind: each[0] if len(each) == 1 else _in_turn(tuple(each)) for kind, each in tellers.items()}


def _in_turn(tellers: tuple[Tell, ...]) -> Tell:
    def tell(event: Any) -> None:
        for each in tellers:
            each(event)

    return tell
