"""A bot's place in a match: its team, its line, and its life from before the call until after the close."""

import logging
from functools import cached_property
from typing import Final

from openoutcry.access.caller import Caller
from openoutcry.access.rate_limits import Buckets
from openoutcry.client.bot.bot import Bot
from openoutcry.client.bot.summary import BotSummary, Lived, summary_of
from openoutcry.domain.identifiers import parse_team_id
from openoutcry.lab.chance import chance
from openoutcry.lab.entrants import NamedBot, NotPlayable
from openoutcry.lab.isolation.player import IsolatedPlayer
from openoutcry.lab.isolation.process import BotProcess
from openoutcry.lab.lines.latency import LatencyModel
from openoutcry.lab.lines.line import LabLine
from openoutcry.lab.lines.transport import Transport
from openoutcry.lab.player import Player, PlayerHere
from openoutcry.lab.virtual.loop import VirtualLoop
from openoutcry.lab.virtual.time import VirtualTime
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
        own_latency = latency.of_team(chance(seed, self.name, "latency"))
        self._line = LabLine(exchange, time, self.team_id, buckets, own_latency)
        self._log: Final = self._logger()
        self._player: Final = self._player_of(entrant.bot, loop, f"{seed}/{self.name}/bot")
        self._line.receive = self._player.arrive
        self._ends = False

    @cached_property
    def lived(self) -> Lived:
        """What its life has come to. Asked for when it is over."""
        return self._player.lived()

    @property
    def stop_reason(self) -> str | None:
        """Why it ended before the match did."""
        return self._player.stop_reason

    def summary(self) -> BotSummary:
        """What it has come to."""
        ask = Transport(self._exchange, Caller(self.team_id)).ask
        mine = ask(account.show_account).data
        return summary_of(
            self.lived,
            self.stop_reason or "the match has ended",
            None if mine is None else mine.account,
            ask(pnl.show_pnl, PnlQuery()).data,
            ask(score.show_score).data,
        )

    def begin(self) -> None:
        """Call `on_start`."""
        self._player.begin(self._line.standing())

    def end(self) -> None:
        """Call `on_stop`, unless the bot has ended already, and let time pass until it is done."""
        waits = None if self._ends else self._player.waits()
        if waits is not None:
            self._log.warning("%s", waits)
        self._stop()
        until = self._time.now() + STOP_SECONDS * 1_000_000
        self._time.run()
        while not self._player.is_over and self._time.now() < until and self._time.leap():
            pass
        if not self._player.is_over:
            self._player.give_up()
            self._time.run()
            self._log.error("on_stop was not done after %s seconds, and is ended", STOP_SECONDS)
        self._line.end()

    def _logger(self) -> logging.Logger:
        """A logger of its own, which names the bot and the time of the market with each line."""
        parent = logging.getLogger(LOG)
        log = logging.Logger(f"{LOG}.{self.name}")  # noqa: LOG001 - several matches may have a bot of this name
        log.parent = parent

        def stamp(record: logging.LogRecord) -> bool:
            now = self._player.market_time
            record.msg = f"{self.name}{'' if now is None else f' {now:%H:%M:%S}'}: {record.msg}"
            return True

        log.addFilter(stamp)
        return log

    def _stop(self) -> None:
        if not self._ends:
            self._ends = True
            self._player.end()

    def _player_of(self, bot: Bot | BotProcess, loop: VirtualLoop, rng: str) -> Player:
        if isinstance(bot, BotProcess):
            return IsolatedPlayer(bot, self._line, self._time, rng, self._log, self._stop)
        return PlayerHere(bot, self._line, loop, rng, self._log, self._stop)


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
