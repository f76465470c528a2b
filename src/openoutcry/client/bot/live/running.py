"""Runs a bot on a live exchange from a script or a notebook, without the command line."""

import asyncio
import logging
import os
import secrets
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from types import FrameType
from typing import Final, TypeVar

from openoutcry.client.asynchronous import AsyncClient
from openoutcry.client.bot.bot import Bot
from openoutcry.client.bot.files.namespace import is_importing
from openoutcry.client.bot.live.joining import Team, join
from openoutcry.client.bot.live.life import Life
from openoutcry.client.bot.live.logs import LOG, logs_shown
from openoutcry.client.bot.run import Run
from openoutcry.client.bot.summary import BotSummary, summary_of
from openoutcry.client.errors import OpenOutcryError
from openoutcry.client.http.response import Response
from openoutcry.client.settings import Entropy
from openoutcry.protocol.responses import AccountData, PnlData, PositionsData, ScoreData

T = TypeVar("T")

_SIGNALS: Final = tuple(
    signal.Signals[name] for name in ("SIGINT", "SIGTERM", "SIGHUP") if name in signal.Signals.__members__
)


def run(
    bot: type[Bot] | Bot,
    url: str,
    *,
    name: str | None = None,
    role: str | None = None,
    join_code: str | None = None,
    key_file: str | os.PathLike[str] | None = None,
    api_key: str | None = None,
    until_close: bool = False,
) -> BotSummary:
    """Run a bot on the exchange at `url`, until it stops itself, Ctrl-C or SIGTERM. Its orders are cancelled then.

        if __name__ == "__main__":
            print(openoutcry.run(MyBot, "http://127.0.0.1:8000", name="my team"))

    `bot` is its class, or an object of it, from which what it has gathered can be read afterwards.

    It trades as the team `name` (None: the name of its class), which is registered in `role` (None: the bot's own) if
    there is no key for it yet. The key is kept in `key_file`, by default in `NAME.key` in the working directory, and
    makes the bot the same team the next time. With an `api_key`, it is that key's team. `until_close` ends it with the
    session. Returns what it has come to. The exchange may be restarted meanwhile: the bot goes on when it is back.

    Its log is shown on stderr from level `info`, unless the program has configured `logging` for it.

    Raises `OpenOutcryError` if the bot cannot begin, such as `NotConnectedError` or `RegistrationRefusedError`. In a
    notebook, `await openoutcry.run_async(...)` takes the same arguments.
    """
    if is_importing.get():
        raise RuntimeError(
            'the file is being imported: `openoutcry.run(...)` belongs under `if __name__ == "__main__":`'
        )
    return asyncio.run(
        run_async(
            bot,
            url,
            name=name,
            role=role,
            join_code=join_code,
            key_file=key_file,
            api_key=api_key,
            until_close=until_close,
        )
    )


async def run_async(
    bot: type[Bot] | Bot,
    url: str,
    *,
    name: str | None = None,
    role: str | None = None,
    join_code: str | None = None,
    key_file: str | os.PathLike[str] | None = None,
    api_key: str | None = None,
    until_close: bool = False,
) -> BotSummary:
    """The same as `run` in a loop that runs already. Cancelling its task ends the bot less well: its orders are left to
    the exchange, which cancels them some seconds later.
    """
    made = bot() if isinstance(bot, type) else bot
    team = Team(
        name=name or ("" if api_key is not None else type(made).__name__),
        role=role or made.role,
        join_code=join_code,
        key_file=None if key_file is None else Path(key_file),
        api_key=api_key,
    )
    client = await join(url, team)
    try:
        life = Life(made, client, chance(), logging.getLogger(LOG))
        with logs_shown(), signals_caught(life.stop):
            ended = await life.live(until_close=until_close)
        return await summarised(client, life.run, ended)
    finally:
        await client.close()


def chance(entropy: Entropy = secrets.token_bytes) -> Random:
    """A bot's random numbers on a live exchange."""
    return Random(entropy(16))  # noqa: S311 - of decisions, and not of secrets


async def summarised(client: AsyncClient, run: Run, ended: str) -> BotSummary:
    """What the bot has come to, with what the exchange still tells of it."""
    try:
        account = (await client.get_account()).data_as(AccountData).account
        positions = (await client.get_positions()).data_as(PositionsData).positions
        pnl, score = await client.get_pnl(), await client.get_score()
    except OpenOutcryError:
        return summary_of(run, ended, None, None, None)
    return summary_of(run, ended, account, _told(pnl, PnlData), _told(score, ScoreData), positions)


def _told(answer: Response, kind: type[T]) -> T | None:
    return answer.data_as(kind) if answer.success else None


@contextmanager
def signals_caught(stop: Callable[[str], None], caught: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Around a bot: Ctrl-C, SIGTERM or SIGHUP calls `stop` in the running loop, with the reason. A second one raises
    `KeyboardInterrupt` in the code that runs then, which may be a handler that never returns. `caught` is called in the
    midst of whatever runs, at the first.

    Outside the main thread signals are left alone.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop, count = asyncio.get_running_loop(), 0

    def come(number: int, _frame: FrameType | None) -> None:
        nonlocal count
        count += 1
        if count > 1:
            raise KeyboardInterrupt
        caught()
        loop.call_soon_threadsafe(stop, "Ctrl-C" if number == signal.SIGINT else signal.Signals(number).name)

    before = {
        number: signal.signal(number, come) for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
