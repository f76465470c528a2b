"""A second connection of a bot's team, without the client. It resumes at random places in the stream, and leaves."""

import asyncio
from contextlib import suppress
from random import Random
from typing import Final

from openoutcry.client.stream.connection import ConnectionEnded
from openoutcry.protocol.stream import CancelOnDisconnect, ClientMessage, Ping, Resume
from proofs.chaos.machine.process import Process
from proofs.chaos.parties.bot import Bot
from proofs.chaos.world import World

PAUSE_SECONDS: Final = 1.5
SILENCE_SECONDS: Final = 16.0


class Watcher:
    """Reads until it is ended. The observer of the bot's lines hears what it reads."""

    def __init__(self, world: World, bot: Bot, chance: Random) -> None:
        self._bot = bot
        self._chance = chance
        self._process = Process(f"watcher of {bot.name}", world.loop)

    def start(self) -> None:
        self._process.spawn(self._live())

    def die(self) -> None:
        self._process.kill()

    async def _live(self) -> None:
        while True:
            await asyncio.sleep(self._chance.expovariate(1 / PAUSE_SECONDS))
            if self._bot.memory.api_key is not None:
                with suppress(ConnectionEnded):
                    await self._watch(self._bot.memory.api_key)

    async def _watch(self, api_key: str) -> None:
        query = self._chance.choice(("", f"?after_seq={self._somewhere()}"))
        async with self._bot.lines.open(query, {"X-API-Key": api_key}) as line:
            for _ in range(self._chance.randint(1, 60)):
                await line.next_text(SILENCE_SECONDS)
                if self._chance.random() < 0.1:
                    await line.say(self._something())

    def _something(self) -> ClientMessage:
        guard = CancelOnDisconnect(enabled=self._chance.random() < 0.5, grace_seconds=self._chance.randint(0, 3))
        return self._chance.choice((Resume(after_seq=self._somewhere()), guard, Ping()))

    def _somewhere(self) -> int:
        """A place to resume from: mostly within the stream, sometimes beyond its end."""
        return self._chance.randint(0, (self._bot.memory.last_seq or 0) + 2)
