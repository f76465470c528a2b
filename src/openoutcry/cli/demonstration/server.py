"""`openoutcry serve` as a process beside this one, as anybody would run it, but that it ends with this one."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, NoReturn

LISTENING: Final = "listening on "

END_SECONDS: Final = 15.0
"""How long the server may take to end before it is killed."""


class ServerEnded(Exception):  # noqa: N818 - what happened, named
    """The server ended by itself; the text holds the last it said."""


class ServerProcess:
    """A running server. Its log is the file `log`."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self._process = process
        self._log = log
        self.url = ""

    async def started(self) -> None:
        """Return when it listens. Raises `ServerEnded`."""
        assert self._process.stdout is not None  # noqa: S101 - it was started with a pipe
        line = (await self._process.stdout.readline()).decode()
        if not line.startswith(LISTENING):
            await self.ended()
        self.url = line.removeprefix(LISTENING).strip()

    async def ended(self) -> NoReturn:
        """Wait until it ends, which it should not. Raises `ServerEnded`."""
        code = await self._process.wait()
        last_words = "\n".join(self._log.read_text(errors="replace").splitlines()[-5:])
        raise ServerEnded(f"the server ended by itself with exit code {code}:\n{last_words}")

    async def end(self) -> str:
        """End it as Ctrl-C would; what it said last."""
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(self._process.wait(), END_SECONDS)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
        return self._log.read_text(errors="replace").strip().rpartition("\n")[2]


@asynccontextmanager
async def server_process(
    scenario: str | None, data: Path, port: int, seed: int, log: Path
) -> AsyncIterator[ServerProcess]:
    """A server that listens; ended on the way out, if it was not before. Raises `ServerEnded`."""
    with log.open("wb") as log_file:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "openoutcry.runtime.process.child", "openoutcry", "serve"),
            *(() if scenario is None else ("--scenario", scenario)),
            *("--data", str(data), "--port", str(port), "--seed", str(seed)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=log_file,
            # Ctrl-C in the terminal is for the demonstration, which ends the bots first and the server last.
            start_new_session=True,
        )
    server = ServerProcess(process, log)
    try:
        await server.started()
        yield server
    finally:
        await server.end()
