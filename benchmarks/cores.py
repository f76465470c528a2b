"""Processors: the servers on one core and the load generator on another where there are two, and time used there."""

import os
from pathlib import Path


def two_cores() -> tuple[int | None, int | None]:
    """A core for the server and another for the generator; None where the system or the machine gives no choice."""
    if not hasattr(os, "sched_getaffinity"):
        return None, None
    cores = sorted(os.sched_getaffinity(0))
    return (cores[0], cores[1]) if len(cores) > 1 else (None, None)


def move_to(core: int | None) -> None:
    """Keep this process, and those that it starts from now on, on one core."""
    if core is not None:
        os.sched_setaffinity(0, {core})


def processor_seconds(process: int) -> float | None:
    """Processor time that a process has used, all its threads together; None where the system does not tell."""
    statistics = Path(f"/proc/{process}/stat")
    if not statistics.exists():
        return None
    # The name in parentheses may hold anything; of the fields after it the 12th and 13th are user and system time.
    fields = statistics.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
