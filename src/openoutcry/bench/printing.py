"""A run as tables: on the terminal as it goes, and as Markdown to be kept beside the project."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from openoutcry.bench.measures import Spread
from openoutcry.bench.report import Claim, Section
from openoutcry.bench.run import Run

TARGET_COLUMNS: Final = ("figure", "measured", "lowest to highest round", "target", "")

BEGIN: Final = "<!-- what follows is written by openoutcry bench -->"
END: Final = "<!-- up to here -->"


def show_section(section: Section, console: Console) -> None:
    table = Table(*section.columns, title=section.title, title_justify="left", box=None, padding=(0, 2, 0, 0))
    for row in section.rows:
        table.add_row(*map(escape, row))
    console.print(table)
    for note in section.notes:
        console.print(note, soft_wrap=True, markup=False, highlight=False, style="dim")
    console.print()


def show_targets(finished: Run, console: Console) -> None:
    table = Table(*TARGET_COLUMNS, title="Beside the targets", title_justify="left", box=None, padding=(0, 2, 0, 0))
    for row in _target_rows(finished):
        table.add_row(*map(escape, row))
    console.print(table)
    if finished.effort.is_quick:
        console.print("A quick run shows that everything works. Its figures mean nothing.")
    for name, description in finished.machine.items():
        console.print(f"{name}: {description}", soft_wrap=True, markup=False, highlight=False, style="dim")


def write_markdown(finished: Run, path: Path) -> None:
    """Into a new file, or in place of what stands between the two marks of a page that has them."""
    text = "\n".join(_markdown(finished))
    if path.exists():
        page = path.read_text(encoding="utf-8")
        before, begins, rest = page.partition(BEGIN)
        _, ends, after = rest.partition(END)
        if begins and ends:
            text = f"{before}{BEGIN}\n\n{text}\n{END}{after}"
    path.write_text(text, encoding="utf-8")


def _markdown(finished: Run) -> Iterator[str]:
    minutes = finished.seconds / 60
    if finished.effort.is_quick:
        yield "A quick run shows that everything works. Its figures mean nothing."
        yield ""
    yield f"Taken {finished.taken_at:%Y-%m-%d}, {finished.effort.rounds} rounds, in {minutes:.0f} minutes, on:"
    yield ""
    for name, description in finished.machine.items():
        yield f"- {name}: {description}"
    yield ""
    yield "### Beside the targets"
    yield ""
    yield from _markdown_table(TARGET_COLUMNS, list(_target_rows(finished)))
    for name, why in finished.failures.items():
        yield f"{name} could not be measured: {why}"
        yield ""
    for section in finished.sections.values():
        yield f"### {section.title}"
        yield ""
        yield from _markdown_table(section.columns, section.rows)
        for note in section.notes:
            yield note
            yield ""


def _markdown_table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield f"| {' | '.join('---' for _ in columns)} |"
    for row in rows:
        yield f"| {' | '.join(cell.strip() for cell in row)} |"
    yield ""


def _target_rows(finished: Run) -> Iterator[tuple[str, ...]]:
    for section in finished.sections.values():
        for claim in section.claims:
            yield _target_row(claim)


def _target_row(claim: Claim) -> tuple[str, ...]:
    what, bound = claim.target.what, claim.target.bound
    if claim.figure is None:
        return (what, "not stated", claim.why, bound, "")
    return (what, _number(claim.figure.median), _range(claim.figure), bound, "met" if claim.is_met else "MISSED")


def _range(figure: Spread) -> str:
    return f"{_number(figure.low)} to {_number(figure.high)}"


def _number(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.2f}"
