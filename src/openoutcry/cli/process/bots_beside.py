"""The example bots beside an exchange, in a process of their own that always ends with the exchange."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from openoutcry.scenarios.model import Registration, Scenario

LEAVE_SECONDS: Final = 5.0
"""How long the bots may take to cancel their orders, in seconds; then the exchange ends without waiting for them."""


def fleet_for(scenario: "Scenario") -> str:
    """The name of the example bots that this scenario is for."""
    return "still" if scenario.market is None else "game"


class BotsBeside:
    """Bots that trade while the pipe to them is open. A killed server closes it too.

    Their keys are in `key_directory`, so that the same teams trade on after a restart.
    """

    def __init__(self, url: str, scenario: "Scenario", key_directory: Path) -> None:
        self._leave_by: float | None = None
        where = ["--url", url, "--fleet", fleet_for(scenario), "--key-directory", str(key_directory)]
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "openoutcry.bots", *where, "--until-input-ends"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env=os.environ | _codes(scenario.registration),
            start_new_session=True,  # Ctrl-C is for the exchange, which lets them cancel their orders first
        )

    def have_left(self) -> bool:
        """Ask the bots to leave, once. True when they have left, or have had their time."""
        if self._leave_by is None:
            self._leave_by = time.monotonic() + LEAVE_SECONDS
            assert self._process.stdin is not None  # noqa: S101 - it is a pipe
            self._process.stdin.close()
        return self._process.poll() is not None or time.monotonic() > self._leave_by

    def end(self) -> None:
        """End the bots' process, by force if it still runs."""
        self.have_left()
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()


def _codes(registration: "Registration") -> dict[str, str]:
    """What the bots need to register; in the environment, since anyone may see a command line."""
    codes = {}
    if registration.join_code is not None:
        codes["OPENOUTCRY_JOIN_CODE"] = registration.join_code
    if registration.role_codes:
        codes["OPENOUTCRY_ROLE_CODES"] = msgspec.json.encode(registration.role_codes).decode()
    return codes
