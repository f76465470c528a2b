"""How much a bot's process may take, and how the operating system is told."""

import faulthandler
import signal
import sys
from typing import Final

from msgspec import Struct

MEGABYTE: Final = 1 << 20
LARGEST_FILE: Final = MEGABYTE
"""What the interpreter may leave behind when it dies."""


class Limits(Struct, frozen=True, kw_only=True):
    """Of one bot's process, over a whole match if not said otherwise."""

    turn_seconds: float = 30.0
    """Wall time of one turn: until its handlers have returned, or wait."""
    cpu_seconds: int = 600
    memory_mb: int = 2_048
    """Address space, the interpreter's own included."""
    open_files: int = 64

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} is {getattr(self, name)}: a limit must be more than 0")


_STDERR: Final = 2

HAS_SYSTEM_LIMITS: Final = sys.platform != "win32"
"""Whether the operating system keeps the limits. On Windows it keeps none; `turn_seconds` holds everywhere."""


def keep_to(limits: Limits) -> None:
    """Bind this process. There is no way back."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on every system

    # Where a signal finds the interpreter is written to the process's own stderr.
    faulthandler.enable(_STDERR, all_threads=False)
    faulthandler.register(signal.SIGXCPU, _STDERR, all_threads=False, chain=True)
    faulthandler.register(signal.SIGUSR1, _STDERR, all_threads=False)
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_AS, limits.memory_mb * MEGABYTE),
        (resource.RLIMIT_NPROC, 0),
    ):
        _limit(kind, most)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    at_last = limits.cpu_seconds + 1
    resource.setrlimit(
        resource.RLIMIT_CPU, (limits.cpu_seconds, at_last if hard == resource.RLIM_INFINITY else min(hard, at_last))
    )


def _limit(kind: int, most: int) -> None:
    import resource  # noqa: PLC0415 - likewise

    _, hard = resource.getrlimit(kind)
    most = most if hard == resource.RLIM_INFINITY else min(hard, most)
    try:
        resource.setrlimit(kind, (most, most))
    except (OSError, ValueError):
        return  # macOS knows no limit of address space
