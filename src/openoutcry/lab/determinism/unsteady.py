"""What in a bot's file may differ from one run to the next: a hint for who looks for it."""

import ast
from pathlib import Path
from typing import Final

_CLOCKS: Final = ("time", "monotonic", "perf_counter", "process_time", "thread_time")
_OF_NOW: Final = ("localtime", "gmtime", "ctime", "asctime", "strftime")
_SOURCES: Final = frozenset(
    {
        *(f"time.{name}{suffix}" for name in _CLOCKS for suffix in ("", "_ns")),
        *(f"time.{name}" for name in _OF_NOW),
        *(f"datetime.datetime.{name}" for name in ("now", "utcnow", "today")),
        "datetime.date.today",
        "os.urandom",
        "os.getpid",
        "os.times",
    }
)
_MODULES: Final = frozenset({"random", "secrets", "uuid"})
_BUILT_IN: Final = frozenset({"id", "hash", "set", "frozenset"})


def unsteady_lines(file: Path) -> tuple[str, ...]:
    """Each line of the file that reads a clock, draws a number, makes a set or asks for an identity."""
    try:
        text = file.read_text()
        tree = ast.parse(text)
    except (OSError, SyntaxError, ValueError):
        return ()
    names = _names(tree)
    lines = sorted({node.lineno for node in ast.walk(tree) if isinstance(node, ast.expr) and _is_unsteady(node, names)})
    written = text.splitlines()
    return tuple(f"{file.name}:{line}: {written[line - 1].strip()}" for line in lines)


def _names(tree: ast.AST) -> dict[str, str]:
    """What imported names stand for."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update({alias.asname or alias.name: alias.name for alias in node.names})
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    return names


def _is_unsteady(node: ast.expr, names: dict[str, str]) -> bool:
    if isinstance(node, ast.Set | ast.SetComp):
        return True
    if not isinstance(node, ast.Call):
        return False
    called = ast.unparse(node.func)
    first, dot, rest = called.partition(".")
    if not dot and first in _BUILT_IN:
        return True
    if first not in names:
        return False
    meant = names[first] + dot + rest
    return meant in _SOURCES or meant.partition(".")[0] in _MODULES or meant.startswith("numpy.random.")
