"""Plays a live day: `openoutcry serve`, the example bots over sockets, and kills at given moments of market time."""

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable
from pathlib import Path
from random import Random
from time import monotonic
from typing import Final, Protocol

from msgspec import Struct

from openoutcry.bots.fleet import GAME_FLEET, Member
from openoutcry.cli.admin.asking import Organiser
from openoutcry.client import AsyncClient
from openoutcry.client.bot.live import life
from openoutcry.client.bot.live.logs import LOG
from openoutcry.protocol.responses import MarketData
from openoutcry.runtime.data_directory import DataDirectory
from proofs.killed_day.notes import Notes, NotingClient
from proofs.server_process import ServerFailed, ServerProcess, reserved_port, until

LOOK_SECONDS: Final = 0.1
STANDSTILL_SECONDS: Final = 60.0
"""After which a market whose time stands still is given up."""


AtClose = Callable[[AsyncClient], Awaitable[None]]


async def nothing_at_close(_watcher: AsyncClient) -> None:
    """For a day of which nothing more is to be known."""


class Kill(Struct, frozen=True):
    """`at`: a time of the market. `amid_orders`: only once a bot waits for a verdict."""

    at: dt.time
    amid_orders: bool = False


class Life(Struct, frozen=True):
    """One process of the exchange, from the first look at its market to the last, or to its kill."""

    began: dt.datetime
    """In market time, as `ended`."""
    ended: dt.datetime
    phase: str
    """At its end."""
    seconds: float
    """Of wall time."""
    under_way: int
    """Requests without a verdict at its end."""

    @property
    def pace(self) -> float:
        """Market seconds a second."""
        return (self.ended - self.began).total_seconds() / self.seconds


class KilledDay(Struct, frozen=True, kw_only=True):
    """What is left of the day: the data directory of an exchange that has ended, and what was seen."""

    data: Path
    scenario: str
    """A shipped one's name, or a file."""
    seed: int
    speed: float
    date: dt.date
    lives: tuple[Life, ...]
    """All but the last ended by a kill."""
    notes: tuple[Notes, ...]
    state_hash: str
    """The exchange's, as it printed it at its clean end."""

    @property
    def kills(self) -> int:
        return len(self.lives) - 1


def kills_of_a_day(seed: int) -> tuple[Kill, ...]:
    """In the call, at any moment of trading, and while options settle against the average of the last minutes."""
    chance = Random(seed)  # noqa: S311 - no secret
    second = chance.randrange(9 * 3600 + 45 * 60, 14 * 3600 + 45 * 60)
    by_chance = dt.time(second // 3600, second // 60 % 60, second % 60)
    return Kill(dt.time(9, 20)), Kill(by_chance, amid_orders=True), Kill(dt.time(14, 57, 30))


def play_killed_day(
    scenario: str,
    data: Path,
    *,
    seed: int,
    speed: float,
    kills: Iterable[Kill],
    fleet: Iterable[Member] = GAME_FLEET,
    at_close: AtClose = nothing_at_close,
    say: Callable[[str], None] = lambda _: None,
) -> KilledDay:
    """Play the session of today, or of the next trading day, on the new directory `data`.

    Bots register once it has started, so they have no part in its seed. `at_close`: what is to be asked of the exchange
    after the close, before its end. Raises `ServerFailed`, and in an exception group what a bot's life raises.
    """
    with reserved_port() as port, ServerProcess(scenario, data, port, "os", "--seed", str(seed)) as server:
        bots = {member: Notes(member.name) for member in fleet}
        date, lives, state_hash = asyncio.run(_play(server, seed, speed, tuple(kills), bots, at_close, say))
    return KilledDay(
        data=data,
        scenario=scenario,
        seed=seed,
        speed=speed,
        date=date,
        lives=lives,
        notes=tuple(bots.values()),
        state_hash=state_hash,
    )


async def _play(
    server: ServerProcess,
    seed: int,
    speed: float,
    kills: tuple[Kill, ...],
    bots: dict[Member, Notes],
    at_close: AtClose,
    say: Callable[[str], None],
) -> tuple[dt.date, tuple[Life, ...], str]:
    server.start()
    await server.is_up()
    organiser = Organiser(server.url, DataDirectory(server.data).admin_key)
    await asyncio.to_thread(organiser.post, "/admin/session", action="start")
    await asyncio.to_thread(organiser.post, "/admin/speed", speed=speed)
    begun, notes, lives = asyncio.Semaphore(0), bots.values(), list[Life]()
    async with asyncio.TaskGroup() as group, AsyncClient(server.url) as watcher:
        date = dt.date.fromisoformat((await market_of(watcher)).session_date or "")
        for member, its_notes in bots.items():
            group.create_task(_bot(server.url, member, seed, its_notes, begun))
            await begun.acquire()
        for number, kill in enumerate(kills, start=1):
            say(f"life {number}, until {kill.at} and a kill")
            lives.append(await live_until(watcher, kill, notes, server.kill))
            server.start()
            await server.is_up()
        say(f"life {len(kills) + 1}, until the close")
        lives.append(await live_until(watcher, None, notes, lambda: None))
        await at_close(watcher)
    return date, tuple(lives), await server.end()


async def _bot(url: str, member: Member, seed: int, notes: Notes, begun: asyncio.Semaphore) -> None:
    """Run to the close."""
    async with await NotingClient.register(url, member.name, role=member.role) as client:
        notes.follow(client)
        rng = Random(f"{seed}/{member.name}")  # noqa: S311 - no secret
        running = life.Life(member.bot(), client, rng, logging.getLogger(LOG))
        await running.live(until_close=True, begun=begun.release)


class Asking(Protocol):
    @property
    def under_way(self) -> int:
        """Requests that were sent and have no verdict yet."""


async def live_until(
    watcher: AsyncClient, kill: Kill | None, notes: Collection[Asking], end: Callable[[], None]
) -> Life:
    """Watch the market until it is time for `kill`, None: until it has closed; then call `end`."""
    first = last = await market_of(watcher)
    began = moved = monotonic()
    while not (last.phase == "closed" if kill is None else _time(last).time() >= kill.at):
        if monotonic() - moved > STANDSTILL_SECONDS:
            raise ServerFailed(f"market time stands still at {last.market_time}, in the phase {last.phase}")
        await asyncio.sleep(LOOK_SECONDS)
        before, last = last, await market_of(watcher)
        moved = moved if before.market_time == last.market_time else monotonic()
    seconds = monotonic() - began
    if kill is not None and kill.amid_orders:
        await until(lambda: any(each.under_way for each in notes), "a bot waits for a verdict")
    end()
    return Life(_time(first), _time(last), last.phase, seconds, sum(each.under_way for each in notes))


async def market_of(watcher: AsyncClient) -> MarketData:
    return (await watcher.get_market()).data_as(MarketData)


def _time(market: MarketData) -> dt.datetime:
    return dt.datetime.fromisoformat(market.market_time)
