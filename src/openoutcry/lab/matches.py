"""Many matches, by any executor: in this process, in others, or on other machines."""

import datetime as dt
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path

from msgspec import Struct

from openoutcry.lab.entrants import Playable
from openoutcry.lab.lines.latency import DEFAULT, LatencyModel
from openoutcry.lab.match import run_match
from openoutcry.lab.results.result import MatchResult


class Match(Struct, frozen=True, kw_only=True):
    """A match that is to be played: see `run_match`. For an executor of other processes, bots are files, or classes
    that these can import.
    """

    bots: tuple[Playable, ...]
    scenario: str | Path = "intern"
    seed: int = 7
    date: str | dt.date | None = None
    seconds: int | None = None
    latency: LatencyModel = DEFAULT
    out: str | Path | None = None


def run_matches(matches: Iterable[Match], executor: Executor) -> Iterator[MatchResult]:
    """Play them all; yields the results in the order of the matches. What a match raises is raised at its turn."""
    waiting: list[Future[MatchResult]] = [executor.submit(play, match) for match in matches]
    waiting.reverse()
    try:
        while waiting:
            yield waiting.pop().result()
    finally:
        for future in waiting:
            future.cancel()


def play(match: Match) -> MatchResult:
    return run_match(
        match.bots,
        match.scenario,
        match.seed,
        date=match.date,
        seconds=match.seconds,
        latency=match.latency,
        out=match.out,
    )
