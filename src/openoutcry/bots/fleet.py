"""Runs the example bots together: registers a team for each, goes on after failures, and reports statistics."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Final

from msgspec import Struct

from openoutcry.bots.desk import Desk
from openoutcry.bots.market_maker import make_markets
from openoutcry.bots.market_view import MarketView
from openoutcry.bots.mean_reversion import revert_to_mean
from openoutcry.bots.momentum import follow_trends
from openoutcry.bots.option_maker import quote_options
from openoutcry.bots.retail import trade_at_random
from openoutcry.bots.statistics import BotStats
from openoutcry.bots.tracking_desk import trade_tracking_errors
from openoutcry.bots.volatility_fund import trade_forecasts
from openoutcry.client import (
    AsyncClient,
    OpenOutcryError,
    OutcomeUnknown,
    RefusedError,
    RegistrationRefusedError,
    StreamRefusedError,
    TransportError,
)
from openoutcry.protocol.responses import AccountData, PnlData

MAX_NAMES_TRIED: Final = 1_000
PAUSE_AFTER_FAILURE_SECONDS: Final = 1.0

GRACE_SECONDS: Final = 10
"""How long a bot may be away before its orders are cancelled."""

STOPPING_SECONDS: Final = 10.0
"""How long a bot may finish its current step after it is told to stop. Then it is cancelled."""

NO_BOT_LEFT: Final = (
    "no bot trades any more: the exchange refuses them. If it has begun anew, as `openoutcry practice` does each day,"
    " start them again, and they register there"
)

Strategy = Callable[[Desk], Awaitable[None]]
OnStats = Callable[[list[BotStats]], object]

_log = logging.getLogger("openoutcry.bots")


class Member(Struct, frozen=True):
    """One bot of the fleet. Its team is called `name`, with a number after it if that name is taken."""

    name: str
    role: str
    strategy: Strategy
    channels: tuple[str, ...] = ("top:*",)
    """What it reads beside session, instruments and prices of underlyings."""


STILL_FLEET: Final = (
    Member("Maker", "market_maker", make_markets, ("top:*", "trades:*")),
    Member("Momentum", "hedge_fund", follow_trends),
    Member("Reverter", "arbitrage_desk", revert_to_mean),
    Member("Retail-A", "retail", trade_at_random),
    Member("Retail-B", "retail", trade_at_random),
    Member("Retail-C", "retail", trade_at_random),
)
"""Bots that make a market of their own, where prices of underlyings stand still."""

GAME_FLEET: Final = (
    Member("Maker", "market_maker", quote_options, ("greeks:*",)),
    Member("Volatility", "hedge_fund", trade_forecasts, ("greeks:*",)),
    Member("Tracking", "arbitrage_desk", trade_tracking_errors, ("greeks:*",)),
    Member("Retail", "retail", trade_at_random),
)
"""A bot of each role of the game, for a simulated market: they trade by its theoretical values and signals."""

FLEETS: Final = {"game": GAME_FLEET, "still": STILL_FLEET}


class _Bot:
    def __init__(self, member: Member, api: AsyncClient, rng: Random, stop: asyncio.Event) -> None:
        self.member = member
        self.api = api
        self.rng = rng
        self.stop = stop
        self.stats = BotStats(
            name=member.name, strategy=member.strategy.__name__, role=member.role, team_id=api.team_id or ""
        )
        self.work: asyncio.Task[None] | None = None
        """Its trading, once it has begun."""
        api.on_execution_report(self.stats.count_fill)

    def start(self) -> asyncio.Task[None]:
        self.work = asyncio.create_task(self.trade(), name=f"bot {self.member.name}")
        return self.work

    async def trade(self) -> None:
        """Trade until it is time to stop, and go on after interruptions. Ends early if the exchange refuses the bot."""
        desk: Desk | None = None
        while not self.stop.is_set():
            try:
                if desk is None:
                    market = await MarketView.watch(self.api, self.member.channels)
                    await self.api.cancel_on_disconnect(grace_seconds=GRACE_SECONDS)
                    desk = Desk(self.api, market, self.rng, self.stats, self.stop)
                await self.member.strategy(desk)
            except StreamRefusedError as error:
                _log.error("%s stops: %s", self.member.name, error)
                return
            except (TransportError, OutcomeUnknown, RefusedError) as error:
                _log.warning("%s goes on in a moment: %s", self.member.name, error)
                await asyncio.sleep(PAUSE_AFTER_FAILURE_SECONDS)

    async def look(self) -> None:
        """Update the statistics, and stop trading if the exchange does not know the bot's key any more.

        The statistics stay the same while the exchange does not answer.
        """
        self.stats.positions = {name: held for name, held in self.api.orders.positions.items() if held}
        try:
            answer = await self.api.get_account()
        except TransportError:
            return
        if answer.error is None:
            self.stats.see_account(answer.data_as(AccountData).account)
        elif answer.error.code == "UNAUTHENTICATED" and self.work is not None and not self.work.done():
            _log.error("%s stops: %s", self.member.name, answer.error.message)
            self.work.cancel()

    async def leave(self) -> None:
        """Cancel all orders, update the statistics, and disconnect."""
        try:
            await self.api.mass_cancel()
            await self.look()
            explained = await self.api.get_pnl()
            if explained.error is None:
                self.stats.explained = explained.data_as(PnlData).total
        except (TransportError, OutcomeUnknown) as error:
            _log.warning("%s left without cancelling its orders: %s", self.member.name, error)
        finally:
            await self.api.close()


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
    the scenario does not offer is left out with a warning.
    Decisions depend on `seed` and on the market; timing varies. Raises `RegistrationRefusedError` if no bot is
    admitted, `OpenOutcryError` once all are refused, `NotConnectedError` if there is no exchange, and `OSError` or
    `ValueError` for keys that cannot be kept or used.
    """
    fleet = tuple(fleet)
    keys = None if key_directory is None else Path(key_directory)
    if keys is not None:
        keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    codes = {member.role: (role_codes or {}).get(member.role, join_code) for member in fleet}
    bots = await _register(base_url, seed, stop, codes, keys, fleet)
    await asyncio.gather(*(bot.look() for bot in bots))
    work = [bot.start() for bot in bots]
    stopping = asyncio.create_task(stop.wait())
    try:
        while not stopping.done():
            await asyncio.wait([stopping], timeout=stats_interval)
            await asyncio.gather(*(bot.look() for bot in bots))
            if on_stats is not None:
                on_stats([deepcopy(bot.stats) for bot in bots])
            _raise_failure(work)
            if all(task.done() for task in work) and not stop.is_set():
                raise OpenOutcryError(NO_BOT_LEFT)
        await asyncio.wait(work, timeout=STOPPING_SECONDS)
        _raise_failure(work)
    finally:
        for task in (*work, stopping):
            task.cancel()
        await asyncio.gather(*work, stopping, return_exceptions=True)
        await asyncio.gather(*(bot.leave() for bot in bots))
    return [bot.stats for bot in bots]


