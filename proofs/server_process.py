"""`openoutcry` as a process of its own, handled as a person would: started, told to end, its output read."""

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


class ServerProcess:
    """A running `openoutcry serve`. As a context manager it is ended on the way out, whatever happened."""

    def __init__(self, scenario: str, data_directory: Path, *options: str) -> None:
        """Return once it listens.

        Raises `ServerFailed`.
        """
        command = _openoutcry("serve", "--scenario", scenario, "--data", str(data_directory), "--port", "0", *options)
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=_environment()
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

    @property
    def state_hash(self) -> str | None:
        """The hash that it printed when it closed."""
        return find_state_hash(self.output)

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


def replayed_state_hash(data_directory: Path) -> str:
    """What `openoutcry replay` says of the journal in `data_directory`.

    Raises `ServerFailed`.
    """
    command = _openoutcry("replay", str(data_directory))
    finished = subprocess.run(command, capture_output=True, text=True, env=_environment(), check=False)
    state_hash = find_state_hash(finished.stdout)
    if finished.returncode or state_hash is None:
        raise ServerFailed(f"openoutcry replay ended with {finished.returncode}:\n{finished.stdout}{finished.stderr}")
    return state_hash


def find_state_hash(output: str) -> str | None:
    found = _STATE_HASH.search(output)
    return None if found is None else found[1]


def _openoutcry(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "openoutcry", *arguments]


def _environment() -> dict[str, str]:
    # Wide lines: a table of rich must not break a hash in two.
    return {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
