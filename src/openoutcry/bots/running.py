"""Runs example bots together on a live exchange: a team for each, statistics while they trade, and a good end."""

import asyncio
import logging
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from msgspec import structs

from openoutcry.bots.fleet import STILL_FLEET, Member
from openoutcry.bots.statistics import BotStats
from openoutcry.client import (
    AsyncClient,
    OpenOutcryError,
    OutcomeUnknown,
    RefusedError,
    RegistrationRefusedError,
    TransportError,
)
from openoutcry.client.bot.live.joining import Team, join
from openoutcry.client.bot.live.life import Life
from openoutcry.client.bot.live.running import summarised
from openoutcry.protocol.responses import AccountData

MAX_NAMES_TRIED: Final = 1_000
PAUSE_AFTER_FAILURE_SECONDS: Final = 1.0

STOPPING_SECONDS: Final = 10.0
"""How long a bot may take to cancel its orders after it is told to stop. Then it is cancelled."""

NO_BOT_LEFT: Final = (
    "no bot trades any more: the exchange refuses them. If it has begun anew, as `openoutcry practice` does each day,"
    " start them again, and they register there"
)

OnStats = Callable[[list[BotStats]], object]

_log = logging.getLogger("openoutcry.bots")


async def run_bots(
    base_url: str,
    *,
    seed: int,
    stop: asyncio.Event,
    on_stats: OnStats | None = None,
    stats_interval: float = 1.0,
    join_code: str | None = None,
    role_codes: Mapping[str, str] | None = None,
    key_directory: str | os.PathLike[str] | None = None,
    fleet: Iterable[Member] = STILL_FLEET,
) -> list[BotStats]:
    """Register every member of the fleet, let them trade until `stop` is set, and return the final statistics.

    `role_codes`: join codes of roles that have their own. Each bot keeps its team's key in the `key_directory`, if
    there is one, and is the same team at its next start. The directory is made if it is missing. A member whose role
    the scenario does not offer is left out with a warning. Restarts of the exchange interrupt nothing.
    Decisions depend on `seed` and on the market; timing varies. Raises `RegistrationRefusedError` if no bot is
    admitted, `OpenOutcryError` for a bot that fails and once the exchange refuses all, `NotConnectedError` if there is
    no exchange, and `CannotJoin` or `OSError` for keys that cannot be kept or used.
    """
    codes = role_codes or {}
    async with AsyncExitStack() as stack:
        keys = _made(stack.enter_context(TemporaryDirectory()) if key_directory is None else key_directory)
        places: list[_Place] = []
        refusal: RegistrationRefusedError | None = None
        for member in fleet:
            try:
                client = await _join(base_url, member, codes.get(member.role or "", join_code), keys)
            except RegistrationRefusedError as error:
                refusal = error
                _log.warning("%s (%s) does not take part: %s", member.name, member.role, error)
            else:
                stack.push_async_callback(client.close)
                places.append(_Place(member, client, seed))
        if not places:
            raise refusal or ValueError("the fleet has no member")
        return await _trade(places, stop, on_stats, stats_interval)


def _made(directory: str | os.PathLike[str]) -> Path:
    path = Path(directory)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


async def _join(base_url: str, member: Member, join_code: str | None, keys: Path) -> AsyncClient:
    for number in range(1, MAX_NAMES_TRIED):
        name = member.name if number == 1 else f"{member.name} {number}"
        team = Team(name=name, role=member.role, join_code=join_code, key_file=keys / f"{name}.key")
        try:
            return await join(base_url, team)
        except RegistrationRefusedError as error:
            if error.code != "DUPLICATE_TEAM_NAME":
                raise
    raise RegistrationRefusedError(f"{MAX_NAMES_TRIED} teams are called {member.name}", "DUPLICATE_TEAM_NAME")


async def _trade(
    places: list["_Place"], stop: asyncio.Event, on_stats: OnStats | None, stats_interval: float
) -> list[BotStats]:
    await asyncio.gather(*(place.look() for place in places))
    work = [asyncio.create_task(place.trade(), name=f"bot {place.name}") for place in places]
    stopping = asyncio.create_task(stop.wait())
    try:
        while not stopping.done():
            await asyncio.wait([stopping], timeout=stats_interval)
            stats = await asyncio.gather(*(place.look() for place in places))
            if on_stats is not None:
                on_stats(stats)
            for place in places:
                place.raise_failure()
            if all(task.done() for task in work) and not stop.is_set():
                raise OpenOutcryError(NO_BOT_LEFT)
    finally:
        stopping.cancel()
        for place in places:
            place.stop()
        await asyncio.wait(work, timeout=STOPPING_SECONDS)
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
    for place in places:
        place.raise_failure()
    return await asyncio.gather(*(place.final() for place in places))


class _Place:
    """One bot of the fleet, and its team."""

    def __init__(self, member: Member, client: AsyncClient, seed: int) -> None:
        self.name: Final = member.name
        self._bot = member.bot
        self._client = client
        self._rng = Random(f"{seed}/{member.name}")  # noqa: S311 - of decisions, and not of secrets
        self._log = _log.getChild(member.name)
        self._log.setLevel(logging.ERROR)  # refusals are counted in the statistics
        self._must_stop = asyncio.Event()
        self._life = self._new_life()
        self._stats = BotStats(name=member.name, role=member.role or "", team_id=client.team_id or "")
        self._start: float | None = None
        """Equity when the bot began."""

    def _new_life(self) -> Life:
        return Life(self._bot(), self._client, self._rng, self._log)

    async def trade(self) -> None:
        """Trade until told to stop. Ends early if the exchange refuses the bot."""
        while not self._must_stop.is_set():
            try:
                ended = await self._life.live()
            except (TransportError, OutcomeUnknown, RefusedError) as error:  # it could not begin
                _log.warning("%s goes on in a moment: %s", self.name, error)
                await asyncio.sleep(PAUSE_AFTER_FAILURE_SECONDS)
                self._life = self._new_life()
            else:
                if not self._must_stop.is_set():
                    _log.error("%s stops: %s", self.name, ended)
                return

    def stop(self) -> None:
        self._must_stop.set()
        self._life.stop("the fleet stops")

    def raise_failure(self) -> None:
        """Raise if a handler has failed, so that a bug ends the run."""
        counts = self._life.run.counts
        if counts.failures:
            last_line = counts.tracebacks[0].rstrip().rpartition("\n")[2]
            raise OpenOutcryError(f"the bot {self.name} has failed: {last_line}")

    async def look(self) -> BotStats:
        """How the bot stands. Its money stays the same while the exchange does not answer."""
        run = self._life.run
        stats = structs.replace(
            self._stats,
            requests=run.counts.asked,
            refusals=run.counts.refusals.total(),
            fills=run.counts.fills,
            contracts=run.counts.contracts,
            positions=dict(run.positions),
        )
        answer = None
        with suppress(TransportError):
            answer = await self._client.get_account()
        if answer is not None and answer.error is None:
            account = answer.data_as(AccountData).account
            self._start = account.equity if self._start is None else self._start
            profit = account.equity - self._start
            stats = structs.replace(stats, open_orders=account.open_orders, equity=account.equity, profit=profit)
        self._stats = stats
        return stats

    async def final(self) -> BotStats:
        """How it has ended, with its P&L explained if the exchange still tells it."""
        summary = await summarised(self._client, self._life.run, "")
        return structs.replace(await self.look(), explained=summary.explained)
