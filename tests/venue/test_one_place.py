"""Some work must be done in one place only: making events, numbering streams, counting working quantity."""

import ast
from pathlib import Path

import openoutcry
from openoutcry.domain import events

PACKAGE = Path(openoutcry.__file__).parent
TREES = {
    path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for layer in ("domain", "matching", "clearing", "venue")
    for path in sorted((PACKAGE / layer).rglob("*.py"))
}
EVENTS_OF_ORDERS = {each.__name__ for each in (*events.PrivateEvent.__args__, events.TradePrinted)}


def modules_where(found):
    return {module for module, tree in TREES.items() if any(found(node) for node in ast.walk(tree))}


def changed(node):
    """What a statement gives another value."""
    match node:
        case ast.Assign():
            return [each for target in node.targets for each in getattr(target, "elts", [target])]
        case ast.AugAssign() | ast.AnnAssign():
            return [node.target]
    return []


def is_named(node, names):
    return isinstance(node, ast.Name) and node.id in names


def test_events_of_orders_and_trades_are_made_by_the_outcome():
    def makes_one(node):
        if isinstance(node, ast.Call):
            return is_named(node.func, EVENTS_OF_ORDERS)
        return isinstance(node, ast.Assign | ast.AnnAssign) and is_named(node.value, EVENTS_OF_ORDERS)

    assert modules_where(makes_one) == {"venue/outcome.py"}


def test_places_in_a_team_s_stream_are_taken_by_the_outcome():
    def takes_one(node):
        return any(ast.unparse(target) == "team.seq" for target in changed(node))

    assert modules_where(takes_one) == {"venue/outcome.py", "venue/snapshots/teams.py"}


def test_working_quantity_and_exposure_are_counted_by_the_team():
    def counts(node):
        for target in changed(node):
            inner = target.value if isinstance(target, ast.Subscript) else target
            name = getattr(inner, "attr", None)
            if name in {"open_quantity", "exposure", "total_option_exposure"}:
                return True
            if name == "open_orders" and isinstance(node, ast.AugAssign):
                return True
        return False

    assert modules_where(counts) == {"venue/state/team.py", "venue/snapshots/teams.py"}
