"""The list of checks is complete, and every order passes through it."""

import ast
from pathlib import Path

from openoutcry.venue import checks
from openoutcry.venue.checks.market import check_market
from openoutcry.venue.checks.order import CHECKS
from openoutcry.venue.checks.sender import check_sender

FOLDER = Path(checks.__file__).parent


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def test_an_order_goes_through_the_checks_of_the_list_in_their_order():
    assert calls_of("find_fault") == [f"{check.__name__}(context)" for check in CHECKS]


def test_a_side_of_a_quote_goes_through_all_of_them_but_those_that_its_quote_has_passed():
    passed = [check_sender, check_market]
    assert calls_of("find_quote_fault") == [f"{check.__name__}(context)" for check in CHECKS if check not in passed]


def calls_of(name):
    """The calls that the function returns the first finding of."""
    (function,) = (node for node in parsed(FOLDER / "order.py").body if getattr(node, "name", None) == name)
    answer = function.body[-1].value
    assert isinstance(answer, ast.BoolOp)
    assert isinstance(answer.op, ast.Or)
    return [ast.unparse(call) for value in answer.values for call in unguarded(value)]


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
