"""`python -m proofs scores`: a day with bots, scored in every way there is."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter

from openoutcry.bots.fleet import GAME_FLEET, Member
from openoutcry.cli.score.document import ScoreDocument
from openoutcry.client import AsyncClient
from openoutcry.protocol.responses import LeaderboardData
from proofs.killed_day.play import Kill, play_killed_day
from proofs.report import Report
from proofs.scores import boards
from proofs.scores.boards import Result


def prove_live_scores(
    scenario: str,
    data: Path,
    *,
    seed: int,
    speed: float,
    kills: Iterable[Kill],
    fleet: Iterable[Member] = GAME_FLEET,
    say: Callable[[str], None] = lambda _: None,
) -> Report:
    """Play a live day over sockets in the new directory `data`, with kills, and score it in four ways.

    Raises as `play_killed_day`.
    """
    live: list[LeaderboardData] = []
    beside: list[ScoreDocument] = []

    async def at_close(watcher: AsyncClient) -> None:
        live.append(await boards.final_board(watcher))
        beside.append(await asyncio.to_thread(boards.scored, data))

    began = perf_counter()
    day = play_killed_day(scenario, data, seed=seed, speed=speed, kills=kills, fleet=fleet, at_close=at_close, say=say)
    report = Report(f"Scores of a live day of {scenario} at speed {speed:g}, killed {day.kills} times")
    report.facts["played in"] = f"{perf_counter() - began:.0f} s"
    say("scoring the journal")
    document = boards.scored(data)
    (match,) = document.matches
    report.facts["session"] = f"{match.date}, {len(match.teams)} teams, {len(match.findings)} findings"
    expected = boards.of_document(document)
    traded = report.check("every bot has traded")
    for team in match.teams:
        traded.equal(team.team_name, expected=True, found=team.inputs["contracts"] > 0)
    compare(report, "the leaderboard after the close = openoutcry score", expected, boards.of_board(live[0]))
    say("starting the exchange from a snapshot")
    report.check("a start has a snapshot to begin with").equal("", expected=True, found=boards.make_snapshot(data))
    after = boards.of_board(boards.board_after_start(scenario, data))
    compare(report, "the leaderboard after a start from a snapshot = openoutcry score", expected, after)
    say("starting the exchange from the whole journal")
    boards.remove_snapshots(data)
    after = boards.of_board(boards.board_after_start(scenario, data))
    compare(report, "the leaderboard after a start from the journal = openoutcry score", expected, after)
    before = boards.inputs_of(beside[0])
    compare(report, "openoutcry score beside the exchange = after its end", boards.inputs_of(document), before)
    return report


def compare(report: Report, claim: str, expected: Result, found: Result) -> None:
    """Each figure of each team."""
    check = report.check(claim)
    check.equal("teams", expected=sorted(expected), found=sorted(found))
    for team, figures in expected.items():
        for name in sorted({*figures, *found.get(team, {})}):
            check.equal(f"{team}: {name}", expected=figures.get(name), found=found.get(team, {}).get(name))
