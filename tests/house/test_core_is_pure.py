"""What no import contract can check: the core reads no clock, opens no file and prints nothing."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "openoutcry"
CORE = [
    path for layer in ("domain", "matching", "clearing", "venue") for path in sorted((PACKAGE / layer).rglob("*.py"))
]
REACHES_OUT = {"open", "print", "input", "breakpoint", "exec", "eval", "__import__"}
READS_THE_CLOCK = {"now", "utcnow", "today", "fromtimestamp"}
DIFFERS_BETWEEN_RUNS = {"id", "hash"}


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_of_the_core_calls_nothing_outside_itself(path):
    called = [
        (node.func.id if isinstance(node.func, ast.Name) else node.func.attr, node.lineno)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
    ]
    names = {node.id for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Name)}
    assert [call for call in called if call[0] in READS_THE_CLOCK] == []
    assert names & REACHES_OUT == set()
    assert [call for call in called if call[0] in DIFFERS_BETWEEN_RUNS] == []


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_of_the_core_holds_no_float_literal(path):
    floats = [
        (node.value, node.lineno)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, float)
    ]
    assert floats == []
