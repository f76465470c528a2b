"""`python -m proofs fairness`: a day is simulated here and checked elsewhere, as far as one machine can be another."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from proofs.report import Report

FEWER_INSTRUCTIONS: Final = {"NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX"}
"""Numpy then computes as on a processor without them."""
ANOTHER_PROCESS: Final = {"PYTHONHASHSEED": "12345", "OMP_NUM_THREADS": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C"}

_OPENOUTCRY: Final = (sys.executable, "-W", "ignore", "-m", "openoutcry")
_NUMPY: Final = "import numpy; print(numpy.__version__)"
_ONE_UNIT_OFF: Final = re.compile(r"([\d,]+) (?:of its )?numbers are one unit off")


def prove_fairness(folder: Path, scenario: str, numpies: Iterable[str], say: Callable[[str], None]) -> Report:
    """Simulates a day of `scenario` in `folder`, and checks it under the installed numpy and under each of `numpies`,
    versions that pip installs beside it. Raises `CalledProcessError` if a day cannot be simulated, or numpy installed.
    """
    data = folder / "data"
    say("simulating")
    simulate = "simulate", "--scenario", scenario, "--seed", "1", "--date", "2024-03-14", "--out", str(data)
    subprocess.run([*_OPENOUTCRY, *simulate], check=True, capture_output=True)
    report = Report(f"A day of {scenario}, drawn and decided anew")
    machines: dict[str, dict[str, str]] = {"as it was simulated": {}, "another process": ANOTHER_PROCESS}
    for version in numpies:
        say(f"installing numpy {version}")
        beside = folder / f"numpy-{version}"
        install = "-m", "pip", "install", "--quiet", "--target", str(beside), f"numpy=={version}", "scipy"
        subprocess.run([sys.executable, *install], check=True)
        machines[f"numpy {version}"] = {"PYTHONPATH": str(beside)}
    for name, changed in list(machines.items()):
        machines[f"{name}, fewer instructions"] = changed | FEWER_INSTRUCTIONS
    for name, changed in machines.items():
        say(name)
        environment = os.environ | changed
        found = _run((sys.executable, "-c", _NUMPY), environment).stdout.strip()
        if name.startswith("numpy"):
            report.check(f"{name}: is used").equal("version", expected=name.split()[1].rstrip(","), found=found)
        verified = _run((*_OPENOUTCRY, "fairness", "verify", str(data)), environment)
        check = report.check(f"{name}: fair")
        if not check.equal("exit code", expected=0, found=verified.returncode):
            check.differ(verified.stdout + verified.stderr)
        off = sum(int(number.replace(",", "")) for number in _ONE_UNIT_OFF.findall(verified.stdout))
        report.facts[name] = f"numpy {found}, {off:,} numbers one unit off"
    return report


def _run(command: tuple[str, ...], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
