"""Runs a notebook's cells as a kernel does: in order, in one namespace, in a loop that runs already."""

import ast
import asyncio
import inspect
import json
from pathlib import Path


def code_cells(path: Path) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def run_cells(cells: list[str]) -> tuple[dict[str, object], list[object]]:
    """The names that they leave, and what each shows: the value of its last line, None if that is no expression."""

    async def run() -> tuple[dict[str, object], list[object]]:
        names: dict[str, object] = {"__name__": "__main__"}
        return names, [await _shown(source, f"cell {number}", names) for number, source in enumerate(cells, start=1)]

    return asyncio.run(run())


async def _shown(source: str, place: str, names: dict[str, object]) -> object:
    body = ast.parse(source, place).body
    last = body.pop() if isinstance(body[-1], ast.Expr) else None
    await _evaluated(compile(ast.Module(body, []), place, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), names)
    if last is None:
        return None
    return await _evaluated(compile(ast.Expression(last.value), place, "eval", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), names)


async def _evaluated(code, names: dict[str, object]) -> object:
    result = eval(code, names)
    return await result if code.co_flags & inspect.CO_COROUTINE else result
