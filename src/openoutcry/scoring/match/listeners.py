"""Which parts are told what: a method that a part does not override costs nothing."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from openoutcry.scoring.match.part import Part


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
