"""A command of `openoutcry` that runs until it is told to end, and what it says meanwhile."""

import signal
import subprocess
import threading
from typing import Self

from served_exchange import OPENOUTCRY, PATIENCE_SECONDS


class RunningCommand:
    """Use in a `with`: it is killed at the end if it still runs."""

    def __init__(self, *arguments: object, **options: object) -> None:
        self.process = subprocess.Popen(
            [*OPENOUTCRY, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )
        self.stdout = self.stderr = ""
        self._heard = threading.Condition()
        self._readers = [
            threading.Thread(target=self._read, args=(name,), daemon=True) for name in ("stdout", "stderr")
        ]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.process.kill()
        self.wait()
        self.process.stdout.close()
        self.process.stderr.close()

    def await_said(self, words: str, times: int = 1) -> None:
        """Wait until it has said this so often, on stdout or stderr."""

        def is_said() -> bool:
            return (self.stdout + self.stderr).count(words) >= times or not any(
                map(threading.Thread.is_alive, self._readers)
            )

        with self._heard:
            assert self._heard.wait_for(is_said, PATIENCE_SECONDS), self.stdout + self.stderr
        assert (self.stdout + self.stderr).count(words) >= times, self.stdout + self.stderr

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def wait(self) -> int:
        """Its exit code, once all that it said has been read."""
        code = self.process.wait(PATIENCE_SECONDS)
        for reader in self._readers:
            reader.join(PATIENCE_SECONDS)
        return code

    def _read(self, name: str) -> None:
        for line in getattr(self.process, name):
            with self._heard:
                setattr(self, name, getattr(self, name) + line)
                self._heard.notify_all()
        with self._heard:
            self._heard.notify_all()
