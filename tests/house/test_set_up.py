"""The two commands of the README exist, and do what it says in order."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKE_VARIABLES = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "DURATION", "ARGS")


def make(*arguments, folder=ROOT):
    # This may itself run under make, whose variables must not reach the one that is tested.
    environment = {name: value for name, value in os.environ.items() if name not in MAKE_VARIABLES}
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def copy(tmp_path):
    """The files that set-up needs, without an environment."""
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_make_without_a_goal_shows_what_can_be_made():
    result = make()
    assert result.returncode == 0
    for goal in ("demo", "test", "lint", "types", "contracts", "lock"):
        assert re.search(rf"^  {goal} ", result.stdout, re.MULTILINE)


def test_make_test_checks_everything_and_runs_the_tests_last():
    steps = [line for line in make("-n", "test").stdout.splitlines() if "/bin/" in line]
    in_order = ["ruff check", "ruff format --quiet --check", "mypy", "lint-imports", "-m 'not alone'", "-m alone"]
    found = [next(number for number, step in enumerate(steps) if word in step) for word in in_order]
    assert found == sorted(found)
    assert found[-1] == len(steps) - 1


def test_a_fresh_clone_makes_its_environment_from_the_lock_file_first(copy):
    steps = make("-n", "demo", folder=copy).stdout
    assert steps.index("-m venv") < steps.index("--require-hashes --requirement requirements/development.txt")
    assert steps.index("--require-hashes") < steps.index("openoutcry demo")


def test_duration_ends_make_demo(copy):
    assert make("-n", "demo", "DURATION=7", folder=copy).stdout.endswith("openoutcry demo --duration 7\n")
    assert make("-n", "demo", folder=copy).stdout.rstrip().endswith("openoutcry demo")


def test_the_environment_is_brought_up_to_date_when_the_lock_file_changes(copy):
    (copy / ".venv").mkdir()
    stamp = re.search(r"touch (\.venv/installed-[0-9a-f]+)", make("-n", "lint", folder=copy).stdout)[1]
    (copy / stamp).touch()
    assert "--require-hashes" not in make("-n", "lint", folder=copy).stdout
    with (copy / "requirements" / "development.txt").open("a") as lock_file:
        lock_file.write("# changed\n")
    assert "--require-hashes" in make("-n", "lint", folder=copy).stdout


def test_a_python_that_is_too_old_is_said_to_be(copy):
    result = make("lint", "PYTHON=false", folder=copy)
    assert result.returncode != 0
    assert "Python 3.11 or later is needed; name one: make lint PYTHON=" in result.stdout


def test_continuous_integration_runs_make_test():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").rstrip().endswith("make test")


def test_the_readme_s_two_commands_are_goals():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for goal in re.findall(r"^make (\w+)", readme, re.MULTILINE):
        assert make("-n", goal).returncode == 0
