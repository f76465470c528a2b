"""Servers as processes of their own, handled as a person would: started, told to end, their output read."""

import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import nullcontext
from pathlib import Path
from queue import Empty, Queue
from types import TracebackType
from typing import Final, Self

START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 120.0

_LISTENING: Final = re.compile(r"listening on http://([^:/\s]+):(\d+)")
_STATE_HASH: Final = re.compile(r"\bstate(?: hash)?\s+([0-9a-f]{64})")


class ServerFailed(Exception):  # noqa: N818 - what happened, named
    """The process did not do what it was started for; the text holds what it printed."""


class ListeningProcess:
    """`python -m ARGUMENTS`, which says `listening on URL`. As a context manager it is ended on the way out."""

    def __init__(self, *arguments: str) -> None:
        """Return once it listens.

        Raises `ServerFailed`.
        """
        self._process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=_environment(),
        )
        self._lines: list[str] = []
        self._addresses: Queue[tuple[str, int] | None] = Queue()
        self._output = threading.Thread(target=self._read_output, daemon=True)
        self._output.start()
        self.host, self.port = self._wait_until_it_listens()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def output(self) -> str:
        """What it has printed so far."""
        return "\n".join(self._lines)

    def stop(self) -> int:
        """End it as Ctrl-C would, by SIGTERM, and return its exit code; kill it if it does not end."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            exit_code = self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            exit_code = self._process.wait()
        self._output.join()
        return exit_code

    def _wait_until_it_listens(self) -> tuple[str, int]:
        try:
            address = self._addresses.get(timeout=START_SECONDS)
        except Empty:
            address = None
        if address is None:
            self.stop()
            raise ServerFailed(f"the server did not come up; it printed:\n{self.output}")
        return address

    def _read_output(self) -> None:
        """Keep every line; put the address that it listens on, and None at the end, into the queue."""
        with self._process.stdout or nullcontext(()) as output:
            for line in output:
                self._lines.append(line.rstrip())
                listening = _LISTENING.search(line)
                if listening is not None:
                    self._addresses.put((listening[1], int(listening[2])))
        self._addresses.put(None)


class ServerProcess(ListeningProcess):
    """A running `openoutcry serve` on a free port."""

    def __init__(self, scenario: str, data_directory: Path) -> None:
        super().__init__("openoutcry", "serve", "--scenario", scenario, "--data", str(data_directory), "--port", "0")

    @property
    def state_hash(self) -> str | None:
        """The hash that it printed when it ended; None before."""
        return _find_state_hash(self.output)


def replayed_state_hash(data_directory: Path) -> str:
    """What `openoutcry replay` says of the journal in `data_directory`.

    Raises `ServerFailed`.
    """
    command = [sys.executable, "-m", "openoutcry", "replay", str(data_directory)]
    finished = subprocess.run(command, capture_output=True, text=True, env=_environment(), check=False)
    state_hash = _find_state_hash(finished.stdout)
    if finished.returncode or state_hash is None:
        raise ServerFailed(f"openoutcry replay ended with {finished.returncode}:\n{finished.stdout}{finished.stderr}")
    return state_hash


def _find_state_hash(output: str) -> str | None:
    found = _STATE_HASH.search(output)
    return None if found is None else found[1]


def _environment() -> dict[str, str]:
    # Wide lines: a table of rich must not break a hash in two.
    return {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
