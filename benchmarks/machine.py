"""What the figures were measured on, and of which commit."""

import platform
import subprocess
from pathlib import Path


def machine() -> str:
    model = platform.processor() or platform.machine()
    cpu_info = Path("/proc/cpuinfo")
    cores = 0
    if cpu_info.exists():
        lines = cpu_info.read_text().splitlines()
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        model, cores = (names[0], len(names)) if names else (model, cores)
    return f"{cores or '?'} cores, {model}, {platform.system()}, Python {platform.python_version()}"


def commit() -> str | None:
    found = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return found.stdout.strip() or None
