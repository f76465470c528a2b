"""Scores as folds: what they cost an order and a market second, and how long it takes to score a finished journal."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time, thread_time_ns
from typing import Final, Literal, get_args

from msgspec import Struct

from openoutcry.bench import targets
from openoutcry.bench.engines.scored_session import TEAMS, make_scored_session
from openoutcry.bench.measures import Spread, spread
from openoutcry.bench.report import Claim, Section, microseconds
from openoutcry.bench.stage import Stage
from openoutcry.bootstrap.projections import scores_of
from openoutcry.domain.commands import AdvanceMarket, AmendOrder, CancelOrder, Command, SubmitOrder
from openoutcry.domain.events import Event
from openoutcry.domain.sequenced import Sequenced
from openoutcry.journal.reader import JournalReader
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.replay import collection_paused, replay
from openoutcry.scoring.scores import Scores
from openoutcry.venue.venue import Venue

MILLION: Final = 1_000_000

Kind = Literal["order", "second", "other"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
"""A team's order, its cancellation or amendment; a market second; quotes and all else."""


class Folded(Struct):
    number: int = 0
    nanoseconds: int = 0

    @property
    def microseconds(self) -> float:
        """Of one."""
        return self.nanoseconds / max(self.number, 1) / 1_000


def scoring(stage: Stage) -> Section:
    """Processor time. The journal is replayed and folded at once, as when it is scored."""
    section = Section(
        f"Scores: {TEAMS} teams, 84 options, a session of {stage.effort.scored_commands:,} commands",
        ("what", "CPU", "lowest to highest round"),
    )
    with tempfile.TemporaryDirectory() as temporary:
        directory = DataDirectory(Path(temporary) / "session")
        make_scored_session(directory.path, stage.effort.scored_commands)
        rounds = [_score(directory) for _ in range(stage.effort.few_rounds)]
    whole = spread([each.seconds * MILLION / each.commands for each in rounds])
    folding = spread([each.folding_ns / 1e9 * MILLION / each.commands for each in rounds])
    order, second, other = (spread([each.folded[kind].microseconds for each in rounds]) for kind in KINDS)
    section.rows += [
        ("folds of a team's order", *_cells(order, microseconds)),
        ("folds of a market second", *_cells(second, microseconds)),
        ("folds of any other command", *_cells(other, microseconds)),
        ("a million commands of a journal, scored", *_cells(whole, _seconds)),
        ("of it folds", *_cells(folding, _seconds)),
    ]
    section.notes.append(
        "Cancellations and amendments count as orders. Others are quotes, and commands of the exchange. A million is"
        " told by the pace of this session; one of a whole day has as many commands a market second."
    )
    section.claims += [
        Claim(targets.SCORED_ORDER, order),
        Claim(targets.SCORED_SECOND, second),
        Claim(targets.SCORED_JOURNAL, whole),
    ]
    section.figures["rounds"] = [
        {"commands": each.commands, "seconds": each.seconds, "folded": each.folded} for each in rounds
    ]
    return section


class _Scored:
    """One replay of a journal, with the time that its folds take, by what is folded."""

    def __init__(self, scores: Scores) -> None:
        self.seconds = 0.0
        self.commands = 0
        self.folded = {kind: Folded() for kind in KINDS}
        self._scores = scores
        self._kind: Kind = "other"
        self._waiting: list[tuple[Sequenced, list[Event]]] = []
        """Commands of one kind that follow each other: they are folded together, so that the clock is seldom read."""

    @property
    def folding_ns(self) -> int:
        return sum(each.nanoseconds for each in self.folded.values())

    def follow(self, sequenced: Sequenced, events: list[Event]) -> None:
        kind = self._kind_of(sequenced.command)
        if kind != self._kind:
            self.fold_waiting()
            self._kind = kind
        self._waiting.append((sequenced, events))

    def fold_waiting(self) -> None:
        apply = self._scores.apply
        began = thread_time_ns()
        for sequenced, events in self._waiting:
            apply(sequenced, events)
        folded = self.folded[self._kind]
        folded.nanoseconds += thread_time_ns() - began
        folded.number += len(self._waiting)
        self._waiting.clear()

    def _kind_of(self, command: Command) -> Kind:
        if type(command) is AdvanceMarket:
            return "second"
        if isinstance(command, SubmitOrder | CancelOrder | AmendOrder):
            return "order" if command.team_id in self._scores.match.ledger.row_of else "other"
        return "other"


def _score(directory: DataDirectory) -> _Scored:
    scenario = directory.kept_scenario()
    assert scenario.scoring is not None, "the default game is scored"  # noqa: S101
    scores = scores_of(scenario, scenario.scoring)
    scored = _Scored(scores)
    began = process_time()
    with collection_paused():
        for progress in replay(
            JournalReader(directory.journal), Venue(scenario.rulebook, scenario.instruments), [scored.follow]
        ):
            scored.commands = progress.commands
        scored.fold_waiting()
        scores.entries()
    scored.seconds = process_time() - began
    return scored


def _cells(figure: Spread, told: Callable[[float], str]) -> tuple[str, str]:
    return told(figure.median), f"{told(figure.low)} to {told(figure.high)}"


def _seconds(figure: float) -> str:
    return f"{figure:.1f} s"
