"""Time, chance and limits come in as arguments: no module reaches for them, and no test replaces a constant."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "openoutcry"
SOURCES = {"time", "secrets", "random"}
"""Modules that read the machine's clocks and chance."""
PROGRAMS = {"bench", "bots", "cli"}
"""Packages that are programs of their own: they end at the machine."""
EDGES = {"runtime/clock.py", "runtime/entropy.py"}
"""What the machine's own are, for those to whom nobody gives others."""
READERS = {
    "client/synchronous.py": "a wait of a plain thread",
    "gateway/http/receipts.py": "the name of a request: without a system call, for each order would pay for it",
    "lab/isolation/shifted_clock.py": "clocks that are wrong on purpose, in a process of its own",
    "runtime/recovery/snapshots/builder.py": "a process of its own, which waits for files of another",
}
"""What reads them outside of a default all the same, and for what."""
REPLACES = {"setattr", "patch", "object"}
"""The last part of the name of what puts one thing in the place of another: monkeypatch's and unittest.mock's."""


def reads(tree):
    """Lines that call or pass on something of `SOURCES`, or `os.urandom`, except as a default or an annotation.

    `Random(seed)` reads nothing: what it draws follows from the seed.
    """
    modules, names = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {each.asname or each.name for each in node.names if each.name in SOURCES}
        elif isinstance(node, ast.ImportFrom):
            names |= {
                each.asname or each.name
                for each in node.names
                if node.module in SOURCES or (node.module, each.name) == ("os", "urandom")
            }
    defaults = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.arguments):
            defaults |= {id(each) for each in (*node.defaults, *node.kw_defaults)}
        elif isinstance(node, ast.ClassDef):
            defaults |= {id(field.value) for field in node.body if isinstance(field, ast.AnnAssign)}
    annotations = {
        id(part)
        for node in ast.walk(tree)
        for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None))
        if isinstance(annotation, ast.AST)
        for part in ast.walk(annotation)
    }
    seeded = {
        id(node.func)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Name) and node.func.id == "Random"
    }
    for node in ast.walk(tree):
        if id(node) in annotations | seeded:
            continue
        if id(node) in defaults and not any(isinstance(each, ast.Call) for each in ast.walk(node)):
            continue
        match node:
            case ast.Attribute(value=ast.Name(id=module)) if module in modules:
                yield node.lineno
            case ast.Attribute(value=ast.Name(id="os"), attr="urandom"):
                yield node.lineno
            case ast.Name(id=name, ctx=ast.Load()) if name in names:
                yield node.lineno


def constants_replaced(tree):
    """Line and name of each replacement of a constant."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or ast.unparse(node.func).rpartition(".")[2] not in REPLACES:
            continue
        match node.args:
            case [ast.Constant(value=str(target)), *_]:
                name = target.rpartition(".")[2]
            case [_, ast.Constant(value=str(name)), *_]:
                pass
            case _:
                continue
        if name.isupper():
            yield node.lineno, name


def sources_replaced(tree):
    """Lines that put something in the place of an attribute of `SOURCES`, or seed the chance that all share."""
    modules = {
        each.asname or each.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for each in node.names
        if each.name in SOURCES
    }
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=module), ctx=ast.Store() | ast.Del()) if module in modules:
                yield node.lineno
            case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr="seed" | "setstate")) if module in modules:
                yield node.lineno
            case ast.Call(args=[target, *_]) if ast.unparse(node.func).rpartition(".")[2] in REPLACES:
                text = target.value if isinstance(target, ast.Constant) else ast.unparse(target)
                if str(text).partition(".")[0] in SOURCES | modules:
                    yield node.lineno


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def modules():
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE)
        if name.parts[0] not in PROGRAMS and name.as_posix() not in EDGES:
            yield name.as_posix(), path


def test_no_module_reads_the_clock_or_draws_chance_by_itself():
    assert {name for name, path in modules() if any(reads(parsed(path)))} == set(READERS)


@pytest.mark.parametrize("folder", ["tests", "proofs"])
def test_no_constant_is_replaced(folder):
    found = {path.name: list(constants_replaced(parsed(path))) for path in sorted((ROOT / folder).rglob("*.py"))}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("folder", ["tests", "proofs"])
def test_no_source_of_time_or_chance_is_replaced(folder):
    found = {path.name: list(sources_replaced(parsed(path))) for path in sorted((ROOT / folder).rglob("*.py"))}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_a_read_is_found_and_a_default_is_none():
    code = """
import time
from time import monotonic as now

def wait(clock=time.monotonic, *, watch=now):
    started = time.monotonic()
    return now() - started

class Settings:
    clock: object = time.monotonic
    opened: float = time.monotonic()

from random import Random
chance = Random("seed")
chance = Random()
"""
    assert sorted(reads(ast.parse(code))) == [6, 7, 11, 15]


def test_a_replaced_constant_is_found():
    code = """
monkeypatch.setattr("openoutcry.runtime.streams.limits.MAX_EVENTS", 1)
monkeypatch.setattr(limits, "MAX_EVENTS", 2)
patch.object(venue, "trade", fail)
setattr(disk, what_fails, None)
"""
    assert list(constants_replaced(ast.parse(code))) == [(2, "MAX_EVENTS"), (3, "MAX_EVENTS")]


def test_a_replaced_source_is_found():
    code = """
import random, secrets
import time as clock

secrets.token_bytes, state = draw, random.getstate()
random.seed(1)
clock.monotonic = lambda: 0.0
del secrets.choice
setattr(secrets, "token_bytes", draw)
monkeypatch.setattr("time.time", draw)
patch.object(clock, "sleep")
chance = random.Random(1)
chance.seed = secrets.token_bytes(8)
monkeypatch.setattr(venue, "time", draw)
"""
    assert sorted(sources_replaced(ast.parse(code))) == [5, 6, 7, 8, 9, 10, 11]
