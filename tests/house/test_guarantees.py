"""The page of guarantees names existing tests for each of them."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")
PROMISED, _, NOT_PROMISED = PAGE.partition("## What is not promised")
GUARANTEES = re.split(r"^- ", PROMISED, flags=re.MULTILINE)[1:]
TEST = re.compile(r"^  - `(tests/[\w/]+\.py)::(\w+)`$", re.MULTILINE)


def names_in(module):
    """What the module defines that pytest could collect."""
    for node in ast.parse((ROOT / module).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


@pytest.mark.parametrize("guarantee", GUARANTEES, ids=lambda guarantee: guarantee.split("\n", 1)[0].strip("*."))
def test_a_guarantee_names_tests_that_exist(guarantee):
    named = TEST.findall(guarantee)
    assert named, "no test proves it"
    missing = [
        f"{module}::{name}"
        for module, name in named
        if not (ROOT / module).is_file() or not name.lower().startswith("test") or name not in names_in(module)
    ]
    assert missing == []


def test_every_test_that_is_named_is_named_in_a_way_that_is_checked():
    assert len(TEST.findall(PAGE)) == PAGE.count("tests/") >= 60


def test_what_is_not_promised_is_said():
    assert len(re.findall(r"^- ", NOT_PROMISED, re.MULTILINE)) >= 5
