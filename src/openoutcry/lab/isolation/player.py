"""A bot in a process of its own, as the exchange's process sees it."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sized
from datetime import datetime
from typing import Final, NamedTuple

from msgspec import MsgspecError

from openoutcry.client.bot.counts import Counts
from openoutcry.client.bot.line import CancelAll, Standing, TimerHandle, Verdict
from openoutcry.client.bot.summary import Lived
from openoutcry.lab.isolation.messages import (
    Action,
    Answered,
    Asked,
    Begin,
    End,
    Ended,
    Happening,
    Hearing,
    Logged,
    Messages,
    Report,
    Ring,
    Soon,
    Standings,
    StopAsked,
    Subscribed,
    TimerCancelled,
    TimerSet,
    Turn,
)
from openoutcry.lab.isolation.process import BotDied, BotProcess
from openoutcry.lab.isolation.questions import unpacked
from openoutcry.lab.lines.line import LabLine
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.protocol.responses import AccountInfo


class _Lived(NamedTuple):
    counts: Counts
    account: AccountInfo
    positions: Mapping[str, int]
    orders: Sized


class IsolatedPlayer:
    """Lives the bot's life turn by turn: what happens to it goes to its process, and what it did comes back.

    If its process ends before its life does, its orders are cancelled, and `stop_reason` says why.
    """

    def __init__(
        self,
        process: BotProcess,
        line: LabLine,
        time: VirtualTime,
        rng: str,
        log: logging.Logger,
        on_stop_asked: Callable[[], None],
    ) -> None:
        self.log: Final = log
        self.stop_reason: str | None = None
        self.market_time: datetime | None = None
        """When it last logged something."""
        self.is_over = False
        """Whether its life has ended."""
        self._process = process
        self._line = line
        self._time = time
        self._rng = rng
        self._on_stop_asked = on_stop_asked
        self._timers: dict[int, TimerHandle] = {}
        self._is_dead = False
        self._standing: Standing
        self._counts = Counts()

    # ---- its life

    def begin(self, standing: Standing) -> None:
        """Have it called `on_start`."""
        self._standing = standing
        level = self.log.getEffectiveLevel()
        self._turn(Begin(standing, self._line.order_prefix, self._rng, level), is_alone=False)

    def arrive(self, messages: list[bytes]) -> None:
        """Take in messages that arrive together."""
        self._counts.messages += len(messages)
        self._turn(Messages(messages))

    def end(self) -> None:
        """Have it called `on_stop` and cancel its orders. `is_over` once that is done."""
        self._turn(End(), is_alone=False)

    def give_up(self) -> None:
        """End it where it is."""
        self._process.end()
        self._is_dead = self.is_over = True

    def lived(self) -> Lived:
        """Of one whose process has died, what can be known."""
        reply = self._turn(Report(), is_alone=False)
        account = self._standing.account
        if reply is None:
            now = self._line.standing()
            return _Lived(self._counts, account, now.positions, now.orders)
        counts = Counts(**reply.counts | {"refusals": Counter(reply.counts["refusals"])})
        return _Lived(counts, account, reply.positions, range(reply.open_orders))

    def waits(self) -> str | None:
        reply = self._turn(Report(), is_alone=False)
        return None if reply is None else reply.waits

    # ---- turns

    def _turn(self, happening: Happening, *, is_alone: bool | None = None) -> Standings | None:
        if self._is_dead:
            return None
        alone = not self._time.has_ready if is_alone is None else is_alone
        try:
            reply = self._process.turn(Turn(self._time.now(), alone, happening))
            for action in reply.actions:
                self._do(action)
        except BotDied as died:
            self._died(str(died))
            return None
        except (MsgspecError, TypeError, KeyError, AttributeError) as error:
            self._died(f"what it asked is none of this protocol ({error})")
            return None
        self._counts.fills, self._counts.contracts, self._counts.failures = reply.counted
        return reply.report

    def _do(self, action: Action) -> None:
        match action:
            case Asked(number, question):
                self._counts.asked += 1
                self._line.ask(unpacked(question), lambda verdict: self._answered(number, verdict))
            case TimerSet(number, seconds):
                self._timers[number] = self._line.call_later(seconds, lambda: self._ring(number))
            case TimerCancelled(number):
                timer = self._timers.pop(number, None)
                if timer is not None:
                    timer.cancel()
            case Soon(number):
                self._time.call_soon(lambda: self._ring(number))
            case Subscribed(channels):
                self._line.subscribe(channels)
            case Logged(level, text, at):
                self.market_time = None if at is None else datetime.fromisoformat(at)
                self.log.log(level, "%s", text)
            case StopAsked(reason):
                self.stop_reason = reason
                self._on_stop_asked()
            case Ended():
                self.is_over = True
            case Hearing():
                pass

    def _answered(self, number: int, verdict: Verdict) -> None:
        if verdict.error is not None:
            self._counts.refusals[verdict.error.code] += 1
        self._turn(Answered(number, verdict))

    def _ring(self, number: int) -> None:
        self._timers.pop(number, None)
        self._turn(Ring(number))

    # ---- its death

    def _died(self, what: str) -> None:
        self._is_dead = self.is_over = True
        self.stop_reason = f"{what}, at {self._line.market_time()}" if self._line.market_time() else what
        self.market_time = None  # it is told in the line itself
        self.log.error("is ended, and its orders are cancelled: %s", self.stop_reason)
        self._counts.failures += 1
        self._counts.tracebacks.append(self.stop_reason)
        self._process.end()
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._cancel_orders()

    def _cancel_orders(self) -> None:
        """After all that it still had on its way."""

        def answered(verdict: Verdict) -> None:
            if verdict.retry_after is not None:
                self._line.call_later(verdict.retry_after, self._cancel_orders)

        self._line.ask(CancelAll(), answered)
