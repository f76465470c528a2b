"""What a proof found: facts, checks with their differences, and the verdict that becomes the exit code."""

from typing import Final

from rich.console import Console
from rich.table import Table

EXAMPLES_SHOWN: Final = 5
"""Differences of one check that are printed; all of them are counted."""


class Check:
    """One claim that is compared item by item. It holds if it compared something and found no difference."""

    def __init__(self, claim: str) -> None:
        self.claim = claim
        self.compared = 0
        self.differences = 0
        self.examples: list[str] = []

    @property
    def holds(self) -> bool:
        return self.compared > 0 and not self.differences

    def equal(self, what: object, *, expected: object, found: object) -> bool:
        """Compare one item; `what` names it in the report if it differs."""
        self.compared += 1
        if expected == found:
            return True
        self.differ(f"{what}: expected {expected}, found {found}")
        return False

    def differ(self, difference: str) -> None:
        self.differences += 1
        if len(self.examples) < EXAMPLES_SHOWN:
            self.examples.append(difference)


class Report:
    """Checks in the order in which they were opened, and facts beside them."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.facts: dict[str, str] = {}
        self.checks: list[Check] = []

    def check(self, claim: str) -> Check:
        check = Check(claim)
        self.checks.append(check)
        return check

    @property
    def holds(self) -> bool:
        return all(check.holds for check in self.checks)

    def show(self, console: Console) -> None:
        console.print(f"\n[bold]{self.title}[/bold]")
        facts = Table.grid(padding=(0, 2))
        for name, value in self.facts.items():
            facts.add_row(name, value)
        console.print(facts)
        table = Table("check", "compared", "different", "", box=None, padding=(0, 2))
        for column in (1, 2):
            table.columns[column].justify = "right"
        for check in self.checks:
            mark = "[green]holds[/green]" if check.holds else "[bold red]FAILS[/bold red]"
            table.add_row(check.claim, f"{check.compared:,}", f"{check.differences:,}", mark)
        console.print(table)
        for check in self.checks:
            for example in check.examples:
                console.print(f"  {check.claim}: {example}", style="red", markup=False, highlight=False)
            if check.differences > len(check.examples):
                console.print(f"  ... and {check.differences - len(check.examples):,} more", style="red")
        console.print("[green]Everything agrees.[/green]" if self.holds else "[bold red]It does not agree.[/bold red]")