async def _register(
    base_url: str,
    seed: int,
    stop: asyncio.Event,
    codes: Mapping[str, str | None],
    keys: Path | None,
    fleet: Iterable[Member],
) -> list[_Bot]:
    bots: list[_Bot] = []
    refusal: RegistrationRefusedError | None = None
    try:
        for member in fleet:
            try:
                api = await _register_one(base_url, member, codes[member.role], keys)
            except RegistrationRefusedError as error:
                refusal = error
                _log.warning("%s (%s) does not take part: %s", member.name, member.role, error)
            else:
                bots.append(_Bot(member, api, Random(f"{seed}/{member.name}"), stop))  # noqa: S311 - no secret
    except BaseException:
        await asyncio.gather(*(bot.api.close() for bot in bots))
        raise
    if not bots:
        raise refusal or ValueError("the fleet has no member")
    return bots


async def _register_one(base_url: str, member: Member, join_code: str | None, keys: Path | None) -> AsyncClient:
    for number in range(1, MAX_NAMES_TRIED):
        name = member.name if number == 1 else f"{member.name} {number}"
        try:
            if keys is None:
                return await AsyncClient.register(base_url, name, role=member.role, join_code=join_code)
            return await AsyncClient.register_or_resume(
                base_url, name, key_file=keys / f"{name}.key", role=member.role, join_code=join_code
            )
        except RegistrationRefusedError as error:
            if error.code != "DUPLICATE_TEAM_NAME":
                raise
    raise RegistrationRefusedError(f"{MAX_NAMES_TRIED} teams are called {member.name}", "DUPLICATE_TEAM_NAME")


def _raise_failure(work: list[asyncio.Task[None]]) -> None:
    """Raise the first exception of a strategy, so that a bug ends the run."""
    for task in work:
        if task.done() and not task.cancelled() and (error := task.exception()) is not None:
            raise error
