"""What the figures were measured on, and of which version."""

import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path
from typing import Final

from openoutcry import __version__
from openoutcry.runtime.process.build import CORE

_NAMED: Final = ("uvicorn", "uvloop", "httptools", "msgspec")


def describe_machine() -> dict[str, str]:
    """Heading to description, ready to be printed."""
    description = {
        "processor": _processor(),
        "system": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "with": ", ".join(f"{name} {importlib.metadata.version(name)}" for name in _NAMED),
        "openoutcry": __version__ if (commit := _commit()) is None else f"{__version__}, commit {commit}",
        "core": CORE,
    }
    if hasattr(os, "getloadavg"):
        description["load before"] = f"{os.getloadavg()[0]:.2f} over a minute"
    return description


def _processor() -> str:
    cpu_info = Path("/proc/cpuinfo")
    cores = os.cpu_count() or 1
    model = platform.processor() or platform.machine()
    if cpu_info.exists():
        named = [line.partition(":")[2].strip() for line in cpu_info.read_text().splitlines() if "model name" in line]
        model = named[0] if named else model
    return f"{model}, {cores} cores"


def _commit() -> str | None:
    """Of the checkout that this runs from, if it is one."""
    folder = Path(__file__).resolve().parent
    try:
        found = subprocess.run(  # noqa: S603 - our own command
            ["git", "-C", str(folder), "describe", "--always", "--dirty"],  # noqa: S607 - whichever git there is
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return None
    return found.stdout.strip() or None
