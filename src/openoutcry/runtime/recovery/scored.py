"""Scores the matches of data directories by replaying their journals. Nothing on disk changes; a server may run."""

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from openoutcry.domain.scoring.rules import ScoringRules
from openoutcry.journal.reader import JournalReader
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.replay import Progress, check_kept_scenario, collection_paused, replay
from openoutcry.runtime.recovery.unscored import NoMatch, NoScoring
from openoutcry.scenarios.differences import told_differences
from openoutcry.scenarios.model import Scenario
from openoutcry.scoring.matches import Matches, PlayedMatch
from openoutcry.scoring.scores import Scores
from openoutcry.venue.venue import Venue


class ScoredDirectory(Struct, frozen=True, kw_only=True):
    path: Path
    scenario: Scenario
    matches: tuple[PlayedMatch, ...]
    """In the order of their sessions; at least one."""
    last_sequence: int


def same_rules(directories: Sequence[Path]) -> tuple[Scenario, ScoringRules]:
    """The scenario that was played in all of these directories, and how its matches are scored.

    Raises `NoExchangeHere`, `OtherScenario`, `EditedScenario`, and `NoScoring` if one is not scored, or they differ.
    """
    scenarios = [_kept(path) for path in directories]
    first = scenarios[0]
    for path, (scenario, _) in zip(directories, scenarios, strict=True):
        if scenario.hash != first[0].hash:
            differences = told_differences(first[0], scenario) or "other scenarios"
            raise NoScoring(
                f"{directories[0]} and {path} were played by different rules (here, then there: {differences}): the"
                " matches of a round must have the same. Score each by itself"
            )
    return first


def _kept(path: Path) -> tuple[Scenario, ScoringRules]:
    directory = DataDirectory(path)
    scenario = directory.kept_scenario()
    check_kept_scenario(JournalReader(directory.journal), directory, scenario)
    if scenario.scoring is None:
        raise NoScoring(
            f"the exchange in {path} is not scored: its scenario {scenario.name!r} has no [scoring]. A later"
            " exchange is, if that table is in its scenario"
        )
    return scenario, scenario.scoring


def score_directory(
    path: Path,
    scenario: Scenario,
    scores: Scores,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
) -> ScoredDirectory:
    """All matches in the data directory `path`, whose `scenario` was read there; `scores` are new ones of it.

    Raises `NoMatch` if no session has begun, `JournalCorrupt`, `JournalFormat`, `ReplayFailed` and `OSError`.
    """
    reader = JournalReader(DataDirectory(path).journal)
    matches = Matches(scores)
    with collection_paused():
        for progress in replay(reader, Venue(scenario.rulebook, scenario.instruments), [matches.apply]):
            on_progress(progress)
        played = matches.played()
    if not played:
        raise NoMatch(f"{path} has no match to score: no session has begun there")
    return ScoredDirectory(path=path, scenario=scenario, matches=tuple(played), last_sequence=reader.end.last_sequence)


def chosen(scored: ScoredDirectory, session: int | None, *, so_far: bool) -> tuple[PlayedMatch, ...]:
    """All matches, or that of one session. Raises `NoMatch` if there is none, or, unless `so_far`, one is not over."""
    matches = scored.matches
    if session is not None:
        matches = tuple(match for match in matches if match.session == session)
        if not matches:
            number = len(scored.matches)
            has = "one session, 1" if number == 1 else f"the sessions 1 to {number}"
            raise NoMatch(f"{scored.path} has no session {session}: it has {has}")
    for match in matches:
        if not (match.is_over or so_far):
            state = (
                "is still under way" if match.is_running else "has closed, but not all that expired with it is settled"
            )
            earlier = f", name an earlier one with --session {match.session - 1}" if match.session > 1 else ""
            raise NoMatch(
                f"session {match.session} of {match.date} in {scored.path} {state}: only a match that is over has a"
                f" result. Wait for its end{earlier}, or look at how it stands with --so-far"
            )
    return matches
