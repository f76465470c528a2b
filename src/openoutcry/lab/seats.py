"""A bot's place in a match: its team, its line, and its life from before the call until after the close."""

import asyncio
import logging
from typing import Final

from openoutcry.access.caller import Caller
from openoutcry.access.rate_limits import Buckets
from openoutcry.client.bot.counts import Counts
from openoutcry.client.bot.run import Run
from openoutcry.client.bot.summary import BotSummary, summary_of
from openoutcry.domain.identifiers import parse_team_id
from openoutcry.lab.chance import chance
from openoutcry.lab.entrants import NamedBot, NotPlayable
from openoutcry.lab.latency import LatencyModel
from openoutcry.lab.line import LabLine
from openoutcry.lab.transport import Transport
from openoutcry.lab.virtual_loop import VirtualLoop
from openoutcry.lab.virtual_time import VirtualTime
from openoutcry.operations import teams
from openoutcry.operations.own import account, pnl, score
from openoutcry.protocol.queries import PnlQuery
from openoutcry.runtime.exchange import Exchange

LOG: Final = "openoutcry.bot"
"""The name of the logger above those of the bots."""

STOP_SECONDS: Final = 60
"""Of virtual time that a bot's `on_stop` may take."""


class Seat:
    """A registered team and the run of its bot. Used within `loop.running()`."""

    def __init__(
        self,
        exchange: Exchange,
        time: VirtualTime,
        loop: VirtualLoop,
        buckets: Buckets,
        entrant: NamedBot,
        latency: LatencyModel,
        seed: int,
    ) -> None:
        """Registers the team. Raises `NotPlayable` if it may not be."""
        self.name: Final = entrant.name
        self.role, team_id = _registered(exchange, entrant)
        self.team_id: Final = parse_team_id(team_id)
        self._exchange = exchange
        self._time = time
        self._loop = loop
        own_latency = latency.of_team(chance(seed, self.name, "latency"))
        self._line = LabLine(exchange, time, self.team_id, buckets, own_latency)
        self._run = Run(entrant.bot, self._line, chance(seed, self.name, "bot"), self._log())
        self._run.on_stop_asked = self._stop
        self._line.receive = self._run.receive
        self._ending: asyncio.Task[None] | None = None

    @property
    def counts(self) -> Counts:
        return self._run.counts

    @property
    def stop_reason(self) -> str | None:
        """Why it ended before the match did."""
        return self._run.stop_reason

    def summary(self) -> BotSummary:
        """What it has come to."""
        ask = Transport(self._exchange, Caller(self.team_id)).ask
        mine = ask(account.show_account).data
        return summary_of(
            self._run,
            self.stop_reason or "the match has ended",
            None if mine is None else mine.account,
            ask(pnl.show_pnl, PnlQuery()).data,
            ask(score.show_score).data,
        )

    def begin(self) -> None:
        """Call `on_start`."""
        self._run.begin(self._line.standing())

    def end(self) -> None:
        """Call `on_stop`, unless the bot has ended already, and let time pass until it is done."""
        self._stop()
        assert self._ending is not None  # noqa: S101 - just made
        until = self._time.now() + STOP_SECONDS * 1_000_000
        self._time.run()
        while not self._ending.done() and self._time.now() < until and self._time.leap():
            pass
        if not self._ending.done():
            self._ending.cancel()
            self._time.run()
            self._run.log.error("on_stop was not done after %s seconds, and is ended", STOP_SECONDS)
        self._line.end()

    def _log(self) -> logging.Logger:
        """A logger of its own, which names the bot and the time of the market with each line."""
        parent = logging.getLogger(LOG)
        log = logging.Logger(f"{LOG}.{self.name}")  # noqa: LOG001 - several matches may have a bot of this name
        log.parent = parent

        def stamp(record: logging.LogRecord) -> bool:
            now = self._run.market_time
            record.msg = f"{self.name}{'' if now is None else f' {now:%H:%M:%S}'}: {record.msg}"
            return True

        log.addFilter(stamp)
        return log

    def _stop(self) -> None:
        if self._ending is None:
            self._ending = self._loop.create_task(self._run.end())


def _registered(exchange: Exchange, entrant: NamedBot) -> tuple[str, str]:
    """The role and the id of its team."""
    registration = exchange.scenario.registration
    role = entrant.role or registration.default_role
    if role not in registration.roles:
        raise NotPlayable(
            f"{entrant.name} cannot be a {role}: in scenario {exchange.scenario.name} a team is one of"
            f" {', '.join(registration.roles)}"
        )
    result = teams.register(exchange, entrant.name, role, None, None)
    if result.data is None:
        assert result.reject is not None  # noqa: S101 - one of the two
        raise NotPlayable(f"{entrant.name} cannot take part: {result.reject.message}")
    return role, result.data.team_id
