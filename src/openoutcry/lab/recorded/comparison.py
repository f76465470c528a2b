"""What became of recorded commands beside other bots, and what a replay cannot tell of these."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import Final

from msgspec import Struct, field

from openoutcry.domain.events import Event, OrderExecuted
from openoutcry.domain.reasons import Reject, Verdict
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import OrderId, TeamId, TradeId
from openoutcry.lab.recorded.translation import Translation
from openoutcry.runtime.projections import ALL_COMMANDS


class Differences(Struct, kw_only=True):
    """Commands of recorded teams, the exchange's own among them, and contracts that the bots traded."""

    commands: int = 0
    refused_here: Counter[str] = field(default_factory=Counter[str])
    """By code: accepted in the recording, refused here, such as the cancellation of an order that a bot has filled."""
    accepted_here: int = 0
    """Refused in the recording, accepted here."""
    traded_otherwise: int = 0
    """Accepted both times, with other fills."""
    not_here: int = 0
    """Not given at all: the team, order or trade that they name did not come to be here."""
    contracts: int = 0
    """Contracts and lots that the bots traded."""
    among_bots: int = 0
    """Of these, with another one of the bots, counted on both sides."""
    taken_from_others: int = 0
    """Of these, with recorded orders that had traded as much with others in the recording."""

    @property
    def otherwise(self) -> int:
        """Commands of which something else came than in the recording."""
        return self.refused_here.total() + self.accepted_here + self.traded_otherwise + self.not_here

    @property
    def share_otherwise(self) -> float:
        return self.otherwise / self.commands if self.commands else 0.0

    @property
    def share_taken(self) -> float:
        """Of the bots' volume with recorded orders."""
        with_recorded = self.contracts - self.among_bots
        return self.taken_from_others / with_recorded if with_recorded else 0.0

    def told(self) -> list[str]:
        """Plain sentences: what was replayed, and what this cannot tell."""
        codes = ", ".join(f"{code} {number:,}" for code, number in self.refused_here.most_common(5))
        share = f"{self.share_otherwise:.2%}"
        lines = [
            f"{self.commands:,} recorded commands were given again; {self.otherwise:,} ({share}) came out otherwise:",
            f"  {self.refused_here.total():,} accepted then and refused here{f' ({codes})' if codes else ''}",
            f"  {self.accepted_here:,} refused then and accepted here",
            f"  {self.traded_otherwise:,} with other fills",
            f"  {self.not_here:,} of a team, an order or a trade that did not come to be here",
            *_NO_REACTION,
        ]
        if self.contracts:
            lines.append(
                f"Of {self.contracts - self.among_bots:,} contracts that the bots traded with recorded orders,"
                f" {self.taken_from_others:,} ({self.share_taken:.0%}) had gone to others in the recording."
                " These others go without here, and do not try again."
            )
        lines.append("So this says what was there to be had, not what would have been left of it.")
        return lines


_NO_REACTION: Final = (
    "The recorded teams do not react: they quote on as they did, also where a bot took their orders",
    "or moved the price. In a live session they would answer.",
)


class Comparison:
    """Fills `differences`. Also a projection of the exchange here, which tells it of the bots' trades."""

    name: Final = "against"
    shape: Final = ""
    commands: Final = ALL_COMMANDS

    def __init__(self) -> None:
        self.differences: Final = Differences()
        self.bots: Final[set[TeamId]] = set()
        """Teams that only take part here."""
        self._hit: Final[Counter[OrderId]] = Counter()
        """Contracts that bots traded, by the other side's order here."""
        self._traded_then: Final[Counter[OrderId]] = Counter()
        """Contracts that recorded orders traded in the recording."""

    # ---- recorded commands

    def compare(
        self, recorded: Sequenced, events: list[Event], verdict: Verdict, events_here: list[Event], names: Translation
    ) -> None:
        """`names` has learned of both lists of events."""
        told = self.differences
        told.commands += 1
        was_refused, is_refused = isinstance(recorded.verdict, Reject), isinstance(verdict, Reject)
        if is_refused and not was_refused:
            told.refused_here[verdict.code] += 1  # type: ignore[union-attr]  # it is a `Reject`
        elif was_refused and not is_refused:
            told.accepted_here += 1
        elif _fills_then(events, names) != _fills_here(events_here, self.bots):
            told.traded_otherwise += 1

    def note_then(self, events: Iterable[Event]) -> None:
        """What a command did in the recording."""
        for event in events:
            if type(event) is OrderExecuted:
                self._traded_then[event.order_id] += event.quantity

    def conclude(self, names: Translation) -> Differences:
        """To be called at the end."""
        hit = Counter[OrderId | None]()
        for order_id, contracts in self._hit.items():
            hit[names.recorded_orders.get(order_id)] += contracts
        told = self.differences
        told.taken_from_others = sum(
            min(contracts, self._traded_then[recorded]) for recorded, contracts in hit.items() if recorded is not None
        )
        return told

    # ---- the projection

    def apply(self, _sequenced: Sequenced, events: list[Event]) -> None:
        bots = self.bots
        if not bots:
            return
        own: dict[TradeId, list[OrderExecuted]] | None = None
        for event in events:
            if type(event) is OrderExecuted and event.team_id in bots:
                if own is None:
                    own = defaultdict(list)
                own[event.trade_id].append(event)
        if own is not None:
            self._count(own, events)

    def _count(self, own: dict[TradeId, list[OrderExecuted]], events: list[Event]) -> None:
        for fills in own.values():
            quantity = sum(fill.quantity for fill in fills)
            self.differences.contracts += quantity
            if len(fills) == 2:
                self.differences.among_bots += quantity
        for event in events:
            if type(event) is OrderExecuted and event.trade_id in own and event.team_id not in self.bots:
                self._hit[event.order_id] += event.quantity

    def capture(self) -> bytes:
        return b""

    def restore(self, state: memoryview) -> None:
        """Nothing is kept beyond a match."""


def _fills_then(events: list[Event], names: Translation) -> list[tuple[OrderId | None, int, int]]:
    return [
        (names.orders.get(event.order_id), event.price, event.quantity)
        for event in events
        if type(event) is OrderExecuted
    ]


def _fills_here(events: list[Event], bots: Collection[TeamId]) -> list[tuple[OrderId | None, int, int]]:
    return [
        (event.order_id, event.price, event.quantity)
        for event in events
        if type(event) is OrderExecuted and event.team_id not in bots
    ]
