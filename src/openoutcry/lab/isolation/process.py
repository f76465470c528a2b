"""A bot's process: how it is started, spoken with, and ended, and what it died of."""

import os
import re
import signal
import site
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from importlib.util import cache_from_source
from pathlib import Path
from typing import IO, Final

import msgspec

from openoutcry.client.bot.stuck.whereabouts import place_in_dump
from openoutcry.lab.isolation.doing import Note
from openoutcry.lab.isolation.limits import HAS_SYSTEM_LIMITS, Limits
from openoutcry.lab.isolation.messages import Hello, Ready, Reply, Start, Turn, Unusable
from openoutcry.lab.isolation.pipe import PIPE_CLOSED, Closed, Pipe
from openoutcry.lab.isolation.timekeeper import Timekeeper
from openoutcry.lab.isolation.trail import Trail

_ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")
_KEPT: Final = ("PATH", "PYTHONPATH", "SYSTEMROOT", "LANG", "LC_ALL")
START_SECONDS: Final = 120.0
"""What the interpreter may take to start on a busy machine."""
_SHOWN: Final = 2_000
"""How much is shown of what a process has left when it died, in characters."""
_GRACE_SECONDS: Final = 5.0
_LOOKS: Final = 500


class BotUnusable(Exception):  # noqa: N818 - named for what it means
    """The process has no bot; the text says why."""


class BotDied(Exception):  # noqa: N818 - named for what it means
    """The bot's process is no more; the text says of what it died, and in which handler."""


class BotProcess:
    """One bot in a process of its own. Nothing is left of it after `end`."""

    def __init__(
        self,
        bot: str,
        limits: Limits,
        timekeeper: Timekeeper,
        *,
        hidden: Iterable[Path] = (),
        hash_seed: int = 0,
        clock_shift_seconds: float = 0.0,
    ) -> None:
        """Start it, and wait until the bot is loaded. `bot`: its file, with `:Name` if it defines several.

        `hidden`: files and folders that it may not read. Raises `BotUnusable`.
        """
        self.trail: Trail | None = None
        """Where its life is noted."""
        self._limits = limits
        self._timekeeper = timekeeper
        self._folder = tempfile.TemporaryDirectory(prefix="openoutcry-bot-", ignore_cleanup_errors=True)
        folder = Path(self._folder.name)
        self._note = Note(folder, is_new=True)
        self._left: Final[IO[bytes]] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by end()
        self._files = frozenset[str]()
        self._is_late = False
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-B", "-m", "openoutcry.lab.isolation.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._left,
            cwd=folder,
            env=_environment(folder, hash_seed),
            bufsize=0,
            start_new_session=True,
        )
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101, PT018 - as asked for
        self._pipe = Pipe(self._process.stdout.fileno(), self._process.stdin.fileno())
        self._encode: Final = msgspec.msgpack.Encoder().encode
        self._decode: Final = msgspec.msgpack.Decoder(Reply).decode
        try:
            self.ready = self._greet(Start(_absolute(bot), limits, _real(hidden), clock_shift_seconds))
        except BaseException:
            self.end()
            raise
        self._files = frozenset([self.ready.file])

    def turn(self, turn: Turn) -> Reply:
        """Have the bot live this turn. Raises `BotDied`."""
        try:
            reply: Reply = self._decode(self._said(self._encode(turn)))
        except (Closed, msgspec.MsgspecError) as error:
            raise BotDied(self._what_it_died_of(error)) from None
        if self.trail is not None:
            self.trail.note(turn, reply)
        return reply

    def end(self) -> None:
        """End the process, and what it may have started. Can be called again."""
        process = self._process
        self._kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()
        self._note.close()
        self._left.close()
        self._folder.cleanup()

    # ---- speaking with it

    def _greet(self, start: Start) -> Ready:
        try:
            with self._timekeeper.allowing(START_SECONDS, self._too_late):
                self._pipe.receive()
            hello: Hello = msgspec.msgpack.decode(self._said(self._encode(start)), type=Hello)
        except (Closed, msgspec.MsgspecError) as error:
            raise BotUnusable(f"{start.bot}: {self._what_it_died_of(error)}") from None
        if isinstance(hello, Unusable):
            raise BotUnusable(hello.text)
        return hello

    def _said(self, message: bytes) -> bytes:
        with self._timekeeper.allowing(self._limits.turn_seconds, self._too_late):
            self._pipe.send(message)
            return self._pipe.receive()

    # ---- its end

    def _too_late(self) -> None:
        """Called in another thread, while this one waits for the bot."""
        self._is_late = True
        if HAS_SYSTEM_LIMITS:
            before = self._size_left()
            os.kill(self._process.pid, signal.SIGUSR1)  # faulthandler writes where it is
            never = threading.Event()
            for _ in range(_LOOKS):
                if self._size_left() != before:
                    break
                never.wait(_GRACE_SECONDS / _LOOKS)
        self._kill()

    def _size_left(self) -> int:
        return os.fstat(self._left.fileno()).st_size

    def _kill(self) -> None:
        if self._process.poll() is None:
            if HAS_SYSTEM_LIMITS:
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def _what_it_died_of(self, error: Exception) -> str:
        try:
            code = self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._kill()
            self._process.wait()
            code = PIPE_CLOSED
        self._left.seek(0)
        left = self._left.read().decode(errors="replace").strip()
        handler = self._note.read()
        place = place_in_dump(left, self._files)
        where = ("" if handler is None else f" in {handler}") + ("" if place is None else f", at {place}")
        limits = self._limits
        if self._is_late:
            return f"it took longer than the {limits.turn_seconds:g} seconds of a turn{where}"
        if code == PIPE_CLOSED:
            return f"it closed its pipe, or said what is none of this protocol ({error}){where}"
        if code == -signal.SIGXCPU if HAS_SYSTEM_LIMITS else False:
            return f"it used more than the {limits.cpu_seconds:,} seconds of processor time that it has{where}"
        what = (
            f"it ended its process, with exit code {code}{where}" if code >= 0 else f"{_signal(code)} ended it{where}"
        )
        if re.search(r"^MemoryError|^Fatal Python error.*memory|Cannot allocate memory", left, re.MULTILINE):
            return f"it met the limit of {limits.memory_mb:,} MB of memory{where}"
        return what + (f". It left: {left[-_SHOWN:]}" if left and place is None else "")


def _signal(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _absolute(bot: str) -> str:
    return os.path.abspath(bot)  # noqa: PTH100 - links are followed where the file is loaded


def _real(hidden: Iterable[Path]) -> tuple[str, ...]:
    """These paths without links, each module with its bytecode."""
    real = [path.resolve() for path in hidden]
    return (*map(str, real), *(cache_from_source(path) for path in real if path.suffix == ".py"))


def _environment(folder: Path, hash_seed: int) -> dict[str, str]:
    """What Python needs to run, and nothing that the bot could look into."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    if site.ENABLE_USER_SITE:
        environment["PYTHONUSERBASE"] = site.getuserbase()
    for name in ("HOME", "TMPDIR", "TEMP", "TMP"):
        environment[name] = str(folder)
    return environment | dict.fromkeys(_ONE_THREAD, "1") | {"PYTHONHASHSEED": str(hash_seed)}
