"""The result of a match as different places tell it, in one shape."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from openoutcry.bootstrap.projections import projections_of
from openoutcry.cli.score.document import ScoreDocument
from openoutcry.client import AsyncClient
from openoutcry.protocol.responses import LeaderboardData
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.snapshots.builder import build_next
from openoutcry.runtime.recovery.snapshots.files import list_snapshots
from proofs.server_process import ServerFailed, ServerProcess, reserved_port, run_openoutcry

DIGITS = 6
"""Of points and shares, as the document has them."""
REPLAY_SECONDS = 900.0
"""Within which an exchange has replayed a whole day, on a busy machine too."""
LOOKS = 300
LOOK_SECONDS = 0.1

Result = dict[str, dict[str, Any]]
"""By team: rank, P&L, points, and each component with its input and share."""


async def final_board(watcher: AsyncClient) -> LeaderboardData:
    """The result of the session that has closed, once all is settled. Raises `ServerFailed` if it does not come."""
    for _ in range(LOOKS):
        board = (await watcher.get_leaderboard()).data_as(LeaderboardData)
        if board.final:
            return board
        await asyncio.sleep(LOOK_SECONDS)
    raise ServerFailed("the leaderboard does not become final")


def board_after_start(scenario: str, data: Path) -> LeaderboardData:
    """What an exchange shows that is started on `data` once more. It is ended again."""
    with reserved_port() as port, ServerProcess(scenario, data, port, "os") as server:
        return asyncio.run(_look(server))


async def _look(server: ServerProcess) -> LeaderboardData:
    server.start()
    await server.is_up(seconds=REPLAY_SECONDS)
    async with AsyncClient(server.url) as watcher:
        board = await final_board(watcher)
    await server.end()
    return board


def make_snapshot(data: Path) -> bool:
    """Whether a start has a snapshot to begin with."""
    directory = DataDirectory(data)
    build_next(directory, projections_of)
    return bool(list_snapshots(directory.snapshots))


def remove_snapshots(data: Path) -> None:
    shutil.rmtree(DataDirectory(data).snapshots, ignore_errors=True)


def scored(data: Path) -> ScoreDocument:
    """What `openoutcry score` says. Raises `ServerFailed`."""
    run = run_openoutcry("score", "--json", str(data))
    if run.returncode:
        raise ServerFailed(f"openoutcry score ended with {run.returncode}:\n{run.stderr}")
    return msgspec.json.decode(run.stdout, type=ScoreDocument)


def of_board(board: LeaderboardData) -> Result:
    return {
        team.team_name: {
            "rank": team.rank,
            "pnl": team.pnl,
            "inactive": team.inactive,
            "excluded": (team.excluded_trades, team.excluded_value),
            "total": _rounded(team.score),
            "parts": tuple(map(_rounded, (team.role_points, team.compliance, team.risk))),
            **{each.name: tuple(map(_rounded, (each.value, each.share, each.points))) for each in team.components},
        }
        for team in board.teams
    }


def of_document(document: ScoreDocument) -> Result:
    (match,) = document.matches
    return {
        team.team_name: {
            "rank": team.rank,
            "pnl": team.pnl,
            "inactive": team.inactive,
            "excluded": (team.excluded_trades, team.excluded_value),
            "total": team.total,
            "parts": (team.role_points, team.compliance, team.risk),
            **{each.name: (each.value, each.share, each.points) for each in team.components},
        }
        for team in match.teams
    }


def inputs_of(document: ScoreDocument) -> Result:
    """The integers behind it, and the P&L explained."""
    (match,) = document.matches
    return {team.team_name: {**team.inputs, "explained": structs.asdict(team)["explained"]} for team in match.teams}


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, DIGITS) + 0.0
