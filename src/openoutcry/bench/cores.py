"""Processors: the servers on one core and the load generator on another where there are two, and time used there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct


class Cores(Struct, frozen=True):
    """None if the system or the machine gives no choice."""

    server: int | None
    generator: int | None


def two_cores() -> Cores:
    if not hasattr(os, "sched_getaffinity"):
        return Cores(None, None)
    cores = sorted(os.sched_getaffinity(0))
    return Cores(cores[0], cores[1]) if len(cores) > 1 else Cores(None, None)


@contextmanager
def kept_on(core: int | None) -> Iterator[None]:
    """While entered, this process and its children stay on one core; the children stay there afterwards too."""
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def processor_seconds(process: int) -> float | None:
    """Processor time that a process has used, all its living threads together; None where the system does not tell."""
    threads = Path(f"/proc/{process}/task")
    try:
        # Nanoseconds are the first field. What is in /proc/PID/stat counts hundredths of a second.
        return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads.iterdir()) / 1e9
    except OSError:
        return None


def resident_bytes(process: int) -> int | None:
    """Memory that a process has in use; None where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
