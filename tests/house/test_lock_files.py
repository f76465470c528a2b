"""The lock files pin everything by version and hash, agree with each other, and name no place."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCK_FILES = ("client.txt", "server.txt", "development.txt", "bench.txt")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
BASE = PROJECT["project"]["dependencies"]
EXTRAS = PROJECT["project"]["optional-dependencies"]
SERVER = EXTRAS["server"]
ADDED = [each for name in ("lab", "notebook") for each in EXTRAS[name] if not each.startswith("openoutcry[")]
DEVELOPMENT = PROJECT["dependency-groups"]["dev"] + PROJECT["build-system"]["requires"]
BENCH = PROJECT["dependency-groups"]["bench"] + PROJECT["build-system"]["requires"]


def text_of(name):
    return (ROOT / "requirements" / name).read_text(encoding="utf-8")


def pins_of(name):
    """Version by package; every pin has at least one hash."""
    pins = {}
    lines = [line for line in text_of(name).splitlines() if line and not line.startswith("#")]
    for block in re.split(r"\n(?=[a-zA-Z0-9])", "\n".join(lines)):
        requirement, *hashes = [line.removesuffix("\\").strip() for line in block.strip().splitlines()]
        assert hashes, requirement
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line) for line in hashes)
        parsed = Requirement(requirement)
        pins[canonicalize_name(parsed.name)] = next(iter(parsed.specifier)).version
    return pins


@pytest.mark.parametrize("name", LOCK_FILES)
def test_a_lock_file_names_no_host_and_no_path(name):
    pins = "\n".join(line for line in text_of(name).splitlines() if not line.startswith("#"))
    assert "://" not in pins
    assert " @ " not in pins
    assert "--index" not in pins
    assert "--find-links" not in pins
    assert "--extra-index" not in pins
    assert "/" not in pins


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("client.txt", BASE),
        ("server.txt", BASE + SERVER),
        ("development.txt", BASE + SERVER + ADDED + DEVELOPMENT),
        ("bench.txt", BASE + SERVER + BENCH),
    ],
)
def test_a_lock_file_pins_all_that_the_project_asks_for(name, wanted):
    pins = pins_of(name)
    for requirement in map(Requirement, wanted):
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)])


def test_the_lock_files_agree_on_every_version():
    client, server, development, bench = map(pins_of, LOCK_FILES)
    assert client.items() <= server.items() <= development.items()
    assert server.items() <= bench.items()
    assert {name: bench[name] for name in bench.keys() & development.keys()}.items() <= development.items()


def test_the_base_install_is_small_and_needs_nothing_of_the_server():
    client = pins_of("client.txt")
    assert len(client) <= 12
    server = {"starlette", "uvicorn", "uvloop", "typer", "rich", "structlog", "prometheus-client", "numpy", "scipy"}
    assert not server & client.keys()
