"""`python -m openoutcry.bench.instructions`: instructions that a command of each kind costs, in the build at hand."""

import platform
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from openoutcry.bench.failures import MeasurementFailed
from openoutcry.bench.instructions.callgrind import count_instructions
from openoutcry.bench.instructions.workload import PARTS
from openoutcry.runtime.process.build import CORE

TITLES: Final = {
    "venue": "The venue alone: judged and executed",
    "lane": "The whole way in the process: bytes read, verdict written, executed, journaled, told to readers",
}


class Count(Struct, frozen=True):
    """`instructions` per command, by part and kind."""

    core: str
    python: str
    commands: int
    instructions: dict[str, dict[str, float]]


def run(
    only: Annotated[str | None, typer.Option(help=f"A part alone: {' or '.join(PARTS)}.")] = None,
    commands: Annotated[int, typer.Option(min=1, help="How many of each kind are counted, after as many more.")] = 500,
    json: Annotated[Path | None, typer.Option(help="Keep the figures in this file.")] = None,
    beside: Annotated[Path | None, typer.Option(help="Show ratios to the figures kept in this file.")] = None,
) -> None:
    """Count the instructions that commands cost, by valgrind, and print them."""
    if only is not None and only not in PARTS:
        raise typer.BadParameter(f"{only}: choose from {', '.join(PARTS)}", param_hint="--only")
    before = None if beside is None else msgspec.json.decode(beside.read_bytes(), type=Count)
    counted: dict[str, dict[str, float]] = {}
    for part in PARTS if only is None else (only,):
        try:
            counted[part] = count_instructions(part, commands)
        except MeasurementFailed as failure:
            typer.echo(f"instructions: {failure}", err=True)
            raise typer.Exit(1) from None
    count = Count(CORE, platform.python_version(), commands, counted)
    show(count, before)
    if json is not None:
        json.write_bytes(msgspec.json.format(msgspec.json.encode(count), indent=2) + b"\n")


def show(count: Count, before: Count | None) -> None:
    """A table of each part, with ratios to `before` if that has the same kind."""
    console = Console()
    for part, kinds in count.instructions.items():
        console.print(f"{TITLES[part]}:", soft_wrap=True)
        table = Table(box=None, padding=(0, 2, 0, 0))
        table.add_column(f"{count.core}, Python {count.python}")
        table.add_column("instructions", justify="right")
        if before is not None:
            table.add_column(f"before ({before.core})", justify="right")
            table.add_column("ratio", justify="right")
        for kind, instructions in kinds.items():
            row = [kind, f"{instructions:,.0f}"]
            earlier = None if before is None else before.instructions.get(part, {}).get(kind)
            if earlier is not None:
                row += [f"{earlier:,.0f}", f"{instructions / earlier:.4f}"]
            table.add_row(*row)
        console.print(table)
        console.print()


if __name__ == "__main__":
    typer.run(run)
