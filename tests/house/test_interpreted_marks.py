"""Tests that replace what a compiled build has bound for good, or derive from its classes, say so with the mark
`interpreted`.
"""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
COMPILED = set(PROJECT["tool"]["hatch"]["build"]["hooks"]["custom"]["modules"])
MARK = "pytest.mark.interpreted"
REPLACES = {"setattr", "patch", "object"}
"""The last part of the name of what puts one thing in the place of another: monkeypatch's and unittest.mock's."""


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def home_of(module, name):
    """The module in which `module`'s `name` is defined."""
    for node in parsed(ROOT / "src" / f"{module.replace('.', '/')}.py").body:
        if isinstance(node, ast.ImportFrom) and any((each.asname or each.name) == name for each in node.names):
            return node.module
    return module


def modules_imported(tree):
    """The package's modules that a test knows by a name, by that name."""
    imported = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            imported |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
        elif isinstance(node, ast.Import):
            imported |= {each.asname: each.name for each in node.names if each.asname}
    return imported


def replaced(call, imported):
    """Module and name of what the call replaces, where both stand in it."""
    match call.args:
        case [ast.Constant(value=str(target)), *_] if target.startswith("openoutcry."):
            module, _, name = target.rpartition(".")
            return module, name
        case [ast.Name(id=module), ast.Constant(value=str(name)), *_] if module in imported:
            return imported[module], name
    return None


def unmarked(tree):
    """Name and line of each replacement of something compiled, and of each class that derives from a compiled one
    inside a test, without the mark.
    """
    imported = modules_imported(tree)
    # A state machine is no test itself: what is marked is the test case that hypothesis makes of it.
    marked = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == MARK]
    machines = {ast.unparse(argument).removesuffix(".TestCase") for call in marked for argument in call.args}
    for definition in tree.body:
        marks = [ast.unparse(mark) for mark in getattr(definition, "decorator_list", [])]
        if MARK in marks or getattr(definition, "name", None) in machines:
            continue
        for node in ast.walk(definition):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in REPLACES:
                target = replaced(node, imported)
                if target is not None and target[0] in COMPILED and home_of(*target) in COMPILED:
                    yield node.lineno, ".".join(target)
            elif isinstance(node, ast.ClassDef) and node is not definition:
                for base in node.bases:
                    module, _, name = imported.get(ast.unparse(base), "").rpartition(".")
                    if module in COMPILED and home_of(module, name) in COMPILED:
                        yield node.lineno, f"{module}.{name}"


@pytest.mark.parametrize("path", sorted((ROOT / "tests").rglob("*.py")), ids=lambda path: path.name)
def test_what_replaces_something_compiled_is_marked(path):
    assert list(unmarked(parsed(path))) == []


def test_a_replacement_without_the_mark_is_found():
    code = """
from openoutcry.access import rate_limits
from openoutcry.venue.venue import Venue

def test_one(monkeypatch):
    monkeypatch.setattr("openoutcry.venue.execution.trade", fail)
    monkeypatch.setattr(rate_limits, "Bucket", None)
    monkeypatch.setattr("openoutcry.runtime.streams.outbox.ChannelMessage", None)

def test_derived():
    class Miscounting(Venue):
        pass

@pytest.mark.interpreted
def test_two(monkeypatch):
    monkeypatch.setattr("openoutcry.venue.execution.trade", fail)
"""
    assert list(unmarked(ast.parse(code))) == [
        (6, "openoutcry.venue.execution.trade"),
        (7, "openoutcry.access.rate_limits.Bucket"),
        (11, "openoutcry.venue.venue.Venue"),
    ]
