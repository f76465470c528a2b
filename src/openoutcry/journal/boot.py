"""Identifies the run of the operating system. Data that was written but not synced survives only within the same
run.
"""

from pathlib import Path
from typing import Final

UNKNOWN_BOOT: Final = ""

_LINUX: Final = Path("/proc/sys/kernel/random/boot_id")


def this_boot() -> str:
    """The same text until the system boots again; `UNKNOWN_BOOT` if the system does not tell."""
    try:
        return _LINUX.read_text().strip()
    except OSError:
        return UNKNOWN_BOOT


def is_same_boot(noted: str, now: str) -> bool:
    """Whether it is certain that the system has not gone down in between."""
    return noted == now != UNKNOWN_BOOT
