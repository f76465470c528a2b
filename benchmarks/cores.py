"""Which process runs on which core: the server alone on one, the load generator on another, where there are two."""

import os


def two_cores() -> tuple[int | None, int | None]:
    """A core for the server and another for the generator; None where the system or the machine gives no choice."""
    if not hasattr(os, "sched_getaffinity"):
        return None, None
    cores = sorted(os.sched_getaffinity(0))
    return (cores[0], cores[1]) if len(cores) > 1 else (None, None)


def pin(process: int, core: int | None) -> None:
    """Keep a process (0: this one) on one core."""
    if core is not None:
        os.sched_setaffinity(process, {core})
