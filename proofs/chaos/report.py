"""The results of one simulation, and of many."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table


@dataclass(slots=True)
class RunReport:
    seed: int
    trace_hash: str = ""
    """Equal for two runs that did the same, step for step."""
    steps: int = 0
    virtual_seconds: float = 0.0
    durability: str = ""
    has_day: bool = False
    lives: int = 0
    """Processes of the exchange, one after the other."""
    commands: int = 0
    answers: int = 0
    events: int = 0
    compared: int = 0
    """The number of comparisons that the auditor made."""
    faults: dict[str, int] = field(default_factory=dict)
    found_provisional: dict[str, int] = field(default_factory=dict)
    """Segments that had a provisional name at a start, by what became of them."""
    findings: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.findings

    def show(self, console: Console) -> None:
        _facts(
            console,
            {
                "seed": str(self.seed),
                "trace": self.trace_hash,
                "durability": self.durability,
                "trading day": "yes" if self.has_day else "no",
                "virtual time": f"{self.virtual_seconds:.1f} s in {self.steps:,} steps",
                "lives of the exchange": str(self.lives),
                "commands": f"{self.commands:,}",
                "answers and events told": f"{self.answers:,} and {self.events:,}",
                "compared": f"{self.compared:,}",
                "segments found under provisional names": _counts(self.found_provisional),
                "faults": _counts(self.faults),
            },
        )
        self.show_findings(console)

    def show_findings(self, console: Console) -> None:
        if self.is_clean:
            return
        console.print(f"\n[bold red]Seed {self.seed} fails[/bold red] (durability {self.durability}):")
        for finding in self.findings:
            console.print(f"  {finding}", style="red", markup=False, highlight=False, soft_wrap=True)
        console.print(f"Again, with everything that happens: python -m proofs chaos --seed {self.seed} --trace FILE")


class Summary:
    """Of many runs; `add` one after the other."""

    def __init__(self) -> None:
        self.failed: list[RunReport] = []
        self._runs = 0
        self._sums: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        self._found_provisional: Counter[str] = Counter()

    def add(self, report: RunReport) -> None:
        self._runs += 1
        self._faults.update(report.faults)
        self._found_provisional.update(report.found_provisional)
        for name in ("virtual_seconds", "steps", "lives", "commands", "answers", "events", "compared"):
            self._sums[name] += getattr(report, name)
        if not report.is_clean:
            self.failed.append(report)

    def show(self, console: Console, seconds: float) -> None:
        sums = self._sums
        _facts(
            console,
            {
                "simulations": f"{self._runs:,} in {seconds:.1f} s",
                "virtual time": f"{sums['virtual_seconds'] / 3600:.1f} hours in {sums['steps']:,} steps",
                "lives of the exchange": f"{sums['lives']:,}",
                "commands": f"{sums['commands']:,}",
                "answers and events told": f"{sums['answers']:,} and {sums['events']:,}",
                "compared": f"{sums['compared']:,}",
                "segments found under provisional names": _counts(self._found_provisional),
            },
        )
        table = Table("fault", "times", box=None, padding=(0, 2))
        table.columns[1].justify = "right"
        for name, count in sorted(self._faults.items()):
            table.add_row(name, f"{count:,}")
        console.print(table)
        for report in self.failed:
            report.show_findings(console)
        if self.failed:
            seeds = ", ".join(str(report.seed) for report in self.failed)
            console.print(f"[bold red]{len(self.failed)} of {self._runs} fail[/bold red]: {seeds}")
        else:
            console.print("[green]The auditor found nothing.[/green]")


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} × {name}" for name, count in sorted(counts.items())) or "none"


def _facts(console: Console, facts: dict[str, str]) -> None:
    grid = Table.grid(padding=(0, 2))
    for name, value in facts.items():
        grid.add_row(name, value)
    console.print(grid)
