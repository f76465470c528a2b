"""Conducts the demonstration: server up, bots trading, screen drawn, everything down again in good order."""

import asyncio
import os
import signal
from collections.abc import Coroutine
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

from msgspec import Struct
from rich.console import Console
from rich.live import Live

from openoutcry.bots.fleet import FLEETS
from openoutcry.bots.running import run_bots
from openoutcry.bots.statistics import BotStats
from openoutcry.cli.admin.asking import KEY_VARIABLE, Organiser
from openoutcry.cli.admin.trouble import RefusedByExchange
from openoutcry.cli.demonstration.market import Market
from openoutcry.cli.demonstration.screen import counts, screen, summary
from openoutcry.cli.demonstration.server import server_process
from openoutcry.cli.process.bots_beside import fleet_for
from openoutcry.client import AsyncClient
from openoutcry.runtime.data_directory import DataDirectory

T = TypeVar("T")

STATISTICS_SECONDS: Final = 0.5
TROUBLE_SECONDS: Final = 1.0
"""How long after the bots failed the server may still prove to be the reason."""

PLAIN_LINE_SECONDS: Final = 5.0
"""How often a line is printed where there is no terminal to draw on."""


LAST_EVENTS_SECONDS: Final = 5.0
"""How long the events that came before the server's end may take to be read."""


class Settings(Struct, frozen=True, kw_only=True):
    """`scenario` None: that of a used directory. `duration` in seconds, None: until Ctrl-C. `seed`: of the
    market and of the bots' decisions.
    """

    scenario: str | None
    data: Path
    port: int
    duration: float | None
    seed: int


class Outcome(Struct, frozen=True):
    """`last_words`: the line with which the server ended, its state hash in it."""

    trades: int
    last_words: str


async def conduct(settings: Settings, console: Console) -> Outcome:
    """Run it until the time is over or a signal comes.

    Raises `ServerEnded`, and what `run_bots` raises.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    log = settings.data / "server.log"
    async with (
        server_process(settings.scenario, settings.data, settings.port, settings.seed, log) as server,
        AsyncClient(server.url) as api,
    ):
        if settings.duration is not None:
            loop.call_later(settings.duration, stop.set)
        await _open_market(server.url, settings.data, api)
        market = await Market.watch(api)
        display = _Display(server.url, market, console)
        scenario = DataDirectory(settings.data).kept_scenario()
        trading = run_bots(
            server.url,
            seed=settings.seed,
            stop=stop,
            on_stats=display.show,
            stats_interval=STATISTICS_SECONDS,
            join_code=scenario.registration.join_code,
            role_codes=scenario.registration.role_codes,
            fleet=FLEETS[fleet_for(scenario)],
        )
        with display.live:
            totals = await _unless(server.ended(), trading)
        last_words = await server.end()
        with suppress(TimeoutError):
            await asyncio.wait_for(market.ended.wait(), LAST_EVENTS_SECONDS)  # house and retail flow traded to the end
        await api.close()
    display.summarize(totals)
    return Outcome(market.trades, last_words)


async def _open_market(url: str, data: Path, api: AsyncClient) -> None:
    """Start a session if the market is closed, as it is at the first start of a scenario with a schedule."""
    answer = await api.get_market()
    if answer.data is None or answer.data["phase"] != "closed" or answer.data["starts_at"] is not None:
        return
    organiser = Organiser(url, None if KEY_VARIABLE in os.environ else DataDirectory(data).admin_key)
    with suppress(RefusedByExchange):  # a scenario without a schedule stays closed
        await asyncio.to_thread(organiser.post, "/admin/session", "Demonstration", action="start")


async def _unless(trouble: Coroutine[Any, Any, NoReturn], work: Coroutine[Any, Any, T]) -> T:
    """What `work` returns; if `trouble` comes first, `work` is cancelled and the trouble raised."""
    watching, working = asyncio.create_task(trouble), asyncio.create_task(work)
    try:
        await asyncio.wait((watching, working), return_when=asyncio.FIRST_COMPLETED)
        if working.done() and working.exception() is not None:
            # Work that fails because of the trouble may notice it first.
            await asyncio.wait((watching,), timeout=TROUBLE_SECONDS)
        return watching.result() if watching.done() else working.result()
    finally:
        watching.cancel()
        working.cancel()
        await asyncio.gather(watching, working, return_exceptions=True)


class _Display:
    """On a terminal a screen that is drawn anew; elsewhere a line now and then."""

    def __init__(self, url: str, market: Market, console: Console) -> None:
        self._url = url
        self._market = market
        self._console = console
        self._started = asyncio.get_running_loop().time()
        self._next_line = self._started + PLAIN_LINE_SECONDS
        self.live: Live | nullcontext[None] = nullcontext()
        console.print(f"exchange at {url}", highlight=False)
        if console.is_terminal:
            self.live = Live(console=console, auto_refresh=False, screen=True)

    def show(self, bots: list[BotStats]) -> None:
        if isinstance(self.live, Live):
            width, height = self._console.size
            drawn = screen(self._url, self._seconds, self._market, bots, width=width, height=height)
            self.live.update(drawn, refresh=True)
        elif asyncio.get_running_loop().time() >= self._next_line:
            self._next_line += PLAIN_LINE_SECONDS
            self._console.print(counts(self._seconds, self._market, bots), highlight=False)

    def summarize(self, bots: list[BotStats]) -> None:
        self._console.print(summary(self._market, bots, self._console.width))
        self._console.print(counts(self._seconds, self._market, bots), highlight=False)

    @property
    def _seconds(self) -> float:
        return asyncio.get_running_loop().time() - self._started
