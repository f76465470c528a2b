"""Counts instructions with valgrind's callgrind, which writes down a part of the count at each mark."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from openoutcry.bench.failures import MeasurementFailed
from openoutcry.bench.instructions.marks import MARK

_TOTAL: Final = "totals: "


def count_instructions(part: str, commands: int) -> dict[str, float]:
    """Instructions per command, by kind, for a part of the workload. Raises `MeasurementFailed`."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        raise MeasurementFailed("instructions are counted by valgrind, which is not here: apt install valgrind")
    workload = [sys.executable, "-m", "openoutcry.bench.instructions.workload", part]
    # Once without valgrind: a run that still has to compile sources has its memory laid out in another way.
    _run([*workload, "1"])
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "count"
        counting = [valgrind, "--quiet", "--tool=callgrind", f"--dump-before={MARK}", f"--callgrind-out-file={output}"]
        names = _run([*counting, *workload, str(commands)]).splitlines()
        totals = read_totals(output)
    # Two marks for each kind: every second part is what ran between the two of one.
    if len(totals) != 2 * len(names):
        raise MeasurementFailed(f"{len(names)} kinds were run, and {len(totals)} marks met in place of two for each")
    return {name: total / commands for name, total in zip(names, totals[1::2], strict=True)}


def read_totals(output: Path) -> list[int]:
    """The counts between marks, as callgrind wrote them beside `output`: one for each mark, since the mark before."""
    parts = sorted(output.parent.glob(f"{output.name}.*"), key=lambda path: int(path.suffix[1:]))
    return [_total(path) for path in parts]


def _run(program: list[str]) -> str:
    """Run the program. Returns its output."""
    ran = subprocess.run(program, env=_environment(), capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if ran.returncode:
        raise MeasurementFailed(f"what was to be counted failed: {ran.stderr.strip()[-2_000:]}")
    return ran.stdout


def _total(part: Path) -> int:
    with part.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(_TOTAL):
                return int(line.removeprefix(_TOTAL))
    raise MeasurementFailed(f"{part.name} of callgrind holds no total")


def _environment() -> dict[str, str]:
    """The environment. It is the same for every run on a machine, because addresses in memory depend on it."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return {**kept, "PYTHONHASHSEED": "0"}
