"""`python -m openoutcry.bootstrap.snapshot_process DIRECTORY`: the next snapshot, by a process that holds nobody up.

It steps back before it imports anything of size: importing takes half a second of the processor that the server may
have no other of.
"""

import os
import sys
from contextlib import suppress
from typing import Final

_NICENESS: Final = 19
"""For systems that know no idle class, the least that there is."""


def step_back() -> None:
    """Run only while nobody else on the processor wants to; be put aside the moment that somebody does."""
    with suppress(OSError):
        os.nice(_NICENESS)
    if hasattr(os, "SCHED_IDLE"):
        # A nice process still has its turns, of some milliseconds each, in which an order would wait.
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def main(directory: str) -> None:
    """Build, and print what was built as JSON; a failure is one line on stderr and exit code 1."""
    from pathlib import Path  # noqa: PLC0415 - after stepping back, like the others

    import msgspec  # noqa: PLC0415
    import structlog  # noqa: PLC0415

    from openoutcry.bootstrap.projections import projections_of  # noqa: PLC0415
    from openoutcry.runtime.data_directory import DataDirectory  # noqa: PLC0415
    from openoutcry.runtime.recovery.snapshots.builder import build_next  # noqa: PLC0415

    structlog.configure(logger_factory=structlog.PrintLoggerFactory(file=sys.stderr))
    try:
        built = build_next(DataDirectory(Path(directory)), projections_of)
    except Exception as error:  # noqa: BLE001 - whatever it is, the server wants it in a line
        sys.exit(f"{type(error).__name__}: {error}")
    sys.stdout.buffer.write(msgspec.json.encode(built) + b"\n")


if __name__ == "__main__":
    step_back()
    main(sys.argv[1])
