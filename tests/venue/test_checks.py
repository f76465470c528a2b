"""The list of checks is complete, and every order passes through it."""

import ast
from pathlib import Path

from openoutcry.venue import checks
from openoutcry.venue.checks.order import CHECKS

FOLDER = Path(checks.__file__).parent


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def test_an_order_goes_through_the_checks_of_the_list_in_their_order():
    (find_fault,) = (node for node in parsed(FOLDER / "order.py").body if getattr(node, "name", None) == "find_fault")
    answer = find_fault.body[-1].value
    assert isinstance(answer, ast.BoolOp)
    assert isinstance(answer.op, ast.Or)
    calls = [ast.unparse(call) for value in answer.values for call in unguarded(value)]
    assert calls == [f"{check.__name__}(context)" for check in CHECKS]


def unguarded(call):
    """The call, or those in `None if there is nothing to check else one or other`."""
    if isinstance(call, ast.IfExp) and ast.unparse(call.body) == "None":
        call = call.orelse
    return call.values if isinstance(call, ast.BoolOp) and isinstance(call.op, ast.Or) else [call]


def test_every_check_of_an_order_is_in_the_list():
    written = {
        node.name
        for path in FOLDER.glob("*.py")
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("check_")
    }
    assert written == {check.__name__ for check in CHECKS}
