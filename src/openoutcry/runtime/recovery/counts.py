"""Counts of what a journal led to."""

from typing import Final

import msgspec
from msgspec import Struct

from openoutcry.domain.events import Event, TradePrinted
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.shapes import shape_of
from openoutcry.runtime.projections import ALL_COMMANDS


class _State(Struct):
    executed: int = 0
    events: int = 0
    trades: int = 0


_SHAPE: Final = shape_of(_State)


class Counts:
    """A projection: the numbers of executed commands, events and trades."""

    name: Final = "counts"
    shape: Final = _SHAPE
    commands: Final = ALL_COMMANDS

    def __init__(self) -> None:
        self._state = _State()

    @property
    def executed(self) -> int:
        return self._state.executed

    @property
    def events(self) -> int:
        return self._state.events

    @property
    def trades(self) -> int:
        return self._state.trades

    def apply(self, sequenced: Sequenced, events: list[Event]) -> None:
        if type(sequenced.verdict) is not Accepted:
            return
        state = self._state
        state.executed += 1
        state.events += len(events)
        state.trades += sum(type(event) is TradePrinted for event in events)

    def capture(self) -> bytes:
        return msgspec.json.encode(self._state)

    def restore(self, state: memoryview) -> None:
        self._state = msgspec.json.decode(state, type=_State)
