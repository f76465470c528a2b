"""The scores of an exchange's sessions, as a fold: the ledger, the trades, and all parts that measure."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec
from msgspec import Struct

from openoutcry.domain.commands import Command
from openoutcry.domain.day.game_rules import GameRules
from openoutcry.domain.day.opening_hours import OpeningHours
from openoutcry.domain.events import Event
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.rulebook import Rulebook
from openoutcry.domain.scoring.rules import ScoringRules
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.shapes import shape_of
from openoutcry.domain.types import InstrumentId, TeamId
from openoutcry.scoring.board import Board, BoardState
from openoutcry.scoring.entry import Entry
from openoutcry.scoring.match.explained import Explained, Explainer
from openoutcry.scoring.match.exposures import Exposures
from openoutcry.scoring.match.ledger import Ledger
from openoutcry.scoring.match.match import Match, MatchState
from openoutcry.scoring.match.measures.activity import Activity
from openoutcry.scoring.match.measures.compliance import Compliance
from openoutcry.scoring.match.measures.convergence import Convergence
from openoutcry.scoring.match.measures.coverage import Coverage
from openoutcry.scoring.match.measures.edges import Edges
from openoutcry.scoring.match.measures.equity import Equity
from openoutcry.scoring.match.measures.hedging import Hedging
from openoutcry.scoring.match.measures.inventory import Inventory
from openoutcry.scoring.match.measures.response import Response
from openoutcry.scoring.match.measures.shifts import Shifts
from openoutcry.scoring.match.part import Part
from openoutcry.scoring.match.trade import ValuedTrade
from openoutcry.scoring.match.trades import Trades
from openoutcry.scoring.surveillance.watch import Watch


def parts_of(
    ledger: Ledger, trades: Trades, game: GameRules, rules: ScoringRules, hours: OpeningHours
) -> tuple[Part, ...]:
    """All that measures a match, in the order in which they are told."""
    exposures = Exposures(ledger)
    return (
        Activity(ledger, rules),
        Equity(ledger, rules.tail_ppm),
        Edges(),
        Coverage(),
        Inventory(ledger, exposures),
        Shifts(ledger, rules.shift_seconds),
        Hedging(ledger, exposures),
        Convergence(ledger, exposures),
        Response(ledger, exposures, rules),
        Compliance(),
        Explainer(ledger, hours),
        Watch(ledger, trades, game, rules.surveillance),
    )


class _State(Struct):
    match: msgspec.Raw
    board: BoardState


class Scores:
    """A projection. `entries` are those of the session under way, or of the last one."""

    name: Final = "scores"

    def __init__(
        self,
        rulebook: Rulebook,
        instruments: Iterable[Instrument],
        rules: ScoringRules,
        commands: frozenset[type[Command]],
        hours: OpeningHours,
    ) -> None:
        """`commands`: all kinds. `hours`: of a full session."""
        self.rules: Final = rules
        self.commands: Final = commands
        self.match: Final = Match(
            rulebook,
            instruments,
            rules.horizon_seconds,
            lambda ledger, trades: parts_of(ledger, trades, rulebook.game, rules, hours),
        )
        self.board: Final = Board(
            rules.board, lambda: (self.entries(), self.watch.exclusions()), lambda: self.match.is_settled
        )

    @property
    def watch(self) -> Watch:
        """What an organiser should look at, and which trades leave the score."""
        return next(part for part in self.match.parts if isinstance(part, Watch))

    @property
    def shape(self) -> str:
        shapes = [
            shape_of(MatchState),
            shape_of(BoardState),
            *(part.name + shape_of(part.state_type) for part in self.match.parts),
        ]
        return " ".join(shapes)

    def apply(self, sequenced: Sequenced, events: list[Event]) -> None:
        self.match.apply(sequenced, events)
        self.board.follow(self.match.session, events)

    def capture(self) -> bytes:
        return msgspec.msgpack.encode(_State(msgspec.Raw(self.match.capture()), self.board.state()))

    def restore(self, state: memoryview) -> None:
        restored = msgspec.msgpack.decode(state, type=_State)
        self.match.restore(memoryview(restored.match))
        self.board.restore(restored.board)

    def entries(self) -> list[Entry]:
        """What everybody's score is made from, as it stands now."""
        excluded: dict[int | None, list[ValuedTrade]] = {}
        for trade in self.watch.excluded():
            for row in (trade.trade.buyer.row, trade.trade.seller.row):
                excluded.setdefault(row, []).append(trade)
        entries = []
        for participant in self.match.participants:
            inputs: dict[str, Any] = {}
            for part in self.match.parts:
                inputs.update(part.inputs(participant.row, excluded.get(participant.row, ())))
            entries.append(
                Entry(
                    team_id=participant.team_id,
                    team_name=participant.team_name,
                    role=participant.role,
                    owner=participant.owner,
                    **inputs,
                )
            )
        return entries

    def explained(self, team_id: TeamId, instrument_id: InstrumentId | None = None) -> Explained | None:
        """Where a team's P&L comes from, or that of one instrument. None: the exchange's own teams are not scored, or
        the session has no such instrument.
        """
        ledger = self.match.ledger
        row = ledger.row_of.get(team_id)
        column = None if instrument_id is None else ledger.column_of.get(instrument_id)
        if row is None or (instrument_id is not None and column is None):
            return None
        explainer = next(part for part in self.match.parts if isinstance(part, Explainer))
        return explainer.explained(row, column)
