"""Scores as folds: what they cost an order and a market second, and how long it takes to score a finished journal."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time, thread_time_ns
from typing import Final

from openoutcry.bench import targets
from openoutcry.bench.engines.scored_session import TEAMS, make_scored_session
from openoutcry.bench.measures import Spread, spread
from openoutcry.bench.report import Claim, Section, microseconds
from openoutcry.bench.stage import Stage
from openoutcry.bootstrap.projections import scores_of
from openoutcry.domain.commands import AdvanceMarket
from openoutcry.domain.events import Event
from openoutcry.domain.sequenced import Sequenced
from openoutcry.journal.reader import JournalReader
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.replay import collection_paused, replay
from openoutcry.scoring.scores import Scores
from openoutcry.venue.venue import Venue

MILLION: Final = 1_000_000


def scoring(stage: Stage) -> Section:
    """Processor time. The journal is replayed and folded at once, as when it is scored."""
    section = Section(
        f"Scores: {TEAMS} teams, 84 options, a session of {stage.effort.session_commands:,} commands",
        ("what", "CPU", "lowest to highest round"),
    )
    with tempfile.TemporaryDirectory() as temporary:
        directory = DataDirectory(Path(temporary) / "session")
        make_scored_session(directory.path, stage.effort.session_commands)
        rounds = [_score(directory) for _ in range(stage.effort.few_rounds)]
    whole = spread([each.seconds * MILLION / each.commands for each in rounds])
    folding = spread([each.folding_ns / 1e9 * MILLION / each.commands for each in rounds])
    order = spread([each.orders_ns / each.orders / 1_000 for each in rounds])
    second = spread([each.ticks_ns / each.ticks / 1_000 for each in rounds])
    section.rows += [
        ("folds of an order", *_cells(order, microseconds)),
        ("folds of a market second", *_cells(second, microseconds)),
        ("a million commands of a journal, scored", *_cells(whole, _seconds)),
        ("of it folds", *_cells(folding, _seconds)),
    ]
    section.notes.append("An order is any command between two market seconds; three of four are a team's.")
    section.claims += [
        Claim(targets.SCORED_ORDER, order),
        Claim(targets.SCORED_SECOND, second),
        Claim(targets.SCORED_JOURNAL, whole),
    ]
    section.figures["rounds"] = [
        {
            "commands": each.commands,
            "seconds": each.seconds,
            "orders": each.orders,
            "orders_ns": each.orders_ns,
            "ticks": each.ticks,
            "ticks_ns": each.ticks_ns,
        }
        for each in rounds
    ]
    return section


class _Scored:
    """One replay of a journal, with the time that its folds take."""

    def __init__(self, scores: Scores) -> None:
        self.seconds = 0.0
        self.commands = self.orders = self.orders_ns = self.ticks = self.ticks_ns = 0
        self._scores = scores
        self._waiting: list[tuple[Sequenced, list[Event]]] = []
        """Commands since the last market second: they are folded together, so that the clock is seldom read."""

    @property
    def folding_ns(self) -> int:
        return self.orders_ns + self.ticks_ns

    def follow(self, sequenced: Sequenced, events: list[Event]) -> None:
        if type(sequenced.command) is not AdvanceMarket:
            self._waiting.append((sequenced, events))
            return
        self.fold_waiting()
        began = thread_time_ns()
        self._scores.apply(sequenced, events)
        self.ticks_ns += thread_time_ns() - began
        self.ticks += 1

    def fold_waiting(self) -> None:
        apply = self._scores.apply
        began = thread_time_ns()
        for sequenced, events in self._waiting:
            apply(sequenced, events)
        self.orders_ns += thread_time_ns() - began
        self.orders += len(self._waiting)
        self._waiting.clear()


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
