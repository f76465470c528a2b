"""The live part: `openoutcry serve`, bots over sockets, and kills at given moments of market time."""

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from time import perf_counter

from msgspec import Struct

from openoutcry import Bot
from openoutcry.cli.admin.asking import Organiser
from openoutcry.client import AsyncClient
from openoutcry.client.bot.live.life import Life
from openoutcry.client.bot.live.logs import LOG
from openoutcry.client.bot.live.running import summarised
from openoutcry.client.bot.summary import BotSummary
from openoutcry.protocol.responses import LeaderboardData
from openoutcry.runtime.data_directory import DataDirectory
from proofs.killed_day import play
from proofs.killed_day.play import Kill
from proofs.live_lab.timed_line import TimedLine
from proofs.scores.boards import final_board
from proofs.server_process import ServerProcess, reserved_port, until


class LiveBot(Struct, frozen=True, kw_only=True):
    """What is left of a bot's live day."""

    name: str
    team_id: str
    asked: int
    line: TimedLine
    summary: BotSummary


class LiveDay(Struct, frozen=True, kw_only=True):
    """The data directory of an exchange that has ended, and what was seen."""

    data: Path
    date: dt.date
    lives: tuple[play.Life, ...]
    """All but the last ended by a kill."""
    outages: tuple[tuple[float, float], ...]
    """From each kill until the exchange listened again, by `perf_counter`."""
    bots: tuple[LiveBot, ...]
    board: LeaderboardData
    """After the close."""
    state_hash: str
    """The exchange's, as it printed it at its clean end."""


def play_live(
    scenario: str,
    data: Path,
    bots: Iterable[type[Bot]],
    *,
    seed: int,
    kills: Iterable[Kill],
    say: Callable[[str], None] = lambda _: None,
) -> LiveDay:
    """Play a session of `scenario` on the new directory `data`. The bots run before it starts, as in the lab.

    Raises `ServerFailed`, and in an exception group what a bot's life raises.
    """
    with reserved_port() as port, ServerProcess(scenario, data, port, "os", "--seed", str(seed)) as server:
        return asyncio.run(_play(server, tuple(bots), seed, tuple(kills), say))


async def _play(
    server: ServerProcess,
    bots: tuple[type[Bot], ...],
    seed: int,
    kills: tuple[Kill, ...],
    say: Callable[[str], None],
) -> LiveDay:
    server.start()
    await server.is_up()
    organiser = Organiser(server.url, DataDirectory(server.data).admin_key)
    begun, lines, lives = asyncio.Semaphore(0), list[TimedLine](), list[play.Life]()
    outages: list[tuple[float, float]] = []
    async with AsyncClient(server.url) as watcher, asyncio.TaskGroup() as group:
        tasks = []
        for kind in bots:
            # Registered as in the lab, without a nonce of its own: so both days have one seed, and one market.
            team = await asyncio.to_thread(organiser.post, "/teams", team_name=kind.__name__, role=kind.role)
            tasks.append(group.create_task(_bot(AsyncClient(server.url, team["api_key"]), kind, seed, lines, begun)))
            await begun.acquire()
        await asyncio.to_thread(organiser.post, "/admin/session", action="start")
        date = dt.date.fromisoformat((await play.market_of(watcher)).session_date or "")
        for number, kill in enumerate(kills, start=1):
            say(f"life {number}, until {kill.at} and a kill")
            lives.append(await play.live_until(watcher, kill, lines, server.kill))
            killed_at = perf_counter()
            server.start()
            await server.is_up()
            outages.append((killed_at, perf_counter()))
        say(f"life {len(kills) + 1}, until the close")
        lives.append(await play.live_until(watcher, None, lines, lambda: None))
        await until(lambda: all(task.done() for task in tasks), "the bots end with the session")
        board = await final_board(watcher)
    return LiveDay(
        data=server.data,
        date=date,
        lives=tuple(lives),
        outages=tuple(outages),
        bots=tuple(task.result() for task in tasks),
        board=board,
        state_hash=await server.end(),
    )


async def _bot(
    client: AsyncClient, kind: type[Bot], seed: int, lines: list[TimedLine], begun: asyncio.Semaphore
) -> LiveBot:
    """Run to the close, and look back. Its chance is that of the lab."""
    name = kind.__name__
    async with client:
        life = Life(kind(), client, Random(f"{seed}/{name}/bot"), logging.getLogger(LOG))  # noqa: S311 - no secret
        line = TimedLine(life.run.line)
        life.run.line = line
        lines.append(line)
        ended = await life.live(until_close=True, begun=begun.release)
        summary = await summarised(client, life.run, ended)
    return LiveBot(name=name, team_id=life.run.team_id, asked=life.run.counts.asked, line=line, summary=summary)
