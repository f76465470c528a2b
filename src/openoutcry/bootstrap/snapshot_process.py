"""`python -m openoutcry.bootstrap.snapshot_process DIRECTORY`: builds the next snapshot without delaying the server.

It lowers its priority before it imports large modules: importing takes half a second of a processor that the server may
need.
"""

import os
import sys
from contextlib import suppress
from typing import Final

_NICENESS: Final = 19
"""For systems without an idle class: the lowest priority."""


def step_back() -> None:
    """Run only while the processor is otherwise idle; yield it at once to any other process."""
    with suppress(OSError):
        os.nice(_NICENESS)
    if hasattr(os, "SCHED_IDLE"):
        # A process with a low priority still has turns of some milliseconds, in which an order would wait.
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
