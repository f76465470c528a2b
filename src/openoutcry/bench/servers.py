"""Servers as processes of their own: started on the server's core, ended by their own id or with this process."""

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

from openoutcry.bench.cores import kept_on, processor_seconds, resident_bytes
from openoutcry.bench.failures import MeasurementFailed

START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 120.0
OUTPUT_SECONDS: Final = 10.0
"""For the rest of what it printed; a process that it started itself may hold its output open."""
LINES_KEPT: Final = 1_000

SCENARIO: Final = "orderflow"
"""For its limits, which nobody meets: what is measured are orders that are accepted."""

_LISTENING: Final = re.compile(r"listening on http://([^:/\s]+):(\d+)")


class ServerFailed(MeasurementFailed):
    """The process failed; the text holds what it printed."""


class Server:
    """`python -m ARGUMENTS`, which says `listening on URL`. As a context manager it is ended on the way out."""

    def __init__(self, *arguments: str, core: int | None = None) -> None:
        """Return once it listens.

        Raises `ServerFailed`.
        """
        with kept_on(core):
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", "openoutcry.runtime.process.child", *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
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
    def processor_seconds(self) -> float | None:
        """Used so far; None where the system does not tell."""
        return processor_seconds(self._process.pid)

    @property
    def resident_bytes(self) -> int | None:
        """In use now; None where the system does not tell."""
        return resident_bytes(self._process.pid)

    def stop(self) -> None:
        """End it by SIGTERM; kill it if it does not end."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._output.join(OUTPUT_SECONDS)

    def _wait_until_it_listens(self) -> tuple[str, int]:
        try:
            address = self._addresses.get(timeout=START_SECONDS)
        except Empty:
            address = None
        if address is None:
            self.stop()
            printed = "\n".join(self._lines)
            raise ServerFailed(f"the server did not come up; it printed:\n{printed}")
        return address

    def _read_output(self) -> None:
        """Keep what it prints first; put the address that it listens on, and None at the end, into the queue."""
        with self._process.stdout or nullcontext(()) as output:
            for line in output:
                if len(self._lines) < LINES_KEPT:
                    self._lines.append(line.rstrip())
                listening = _LISTENING.search(line)
                if listening is not None:
                    self._addresses.put((listening[1], int(listening[2])))
        self._addresses.put(None)


def serve_exchange(data: Path, core: int | None, scenario: str = SCENARIO) -> Server:
    """The exchange as a user starts it, with its journal on disk."""
    arguments = ("serve", "--scenario", scenario, "--data", str(data), "--port", "0")
    return Server("openoutcry", *arguments, core=core)


def serve_yardstick(kind: str, core: int | None) -> Server:
    """One of the servers of `yardsticks`."""
    return Server("openoutcry.bench.yardsticks", kind, core=core)
