"""The campaign: bots trade while the server is killed and restarted again and again; then all come to rest."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from openoutcry.client import RetryPolicy
from openoutcry.journal.segment import list_provisional
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.scenarios.loader import load_scenario
from proofs.server_process import ServerProcess, until
from proofs.torture.bot import PATIENT, TorturedBot
from proofs.torture.checks import LONG_GRACE_SECONDS
from proofs.torture.diary import Diary

SCENARIO: Final = str(Path(__file__).with_name("scenario.toml"))
DIES_RECOVERING_EVERY: Final = 3
"""One kill in this many comes while the server recovers from the last one."""
CHANGING_SEGMENTS_EVERY: Final = 2
"""One kill in this many waits until the disk is busy with a full segment, if that comes soon."""
STAYS_DEAD_EVERY: Final = 2
"""After one kill in this many the server stays down until a bot's client has given up on a request."""


def new_chance(seed: float | None = None) -> Random:
    """The random source of what bots do and when the server is killed; no secret."""
    return Random(seed)  # noqa: S311


class Campaign:
    """`load`: the most verdicts between two deaths. `kill`: how the server dies, and what happens with it.

    `bots_die`: one bot's process dies too, each time.
    """

    def __init__(
        self,
        server: ServerProcess,
        chance: Random,
        load: int,
        kill: Callable[[], None],
        *,
        bots_die: bool = True,
    ) -> None:
        self.deaths = 0
        self.state_hash = ""
        """The server's state hash, after its clean end."""
        self._server = server
        self._chance = chance
        self._load = load
        self._kill = kill
        self._bots_die = bots_die
        instrument_ids = tuple(str(instrument.instrument_id) for instrument in load_scenario(SCENARIO).instruments)

        def bot(
            name: str, role: str, retry: RetryPolicy | None, grace_seconds: int | None, *, writes_down: bool = False
        ) -> TorturedBot:
            return TorturedBot(
                server.url,
                name,
                role,
                instrument_ids,
                new_chance(chance.random()),
                retry=retry,
                grace_seconds=grace_seconds,
                writes_down=writes_down,
            )

        self._mortal = bot("hedger", "hedge_fund", None, 0, writes_down=True)
        self._bots = (
            bot("maker", "market_maker", PATIENT, LONG_GRACE_SECONDS),
            self._mortal,
            bot("arbitrageur", "hedge_fund", PATIENT, None),
            bot("trader", "retail", None, 1),
        )

    @property
    def diaries(self) -> list[Diary]:
        return [bot.diary for bot in self._bots]

    async def run(self, rounds: int, advance: Callable[[], None]) -> None:
        """Open, let the server die `rounds` times, and wait for rest. `advance` is called after each death.

        Raises `ServerFailed`, and any exception of a bot in an exception group.
        """
        self._server.start()
        await self._server.is_up()
        try:
            for bot in self._bots:
                await bot.join()
            # A life that ends well, so that there is something which nothing may take: the teams.
            await self._server.end()
            self._server.start()
            async with asyncio.TaskGroup() as trading:
                for bot in self._bots:
                    trading.create_task(bot.trade())
                for number in range(1, rounds + 1):
                    await self._die(recovering=number % DIES_RECOVERING_EVERY == 0)
                    advance()
                await self._server.is_up()
                await self._some_verdicts()
                for bot in self._bots:
                    bot.stop()
            for bot in self._bots:
                await bot.come_to_rest()
            for bot in self._bots:
                await bot.conclude()
            self.state_hash = await self._server.end()
        finally:
            for bot in self._bots:
                await bot.close()

    async def _die(self, *, recovering: bool) -> None:
        """At some moment under load, or as it recovers; then begin to come back."""
        if recovering:
            await self._server.is_recovering()
        else:
            await self._server.is_up()
            await self._some_verdicts()
            if self._bots_die:
                self._mortal.die()
                await self._some_verdicts()
            if self.deaths % CHANGING_SEGMENTS_EVERY == 0:
                await self._some_verdicts(or_until=self._is_changing_segments)
        self._kill()
        self.deaths += 1
        if not recovering and self.deaths % STAYS_DEAD_EVERY == 0:
            gave_up = self._gave_up()
            await until(lambda: self._gave_up() > gave_up, "a client gives up on a request")
        self._server.start()

    async def _some_verdicts(self, or_until: Callable[[], bool] = lambda: False) -> None:
        """Trade on, for a random time."""
        target = self._verdicts() + self._chance.randint(self._load // 8, self._load // 3)
        await until(lambda: or_until() or self._verdicts() >= target, f"the bots are given {self._load} verdicts")

    def _is_changing_segments(self) -> bool:
        """Whether the disk is still busy with a full segment of the journal, and orders go to the one after it."""
        return bool(list_provisional(DataDirectory(self._server.data).journal))

    def _gave_up(self) -> int:
        return sum(bot.diary.gave_up for bot in self._bots)

    def _verdicts(self) -> int:
        return sum(bot.diary.verdicts for bot in self._bots)
