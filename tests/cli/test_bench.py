"""The bench works from end to end. Its measurements here mean nothing, and no test asserts them."""

import os
import subprocess
import sys
from importlib.util import find_spec

import msgspec
import pytest

from openoutcry.bench.sections import SECTIONS

pytestmark = pytest.mark.alone


def bench(*arguments, data=None):
    environment = {name: value for name, value in os.environ.items() if name != "OPENOUTCRY_DATA"}
    if data is not None:
        environment["OPENOUTCRY_DATA"] = str(data)
    return subprocess.run(
        [sys.executable, "-m", "openoutcry", "bench", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        env={**environment, "COLUMNS": "200", "NO_COLOR": "1"},
    )


def test_a_quick_run_measures_everything_and_keeps_it(tmp_path):
    result = bench("--quick", "--json", tmp_path / "run.json", "--markdown", tmp_path / "run.md")
    assert result.returncode == 0, result.stderr
    kept = msgspec.json.decode((tmp_path / "run.json").read_bytes())
    assert list(kept["figures"]) == list(SECTIONS)
    assert {"no-op", "openoutcry"} <= kept["figures"]["verdict"].keys()
    assert kept["targets"]
    assert "Beside the targets" in result.stdout
    assert "Its figures mean nothing." in result.stdout
    assert "Not measured: recorded order flow: $OPENOUTCRY_DATA does not say where it is" in result.stdout
    assert "### Beside the targets" in (tmp_path / "run.md").read_text("utf-8")


def test_sections_are_chosen_by_name():
    result = bench("--quick", "--only", "memory")
    assert result.returncode == 0, result.stderr
    assert "memory per resting order" in result.stdout
    assert "Verdict" not in result.stdout


def test_an_unknown_section_has_them_listed():
    result = bench("--only", "memory,speed")
    assert result.returncode == 2
    told = " ".join(result.stderr.replace("│", " ").split())
    assert "speed: choose from verdict, events, steady-load" in told


@pytest.mark.skipif(find_spec("matplotlib") is not None, reason="matplotlib is installed here")
def test_a_picture_without_matplotlib_says_what_to_install(tmp_path):
    result = bench("--quick", "--only", "memory", "--plot", tmp_path / "run.svg")
    assert result.returncode == 1
    assert "pip install matplotlib" in result.stderr
