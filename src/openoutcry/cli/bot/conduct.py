"""Runs the bot of a file, and again whenever the file changes, if it is watched."""

import asyncio
import logging
import traceback
from pathlib import Path
from typing import Final

from msgspec import Struct, structs
from rich.console import Console

from openoutcry.cli.bot.status import status_shown
from openoutcry.cli.bot.summary import show_summaries
from openoutcry.cli.bot.trouble import BotFailed
from openoutcry.cli.bot.watching import Watched, may_mend
from openoutcry.cli.process.interrupts import say_ending
from openoutcry.cli.score.tables import printer
from openoutcry.client.bot.files.loading import BotFileError, LoadedBot, load_bot_file
from openoutcry.client.bot.live.joining import Team, join
from openoutcry.client.bot.live.life import GRACE_SECONDS, Life
from openoutcry.client.bot.live.logs import LOG
from openoutcry.client.bot.live.running import chance, signals_caught, summarised


class Settings(Struct, frozen=True, kw_only=True):
    """`file`: perhaps with the name of a class. `team`: no role is the bot's own, no name that of its class."""

    file: str
    url: str
    team: Team
    watch: bool
    until_close: bool


class Conductor:
    """`stderr`: where its progress is shown."""

    def __init__(self, settings: Settings, stderr: Console) -> None:
        self._settings = settings
        self._stderr = stderr
        self._interrupted: Final = asyncio.Event()
        self._life: Life | None = None
        self._files: frozenset[Path] = frozenset()

    async def conduct(self) -> None:
        """Run the bot to its end. Raises `BotFileError`, `BotFailed`, `OpenOutcryError`, `OSError`."""
        with signals_caught(self._interrupt, say_ending):
            if self._settings.watch:
                while not self._interrupted.is_set():
                    await self._once_and_wait()
            else:
                loaded = load_bot_file(self._settings.file)
                self._files = loaded.files
                await self._live(loaded)

    @property
    def is_running(self) -> bool:
        """Whether a bot has begun and not ended."""
        return self._life is not None

    def hanging(self, interrupt: KeyboardInterrupt) -> str:
        """What the bot was doing when it was interrupted for the second time."""
        frames = [each for each in traceback.extract_tb(interrupt.__traceback__) if Path(each.filename) in self._files]
        where = f": it was in {frames[-1].name} ({frames[-1].filename}, line {frames[-1].lineno})" if frames else ""
        return (
            f"the bot was ended at once{where}. Its orders are left to the exchange, which cancels them"
            f" {GRACE_SECONDS} s after it has lost the connection"
        )

    def _interrupt(self, reason: str) -> None:
        self._interrupted.set()
        if self._life is not None:
            self._life.stop(reason)

    def _say(self, text: str) -> None:
        self._stderr.print(text, highlight=False, markup=False, soft_wrap=True)

    # ---- watched

    async def _once_and_wait(self) -> None:
        """Run the bot until it ends or its files change, and wait until they have."""
        try:
            loaded = load_bot_file(self._settings.file)
        except BotFileError as error:
            self._say(str(error))
            await self._await_change(asyncio.create_task(Watched(may_mend(error)).changed()))
            return
        self._files = loaded.files
        changing = asyncio.create_task(self._stop_at_change(Watched(loaded.files)))
        try:
            await self._live(loaded)
        except (BotFileError, BotFailed) as error:
            self._say(str(error))
        finally:
            loaded.namespace.forget()
        await self._await_change(changing)

    async def _stop_at_change(self, watched: Watched) -> list[Path]:
        changed = await watched.changed()
        if self._life is not None:
            self._life.stop(f"{_names(changed)} changed")
        return changed

    async def _await_change(self, changing: asyncio.Task[list[Path]]) -> None:
        if not changing.done() and not self._interrupted.is_set():
            self._say("waiting for a change of the file; Ctrl-C ends it")
        interrupted = asyncio.create_task(self._interrupted.wait())
        await asyncio.wait({changing, interrupted}, return_when=asyncio.FIRST_COMPLETED)
        if not self._interrupted.is_set():
            self._say(f"{_names(changing.result())} changed: begins again")
        changing.cancel()
        interrupted.cancel()

    # ---- one life

    async def _live(self, loaded: LoadedBot) -> None:
        bot = loaded.make()
        team = self._settings.team
        name = team.name or ("" if team.api_key is not None else loaded.bot.__name__)
        client = await join(self._settings.url, structs.replace(team, name=name, role=team.role or loaded.bot.role))
        try:
            life = self._life = Life(bot, client, chance(), logging.getLogger(LOG))
            if self._interrupted.is_set():
                return
            async with status_shown(self._stderr, life.run):
                ended = await life.live(until_close=self._settings.until_close)
            show_summaries(printer(), [await summarised(client, life.run, ended)])
        finally:
            await client.close()
        self._life = None
        if life.trouble is not None:
            raise life.trouble
        if life.run.counts.failures and bot.after_error == "stop":
            last_line = life.run.counts.tracebacks[0].rstrip().rpartition("\n")[2]
            raise BotFailed(f"the bot has failed: {last_line}")


def _names(files: list[Path]) -> str:
    return ", ".join(path.name for path in files)
