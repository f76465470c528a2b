"""`openoutcry serve` as a process on one data directory and at one port: started, killed, started anew, ended."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.exchange import Durability

START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 120.0
HOST: Final = "127.0.0.1"
OPENOUTCRY: Final = ("-m", "openoutcry")
POLL_SECONDS: Final = 0.005
ROOT: Final = Path(__file__).resolve().parents[1]
"""Where `-m` finds `proofs`."""

_STATE_HASH: Final = re.compile(r"\bstate(?: hash)?\s+([0-9a-f]{64})")


class ServerFailed(Exception):  # noqa: N818 - what happened, named
    """The process failed; the text holds what it printed."""


async def until(condition: Callable[[], bool], what: str, *, seconds: float = START_SECONDS) -> None:
    """Wait until `condition()` is true. Raises `ServerFailed` if it never is."""
    try:
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110 - it is another process's
                await asyncio.sleep(POLL_SECONDS)
    except TimeoutError:
        raise ServerFailed(f"in {seconds:g} seconds it did not happen that {what}") from None


@contextmanager
def reserved_port() -> Iterator[int]:
    """A port for servers that come and go.

    Without it, a bot that connects while no server runs could get this port for its own end and connect to itself. The
    port is bound here and never listened on, so no connection gets it. The server can still listen on it (Linux).
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind((HOST, 0))
        yield holder.getsockname()[1]


class ServerProcess:
    """One life at a time, counted. As a context manager it leaves no process behind."""

    def __init__(
        self,
        scenario: str,
        data: Path,
        port: int,
        durability: Durability,
        *options: str,
        launcher: Sequence[str] = OPENOUTCRY,
    ) -> None:
        """`launcher`: arguments of Python in place of `-m openoutcry`."""
        self.data = data
        self.port = port
        self.url = f"http://{HOST}:{port}"
        self.lives = 0
        self._command = [sys.executable, *launcher, "serve", "--scenario", scenario, "--data", str(data.resolve())]
        self._command += ["--port", str(port), "--durability", durability, *options]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self.lose_machine()

    @property
    def pid(self) -> int:
        return self._running.pid

    @property
    def output(self) -> str:
        """What it has printed in its present life, or its last."""
        return self._log.read_text(errors="replace")

    def start(self) -> None:
        """Start the server; see `is_up` and `is_recovering`."""
        assert self._process is None, "one life at a time"  # noqa: S101
        self.lives += 1
        self.data.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("wb") as log:
            # A group of its own, with whatever it starts in turn.
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True, cwd=ROOT
            )

    async def is_up(self, *, seconds: float = START_SECONDS) -> None:
        """Return when it listens, within so many seconds. Raises `ServerFailed`."""
        await self._until(lambda: "listening on" in self.output, "it listens", seconds=seconds)

    async def is_recovering(self) -> None:
        """Return when it has locked its directory, and is recovering from it. Raises `ServerFailed`."""
        lock, mark = DataDirectory(self.data).lock, f"{self.pid}\n"
        await self._until(lambda: lock.exists() and lock.read_text() == mark, "it takes its directory")

    def kill(self) -> None:
        """`kill -9`: it executes no further instruction."""
        process, self._process = self._running, None
        process.kill()
        process.wait()

    def lose_machine(self) -> None:
        """As `kill`, together with its child processes."""
        with suppress(ProcessLookupError):  # it may have ended by itself
            os.killpg(self.pid, signal.SIGKILL)
        self.kill()

    async def end(self) -> str:
        """End it as Ctrl-C would; the state hash that it prints. Raises `ServerFailed`."""
        process = self._running
        process.send_signal(signal.SIGTERM)
        await until(lambda: process.poll() is not None, "it ends", seconds=STOP_SECONDS)
        self._process = None
        found = _STATE_HASH.search(self.output)
        if process.returncode or found is None:
            raise ServerFailed(f"it ended with {process.returncode}:\n{self.output}")
        return found[1]

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "it is not running"  # noqa: S101
        return self._process

    @property
    def _log(self) -> Path:
        return self.data.parent / f"server-{self.lives}.log"

    async def _until(self, condition: Callable[[], bool], what: str, *, seconds: float = START_SECONDS) -> None:
        process = self._running
        try:
            await until(lambda: condition() or process.poll() is not None, what, seconds=seconds)
        except ServerFailed as failed:
            raise ServerFailed(f"{failed}; it said:\n{self.output}") from None
        if process.poll() is not None:
            raise ServerFailed(f"it ended with {process.returncode} before {what}:\n{self.output}")


def run_openoutcry(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of `openoutcry` that ends by itself."""
    # Wide lines: a table of rich must not break a hash in two.
    environment = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    command = [sys.executable, *OPENOUTCRY, *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def replayed_state_hash(data: Path) -> str:
    """What `openoutcry replay` says of the journal in `data`. Raises `ServerFailed`."""
    finished = run_openoutcry("replay", str(data))
    found = _STATE_HASH.search(finished.stdout)
    if finished.returncode or found is None:
        raise ServerFailed(f"openoutcry replay ended with {finished.returncode}:\n{finished.stdout}{finished.stderr}")
    return found[1]
