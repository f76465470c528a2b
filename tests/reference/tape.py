"""The events of one command in the reference: private events as they happen, then positions, then public ones."""

from typing import Any

from openoutcry.domain.events import (
    BookChanged,
    Event,
    IndicativeChanged,
    Level,
    PositionUpdated,
    ProtectionTriggered,
    SignalSent,
    TopOfBookChanged,
)
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.simulation.signals import Signal
from openoutcry.domain.types import BOOK_DEPTH, InstrumentId, MarketTime, Money, TimestampUs
from reference.ledger import ReferenceOrder, ReferenceTeam
from reference.protection import Group
from reference.state import ReferenceState

NOTHING = (None, 0)


class Tape:
    """Begun before the command changes anything, so that it knows the books as they were."""

    def __init__(self, state: ReferenceState) -> None:
        self.state = state
        self.private: list[Event] = []
        self.public: list[Event] = []
        self.traded: list[tuple[ReferenceTeam, InstrumentId]] = []
        self.changed: list[InstrumentId] = []
        self.windows_before = {here: self._windows(here) for here in state.instruments}

    def tell(self, order: ReferenceOrder, event_type: Any, **fields: Any) -> None:
        """A private event about an order, to its team."""
        order.team.seq += 1
        event = event_type(
            team_id=order.team.team_id,
            seq=order.team.seq,
            order_id=order.order_id,
            client_order_id=order.client_order_id,
            instrument_id=order.instrument_id,
            side=order.side,
            **fields,
        )
        self.private.append(event)

    def protection_triggered(
        self, team: ReferenceTeam, underlying: str, met: tuple[Any, int, int], group: Group
    ) -> None:
        team.seq += 1
        until = None if group.frozen_until == float("inf") else TimestampUs(int(group.frozen_until))
        self.private.append(ProtectionTriggered(team.team_id, team.seq, underlying, *met, until, self.state.utc_offset))

    def signalled(self, team: ReferenceTeam, signal: Signal, market_time: MarketTime) -> None:
        team.seq += 1
        self.private.append(SignalSent(team.team_id, team.seq, signal, market_time, self.state.utc_offset or 0))

    def book_changed(self, order: ReferenceOrder) -> None:
        self.touch(order.instrument_id)

    def touch(self, here: InstrumentId) -> None:
        """What is told of this instrument comes before that of those that are touched later."""
        if here not in self.changed:
            self.changed.append(here)

    def position_changed(self, team: ReferenceTeam, here: InstrumentId) -> None:
        if (team, here) not in self.traded:
            self.traded.append((team, here))

    def events(self) -> list[Event]:
        positions = [self._position(team, here) for team, here in self.traded]
        in_order = dict.fromkeys([*self.changed, *self.state.instruments])
        books = [
            event
            for here in in_order
            for event in (*(self._book(here) if here in self.changed else ()), *self._indicative(here))
        ]
        return [*self.private, *positions, *self.public, *books]

    def _indicative(self, here: InstrumentId) -> list[Event]:
        fixing = self.state.fixing(here) if self.state.gathers(here) else None
        if fixing == self.state.indicated.get(here):
            return []
        self.state.indicated[here] = fixing
        price, volume, left = fixing or (None, 0, 0)
        side = None if not left else BUY if left > 0 else SELL
        return [IndicativeChanged(here, price, volume, abs(left), side)]  # type: ignore[arg-type]

    def _position(self, team: ReferenceTeam, here: InstrumentId) -> Event:
        team.seq += 1
        account = self.state.account(team)
        position, basis, realized = self.state.cost(team, here)
        return PositionUpdated(
            team.team_id,
            team.seq,
            here,
            position,
            Money(basis),
            Money(realized),
            account.cash,
            account.fees_paid,
        )

    def _windows(self, here: InstrumentId) -> list[tuple[Level, ...]]:
        return [self.state.levels(here, side)[:BOOK_DEPTH] for side in (BUY, SELL)]

    def _book(self, here: InstrumentId) -> list[Event]:
        """What a reader of the best levels must be told: new quantities, and levels that are gone from among them.

        A level that better ones push out of the window is not mentioned, whether it is still there or not.
        """
        before, after = self.windows_before[here], self._windows(here)
        changes = []
        for old, new, best_first in zip(before, after, (-1, 1), strict=True):
            prices = [price for price, _ in new]
            told = [level for level in new if level not in old]
            for price, _ in old:
                pushed_out = len(new) == BOOK_DEPTH and (price - prices[-1]) * best_first > 0
                if price not in prices and not pushed_out:
                    told.append((price, 0))
            changes.append(tuple(sorted(told, key=lambda level: level[0] * best_first)))
        if not any(changes):
            return []
        self.state.book_seq[here] += 1
        events: list[Event] = [BookChanged(here, self.state.book_seq[here], *changes)]
        top = [side[0] if side else NOTHING for side in after]
        if top != [side[0] if side else NOTHING for side in before]:
            events.append(TopOfBookChanged(here, *top[0], *top[1]))
        return events
