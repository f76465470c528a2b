"""The program of a bot's process: it loads the bot, and lives its life turn by turn, as the exchange's process says."""

import logging
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec

from openoutcry.client.bot.bot import Bot
from openoutcry.client.bot.files.loading import BotFileError, load_bot_file
from openoutcry.client.bot.run import Run
from openoutcry.client.bot.stuck.whereabouts import where_it_waits
from openoutcry.client.events import decode_event
from openoutcry.lab.chance import chance
from openoutcry.lab.isolation.distant_line import DistantLine
from openoutcry.lab.isolation.distant_time import DistantTime
from openoutcry.lab.isolation.doing import Note
from openoutcry.lab.isolation.forbidden import NotAllowed, forbid
from openoutcry.lab.isolation.limits import Limits, keep_to
from openoutcry.lab.isolation.messages import (
    Action,
    Answered,
    Begin,
    End,
    Ended,
    Happening,
    Hearing,
    Logged,
    Messages,
    Ready,
    Reply,
    Report,
    Ring,
    Standings,
    Start,
    StopAsked,
    Turn,
    Unusable,
)
from openoutcry.lab.isolation.output import Output, TellingHandler
from openoutcry.lab.isolation.pipe import PIPE_CLOSED, Closed, Pipe
from openoutcry.lab.isolation.shifted_clock import shift_clocks
from openoutcry.lab.virtual.loop import VirtualLoop

_encode: Final = msgspec.msgpack.Encoder().encode


class _IsolatedRun(Run):
    """A run that notes the handler it is in, and that ends at a limit whatever the bot would do after an error."""

    note: Note
    limits: Limits
    _doing: str | None = None

    @property
    def doing(self) -> str | None:
        return self._doing

    @doing.setter
    def doing(self, handler: str | None) -> None:
        self._doing = handler
        self.note.write(handler)

    def _failed(self, name: str, error: BaseException) -> None:
        if isinstance(error, NotAllowed):
            self.stop(f"{name} raised NotAllowed: {error}")
        elif isinstance(error, MemoryError):
            self.stop(f"{name} has met the limit of {self.limits.memory_mb:,} MB of memory")
        super()._failed(name, error)


class _Life:
    """One bot, from its first turn on."""

    def __init__(
        self,
        bot: Bot,
        reply: Reply,
        log: logging.Logger,
        name_run: Callable[[Run], None],
        note: Note,
        limits: Limits,
    ) -> None:
        """`reply`: to which everything that it does is added."""
        self._reply = reply
        self._hears: int | None = None
        """The place of the message that the bot is being told, if nothing that it did then was told yet."""
        self._bot = bot
        self._log = log
        self._name_run = name_run
        self._note = note
        self._limits = limits
        self._time = DistantTime(self._tell)
        self._loop = VirtualLoop(self._time)  # type: ignore[abstract]  # what it lacks raises, as its docstring says
        self._line: DistantLine
        self._run: Run

    def turn(self, turn: Turn) -> None:
        self._time.begin(turn.time, is_alone=turn.is_alone)
        with self._loop.running():
            self._happens(turn.happening)
            self._time.run()
        counts = self._run.counts
        self._reply.counted = (counts.fills, counts.contracts, counts.failures)

    def _happens(self, happening: Happening) -> None:
        match happening:
            case Messages(messages):
                for place, message in enumerate(messages):
                    self._hears = place
                    event = decode_event(message)
                    if event is not None:
                        self._run.receive(event)
                self._hears = None
            case Answered(number, verdict):
                self._line.answer(number, verdict)
            case Ring(number):
                self._time.ring(number)
            case Begin():
                self._begin(happening)
            case End():
                ending = self._loop.create_task(self._run.end())
                ending.add_done_callback(lambda _: self._tell(Ended()))
            case Report():
                counts: dict[str, Any] = msgspec.to_builtins(self._run.counts)
                self._reply.report = Standings(
                    counts=counts,
                    positions=self._run.positions,
                    open_orders=len(self._run.orders),
                    waits=where_it_waits(self._run),
                )

    def _begin(self, begin: Begin) -> None:
        self._log.setLevel(begin.log_level)
        self._line = DistantLine(self._time, begin.order_prefix, self._tell)
        _IsolatedRun.note, _IsolatedRun.limits = self._note, self._limits
        self._run = run = _IsolatedRun(self._bot, self._line, chance(begin.rng), self._log)
        run.on_stop_asked = self._stop_asked
        self._name_run(run)
        run.begin(begin.standing)

    def _tell(self, action: Action) -> None:
        actions = self._reply.actions
        if self._hears is not None:
            actions.append(Hearing(self._hears))
            self._hears = None
        actions.append(action)

    def _stop_asked(self) -> None:
        self._tell(StopAsked(self._run.stop_reason or ""))
        self._time.company_comes()


def main() -> None:
    pipe = _own_pipe()
    note = Note(Path.cwd(), is_new=False)
    pipe.send(b"")  # from here on the bot is waited for, and no longer the interpreter
    start = msgspec.msgpack.decode(pipe.receive(), type=Start)
    reply = Reply()
    log, name_run = _log_of(reply)
    keep_to(start.limits)
    forbid(start.hidden)
    if start.clock_shift_seconds:
        shift_clocks(start.clock_shift_seconds)
    note.write("import")
    try:
        bot = load_bot_file(start.bot).make()
    except BotFileError as error:
        pipe.send(_encode(Unusable(str(error))))
        return
    kind = type(bot)
    note.write(None)
    pipe.send(_encode(Ready(kind.__name__, kind.role, sys.modules[kind.__module__].__file__ or "")))
    life = _Life(bot, reply, log, name_run, note, start.limits)
    decode = msgspec.msgpack.Decoder(Turn).decode
    while True:
        life.turn(decode(pipe.receive()))
        pipe.send(_encode(reply))
        reply.actions.clear()
        reply.report = None


def _own_pipe() -> Pipe:
    """The pipe that this process was started with. What the bot's code reads from stdin is empty."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - not on every system

        for descriptor in (0, 1):
            msvcrt.setmode(descriptor, os.O_BINARY)
    pipe = Pipe(os.dup(0), os.dup(1))
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    return pipe


def _log_of(reply: Reply) -> tuple[logging.Logger, Callable[[Run], None]]:
    """What the bot logs and prints is told in `reply`, with the market time that the run sees which is named later."""
    runs: list[Run] = []

    def tell(level: int, text: str) -> None:
        reply.actions.append(Logged(level, text, runs[0].market_time_text if runs else None))

    log = logging.getLogger("bot")
    log.propagate = False
    log.addHandler(TellingHandler(tell))
    sys.stdout = sys.stderr = Output(tell)
    sys.excepthook = lambda *error: traceback.print_exception(*error, file=sys.__stderr__)
    return log, runs.append


if __name__ == "__main__":
    try:
        main()
    except Closed:
        os._exit(PIPE_CLOSED)
