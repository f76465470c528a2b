"""`python -m proofs market`: matches of many seeds; what each strategy earns, with its error, and what it must not."""

import math
from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from rich.console import Console
from rich.table import Table

from openoutcry.scenarios.loader import load_scenario
from proofs.market.matches import MATCHES, WHOLE_DAYS, Figures
from proofs.market.stage import last_seconds

ERRORS: Final = 2.0
"""Standard errors that decide."""

Sign = Literal["above 0", "not above 0", "0"]


class Claim(NamedTuple):
    figure: str
    says: Sign
    less: str | None = None
    """A figure of the same match that is taken from it."""

    def __str__(self) -> str:
        return self.says if self.less is None else self.says.replace("0", f"“{self.less}”")


_EDGE, _WIDEST = "from the value to the band's edge", "the widest spread of a maker's duty"

CLAIMS: Final[dict[str, tuple[Claim, ...]]] = {
    "reach": (
        Claim(f"all: {_EDGE}", "above 0", "all: the house's spread"),
        Claim(f"all: {_WIDEST}", "above 0", f"all: {_EDGE}"),
        Claim(f"out of the money: {_EDGE}", "above 0", f"out of the money: {_WIDEST}"),
        Claim(f"in the money: {_WIDEST}", "above 0", f"in the money: {_EDGE}"),
        Claim("all: of 100, whose ask by the house after news may be beyond the edge", "0"),
    ),
    "roles": (
        Claim("what the sniper's contracts of the house were worth to it", "not above 0"),
        Claim("fund", "above 0"),
        Claim("desk", "above 0"),
        Claim("retail trader: edge at its fills, less fees", "above 0"),
        Claim("house: edge against the retail flow", "above 0"),
    ),
    "maker": (
        Claim("maker: edge at its fills, less fees", "above 0"),
        Claim("house: edge against the retail flow", "above 0"),
    ),
    "race": (Claim("contracts sniped, with protection", "0"), Claim("maker without protection", "not above 0")),
    "friends": (
        Claim("contracts passed", "above 0"),
        # Not what one would wish, but what docs/market.md says, as under "reach": if it changes, so must the page.
        Claim("a contract passed: the friend gets", "above 0", "the house's spread with fees"),
        Claim("the widest spread that a maker's duty allows", "above 0", "a contract passed: the friend gets"),
    ),
    "explained": (
        Claim("but for today's last minutes: 2 % of gross", "above 0", "but for today's last minutes: rest"),
    ),
}


class Measured(NamedTuple):
    seeds: int
    mean: float
    deviation: float

    @property
    def error(self) -> float:
        return self.deviation / math.sqrt(self.seeds)


def measure(values: list[float]) -> Measured:
    """The deviation of a single one tells nothing, and is infinite."""
    mean = sum(values) / len(values)
    squares = sum((value - mean) ** 2 for value in values)
    return Measured(len(values), mean, math.sqrt(squares / (len(values) - 1)) if len(values) > 1 else math.inf)


def holds(claim: Claim, played: list[Figures]) -> bool:
    """By two standard errors: "above 0" holds if it is surely so, "not above 0" unless it surely is."""
    found = measure([one[claim.figure] - (one[claim.less] if claim.less else 0.0) for one in played])
    if claim.says == "0":
        return found.mean == 0 and found.deviation in (0, math.inf)
    lowest = found.mean - ERRORS * found.error
    return lowest > 0 if claim.says == "above 0" else not lowest > 0


class MarketReport(NamedTuple):
    seconds: int | None
    played: dict[str, list[Figures]]
    """By matches, for each seed."""

    @property
    def failed(self) -> list[Claim]:
        return [claim for match, played in self.played.items() for claim in CLAIMS[match] if not holds(claim, played)]

    @property
    def holds(self) -> bool:
        return not self.failed

    def show(self, console: Console) -> None:
        for match, played in self.played.items():
            is_whole = self.seconds is None or match in WHOLE_DAYS
            lasts = "whole days" if is_whole else f"the last {self.seconds:,} seconds of a day"
            table = Table("", "mean", "± s. e.", "s. d.", "", box=None, padding=(0, 2, 0, 0))
            table.title, table.title_justify = f"{match}: {len(played)} seeds, {lasts}", "left"
            claims = {claim.figure: claim for claim in CLAIMS[match]}
            for figure in played[0]:
                found = measure([one[figure] for one in played])
                claim = claims.get(figure)
                verdict = "" if claim is None else "holds" if holds(claim, played) else "[bold red]FAILS[/bold red]"
                judgement = "" if claim is None else f"{claim}: {verdict}"
                table.add_row(figure, _number(found.mean), _number(found.error), _number(found.deviation), judgement)
            console.print(table)
        holding = "[green]All of it holds.[/green]"
        console.print(holding if self.holds else f"[bold red]{len(self.failed)} do not hold.[/bold red]")


def prove_market(seeds: int, seconds: int | None, advance: Callable[[], None]) -> MarketReport:
    """Matches of the scenario `intern_fast` with the seeds 1 to `seeds`; `advance` is called after each.

    They last so many `seconds` before the close; None: whole days.
    """
    whole = load_scenario("intern_fast")
    shorter = whole if seconds is None else last_seconds(whole, seconds)
    played: dict[str, list[Figures]] = {match: [] for match in MATCHES}
    for seed in range(1, seeds + 1):
        for match, play in MATCHES.items():
            played[match].append(play(whole if match in WHOLE_DAYS else shorter, seed))
            advance()
    return MarketReport(seconds, played)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}"
