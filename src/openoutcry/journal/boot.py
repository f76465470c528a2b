"""Which run of the operating system this is: what was written and not synced is still there in the same one only."""

from pathlib import Path
from typing import Final

UNKNOWN_BOOT: Final = ""

_LINUX: Final = Path("/proc/sys/kernel/random/boot_id")


def this_boot() -> str:
    """The same text until the system starts anew; `UNKNOWN_BOOT` where the system does not tell."""
    try:
        return _LINUX.read_text().strip()
    except OSError:
        return UNKNOWN_BOOT


def is_same_boot(noted: str, now: str) -> bool:
    """Whether the system has certainly not gone down in between."""
    return noted == now != UNKNOWN_BOOT
