"""A day in process, in virtual time, with a participant of each role: scored by the exchange itself, by scores that are
captured and go on anew again and again, and from the journal.
"""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, Final

from msgspec import structs

from openoutcry.bootstrap.projections import scores_of
from openoutcry.domain.events import Event
from openoutcry.domain.sequenced import Sequenced
from openoutcry.journal.memory_files import MemoryFiles
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.projections import ALL_COMMANDS
from openoutcry.runtime.recovery.scored import score_directory
from openoutcry.scenarios.model import Scenario
from openoutcry.scoring.scores import Scores
from proofs.market.participants.desk import Desk
from proofs.market.participants.fund import Fund
from proofs.market.participants.maker import Maker
from proofs.market.participants.retail import Retail
from proofs.market.stage import Participant, play
from proofs.report import Report
from proofs.scores.boards import Result
from proofs.scores.proof import compare

COMMANDS_BETWEEN: Final = 2_000
"""On average, between two captures."""


class Interrupted:
    """A projection: scores that at random commands are captured, and go on as new ones that were given the capture."""

    name: Final = "interrupted scores"
    commands: Final = ALL_COMMANDS

    def __init__(self, make: Callable[[], Scores], seed: int) -> None:
        self.scores = make()
        self.captures = 0
        self._make = make
        self._chance = Random(seed)  # noqa: S311 - no secret

    @property
    def shape(self) -> str:
        return self.scores.shape

    def apply(self, sequenced: Sequenced, events: list[Event]) -> None:
        self.scores.apply(sequenced, events)
        if self._chance.random() * COMMANDS_BETWEEN < 1:
            state, self.scores = self.scores.capture(), self._make()
            self.scores.restore(memoryview(state))
            self.captures += 1

    def capture(self) -> bytes:
        return self.scores.capture()

    def restore(self, state: memoryview) -> None:
        self.scores.restore(state)


def prove_scores_in_process(scenario: Scenario, data: Path, seed: int) -> Report:
    """Play a session of `scenario`, and save its journal as the new data directory `data`."""
    rules = scenario.scoring
    assert rules is not None, "it is scored"  # noqa: S101
    scores, files = scores_of(scenario, rules), MemoryFiles()
    interrupted = Interrupted(lambda: scores_of(scenario, rules), seed)
    participants: dict[str, Participant] = {"maker": Maker(), "fund": Fund(), "desk": Desk(), "retail": Retail()}
    play(scenario, seed, participants, (scores, interrupted), files)
    directory = DataDirectory(data)
    directory.create()
    files.save(directory.journal)
    directory.keep_scenario(scenario)
    (match,) = score_directory(data, scenario, scores_of(scenario, rules)).matches

    report = Report(f"Scores of a day of {scenario.name} in process, seed {seed}")
    report.facts["captured and gone on with"] = f"{interrupted.captures} times"
    report.check("some captures were made").equal("", expected=True, found=interrupted.captures > 0)
    expected: Result = {
        each.team_name: {**structs.asdict(each), **_explained(scores, each.team_id)} for each in scores.entries()
    }
    found: Result = {
        each.team_name: {**structs.asdict(each), **structs.asdict(match.explained[each.team_id])}
        for each in match.entries
    }
    compare(report, "inputs and P&L explained from the journal = the exchange's", expected, found)
    found = {
        each.team_name: {**structs.asdict(each), **_explained(interrupted.scores, each.team_id)}
        for each in interrupted.scores.entries()
    }
    compare(report, "inputs and P&L explained after captures = the exchange's", expected, found)
    states = report.check("the state after captures = the exchange's, to the byte")
    states.equal("bytes", expected=scores.capture(), found=interrupted.capture())
    watch = report.check("findings and exclusions from the journal = the exchange's")
    watch.equal("findings", expected=tuple(scores.watch.findings()), found=match.findings)
    watch.equal("exclusions", expected=tuple(scores.watch.exclusions()), found=match.exclusions)
    return report


def _explained(scores: Scores, team_id: Any) -> dict[str, Any]:
    explained = scores.explained(team_id)
    return {} if explained is None else structs.asdict(explained)
