"""The compiled build: what is in it, and that it tells the same events as the sources, to the byte."""

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest

from openoutcry.runtime.process.build import CORE
from proofs.real_data import MATCH_EVENTS, real_data_folder
from reference import busy_session

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "openoutcry"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
COMPILED = PROJECT["tool"]["hatch"]["build"]["hooks"]["custom"]["modules"]
COMPILER = sysconfig.get_config_var("CC").split()[0]
HAS_COMPILER = shutil.which(COMPILER) and (Path(sysconfig.get_path("include")) / "Python.h").exists()

needs_a_compiler = pytest.mark.skipif(not HAS_COMPILER, reason=f"no C compiler {COMPILER!r} with Python.h here")


def defines_a_struct(path):
    """Whether a class of the module has msgspec's Struct as its base."""
    classes = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.ClassDef)]
    return any(ast.unparse(base) in {"Struct", "msgspec.Struct"} for node in classes for base in node.bases)


def pauses_in_a_try(path):
    """Whether anything is awaited or yielded inside a `try` or a `with`, which is one."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    guards = [node for node in nodes if isinstance(node, ast.Try | ast.TryStar | ast.With | ast.AsyncWith)]
    pauses = ast.Await | ast.AsyncFor | ast.AsyncWith | ast.Yield | ast.YieldFrom
    return any(isinstance(inside, pauses) for node in guards for inside in ast.walk(node))


def test_what_is_compiled_is_what_mypyc_can_compile():
    for module in COMPILED:
        path = PACKAGE.parent.joinpath(*module.split(".")).with_suffix(".py")
        assert not defines_a_struct(path), f"{module}: mypyc drops the keywords of a Struct's class"
        assert not pauses_in_a_try(path), f"{module}: what is raised while it pauses in a try gets lost"


def test_every_module_of_the_core_is_compiled_unless_it_defines_a_struct():
    modules = {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        for layer in ("clearing", "domain", "matching", "venue")
        for path in sorted((PACKAGE / layer).rglob("*.py"))
        if path.name != "__init__.py" and not defines_a_struct(path)
    }
    assert modules <= set(COMPILED)
    assert sorted(COMPILED) == COMPILED


@pytest.fixture(scope="session")
def compiled(tmp_path_factory):
    """A folder with the package in it, its core compiled: that of `make compiled` where it asks, or one that is made in
    a hurry, for the tests need no speed of it.
    """
    if made := os.environ.get("OPENOUTCRY_COMPILED"):
        return Path(made)
    folder = tmp_path_factory.mktemp("compiled")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        env={**os.environ, "OPENOUTCRY_COMPILE": "true", "MYPYC_OPT_LEVEL": "0"},
        check=True,
        capture_output=True,
        timeout=300,
    )
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def run(folder, *arguments):
    path = os.pathsep.join([str(folder), *sys.path])
    program = [sys.executable, *arguments]
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.run(program, env=environment, capture_output=True, text=True, check=True, timeout=120).stdout


@needs_a_compiler
def test_the_compiled_wheel_holds_every_listed_module_as_an_extension_and_says_so(compiled):
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    built = sorted(path.relative_to(compiled) for path in (compiled / "openoutcry").rglob(f"*{suffix}"))
    assert built == sorted(Path(*module.split(".")).with_suffix(suffix) for module in COMPILED)
    assert "core compiled" in run(compiled, "-m", "openoutcry", "version")
    assert f"core {CORE}" in run(PACKAGE.parent, "-m", "openoutcry", "version")


@needs_a_compiler
def test_a_snapshot_made_on_one_has_the_shape_of_those_made_on_the_other(compiled):
    show = "from openoutcry.venue.snapshots.snapshot import SHAPE; print(SHAPE)"
    assert run(compiled, "-c", show) == run(PACKAGE.parent, "-c", show)


@needs_a_compiler
@pytest.mark.parametrize("seed", range(8))
def test_the_compiled_core_tells_the_same_bytes_and_reaches_the_same_state(compiled, seed):
    assert run(compiled, busy_session.__file__, str(seed)).strip() == busy_session.fingerprint(seed)


@needs_a_compiler
@pytest.mark.realdata
@pytest.mark.skipif(not (real_data_folder() / MATCH_EVENTS).is_file(), reason=f"{MATCH_EVENTS} is not on this machine")
def test_the_recorded_match_ends_in_the_same_state_on_both(compiled):
    on_sources, on_compiled = (run(folder, "-m", "proofs", "match") for folder in (PACKAGE.parent, compiled))
    assert state_hash_in(on_sources) == state_hash_in(on_compiled)


def state_hash_in(report):
    return re.search(r"^\s*state hash\s+([0-9a-f]{64})$", report, re.MULTILINE)[1]
