"""A real `openoutcry serve`, or `practice`, in a process of its own, for tests that speak to it over sockets."""

import json
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Self

from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.rerun import rerun

OPENOUTCRY = (sys.executable, "-m", "openoutcry")
MOST_BYTES_LOOKED_AT = 1_000_000
"""Of a journal, that is run once more after a test: some thousand commands, which take a fraction of a second."""

PATIENCE_SECONDS = 60
"""How long a process may take before the test gives up on it; nothing is timed against it."""


class ServedExchange:
    """Running inside its `with`; ended by SIGTERM after it, and its exit code checked."""

    def __init__(
        self,
        data: Path,
        *arguments: str,
        scenario: str | None = "seed",
        command=OPENOUTCRY,
        subcommand: str = "serve",
        env=None,
    ) -> None:
        self.data = data
        self._is_looked_at = command is OPENOUTCRY and subcommand == "serve"
        chosen = () if scenario is None else ("--scenario", scenario)
        self.process = subprocess.Popen(
            [*command, subcommand, *chosen, "--data", str(data), "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
        )
        self.url = ""
        self._stderr = ""
        self._heard = threading.Condition()
        self._reader = threading.Thread(target=self._read_stderr, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        line = self.process.stdout.readline()
        if not line.startswith("listening on http://"):
            self.kill()
            raise AssertionError(f"the server said {line!r} in place of its address; stderr: {self._stderr}")
        self.url = line.removeprefix("listening on ").strip()
        return self

    def __exit__(self, *_exception: object) -> None:
        if self.process.poll() is None:
            assert self.end() == 0, self._stderr
            self._look_back()
        self._close()

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """One request over HTTP: status and answer."""
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **headers},
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, json.load(refusal)

    @property
    def stderr(self) -> str:
        """All that the server said on stderr; complete once it has ended."""
        if self.process.poll() is not None:
            self._reader.join(PATIENCE_SECONDS)
        return self._stderr

    def await_said(self, words: str) -> None:
        """Wait until the server has said this on stderr."""
        with self._heard:
            assert self._heard.wait_for(lambda: words in self._stderr, PATIENCE_SECONDS), self._stderr

    @property
    def state_hash(self) -> str:
        """The state's hash that the server told when it ended in good order."""
        return self.stderr.rsplit("; state ", 1)[1].split()[0]

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal and wait for the end; the exit code."""
        self.process.send_signal(number)
        try:
            return self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def kill(self) -> None:
        """End it the hard way, as the loss of its machine would."""
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)
        self._close()

    def _look_back(self) -> None:
        """Run its commands once more in this process, where each is looked at for money made or lost
        (`conserved_money`), if they are not too many.
        """
        size = sum(segment.stat().st_size for segment in DataDirectory(self.data).journal.glob("*"))
        if self._is_looked_at and size <= MOST_BYTES_LOOKED_AT:
            rerun(self.data)

    def _close(self) -> None:
        self._reader.join(PATIENCE_SECONDS)
        self.process.stdout.close()
        self.process.stderr.close()

    def _read_stderr(self) -> None:
        for line in self.process.stderr:
            with self._heard:
                self._stderr += line
                self._heard.notify_all()
