"""What lives a bot's life in a match: a run in this process, or one in a process of its own."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from openoutcry.client.bot.bot import Bot
from openoutcry.client.bot.line import Line, Standing
from openoutcry.client.bot.run import Run
from openoutcry.client.bot.stuck.whereabouts import where_it_waits
from openoutcry.client.bot.summary import Lived
from openoutcry.client.events import decode_event
from openoutcry.lab.chance import chance
from openoutcry.lab.virtual.loop import VirtualLoop


class Player(Protocol):
    """It has a line to the exchange, and all that it does goes there. Used within `loop.running()`."""

    stop_reason: str | None
    """Why it is to end, or has ended, before the match does."""

    @property
    def is_over(self) -> bool:
        """Whether its life has ended."""

    def begin(self, standing: Standing) -> None:
        """Have the bot called `on_start`."""

    def arrive(self, messages: list[bytes]) -> None:
        """Take in messages of the stream, in JSON, that arrive together."""

    def end(self) -> None:
        """Have the bot called `on_stop` and its orders cancelled. It takes time; `is_over` says when it is done."""

    def give_up(self) -> None:
        """End it where it is."""

    @property
    def market_time(self) -> datetime | None:
        """As the bot knows it."""

    def lived(self) -> Lived:
        """What its life has come to."""

    def waits(self) -> str | None:
        """Which `async` handler has been waiting for long, since when, and where."""


class PlayerHere:
    """A bot in this process."""

    def __init__(
        self,
        bot: Bot,
        line: Line,
        loop: VirtualLoop,
        rng: str,
        log: logging.Logger,
        on_stop_asked: Callable[[], None],
    ) -> None:
        """`rng`: the seed of its random numbers."""
        self._run = Run(bot, line, chance(rng), log)
        self._run.on_stop_asked = self._stop_asked
        self._loop = loop
        self._on_stop_asked = on_stop_asked
        self._ending: asyncio.Task[None] | None = None
        self.stop_reason: str | None = None

    @property
    def is_over(self) -> bool:
        return self._ending is not None and self._ending.done()

    def begin(self, standing: Standing) -> None:
        self._run.begin(standing)

    def arrive(self, messages: list[bytes]) -> None:
        for message in messages:
            event = decode_event(message)
            if event is not None:
                self._run.receive(event)

    def end(self) -> None:
        self._ending = self._loop.create_task(self._run.end())

    def give_up(self) -> None:
        if self._ending is not None:
            self._ending.cancel()

    @property
    def market_time(self) -> datetime | None:
        return self._run.market_time

    def lived(self) -> Lived:
        return self._run

    def waits(self) -> str | None:
        return where_it_waits(self._run)

    def _stop_asked(self) -> None:
        self.stop_reason = self._run.stop_reason
        self._on_stop_asked()
