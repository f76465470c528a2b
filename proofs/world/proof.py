"""`python -m proofs world`: worlds of many seeds, each figure beside what the rules say, with its error."""

import hashlib
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from rich.console import Console
from rich.table import Table

from openoutcry.domain.simulation.world_rules import MarketRules
from openoutcry.domain.types import MONEY_UNITS
from openoutcry.pricing.session_time import SESSION_SECONDS
from openoutcry.scenarios.loader import load_scenario
from openoutcry.simulation.world.drawing import draw
from proofs.world.claims import Claim, claims
from proofs.world.estimate import Estimate, ratio, through
from proofs.world.measures import Measured, measure

MOST_ERRORS: Final = 4.0
"""Standard errors by which a figure may be off. Some eighty are judged, so two or three happen by chance."""
INTERVAL: Final = 1.96
"""Standard errors on each side of an interval of 95 %."""
_COLUMNS: Final = ("", "by the rules", "measured", "95 %")
_BEGIN: Final = "<!-- what follows is written by python -m proofs world -->"
_END: Final = "<!-- up to here -->"


class Judged(NamedTuple):
    claim: Claim
    measured: Estimate

    @property
    def holds(self) -> bool:
        expected, measured = self.claim.expected, self.measured
        if expected is None:
            return True
        off = abs(measured.value - expected.value)
        if self.claim.within is not None and off > self.claim.within * expected.value:
            return False
        error = max(measured.error, self._error_by_the_rules)
        return off <= MOST_ERRORS * math.hypot(error, expected.error)

    @property
    def _error_by_the_rules(self) -> float:
        """Of a share in percent."""
        expected, examples = self.claim.expected, self.measured.examples
        if expected is None or not self.claim.is_share:
            return 0.0
        return math.sqrt(expected.value * (100 - expected.value) / examples)

    @property
    def cells(self) -> tuple[str, str, str, str]:
        expected, unit = self.claim.expected, f" {self.claim.unit}" if self.claim.unit else ""
        if expected is None:
            told = ""
        elif expected.error:
            told = f"{_number(expected.value, expected.error)}{unit} ± {_number(INTERVAL * expected.error)}"
        else:
            told = f"{_number(expected.value)}{unit}"
        measured = f"{_number(self.measured.value, self.measured.error)}{unit}"
        return self.claim.says, told, measured, f"± {_number(INTERVAL * self.measured.error)}"


class WorldReport(NamedTuple):
    seeds: int
    judged: list[Judged]

    @property
    def holds(self) -> bool:
        return all(one.holds for one in self.judged)

    def show(self, console: Console) -> None:
        for section, rows in self._sections():
            table = Table(*_COLUMNS, "", title=section, title_justify="left", box=None, padding=(0, 2, 0, 0))
            for row in rows:
                judgement = "" if row.claim.expected is None else "holds" if row.holds else "[bold red]FAILS[/bold red]"
                table.add_row(*row.cells, judgement)
            console.print(table)
        failed = sum(not one.holds for one in self.judged)
        console.print(
            f"[bold red]{failed} figures of {self.seeds:,} seeds are off.[/bold red]"
            if failed
            else f"[green]All figures of {self.seeds:,} seeds are what the rules say.[/green]"
        )

    def write_markdown(self, page: Path) -> None:
        """In place of what stands between the two marks of the page. Raises `ValueError` if it has none."""
        before, begins, rest = page.read_text(encoding="utf-8").partition(_BEGIN)
        _, ends, after = rest.partition(_END)
        if not (begins and ends):
            raise ValueError(f"{page} has no marks {_BEGIN!r} and {_END!r}")
        text = "\n".join(self._markdown())
        page.write_text(f"{before}{_BEGIN}\n\n{text}\n{_END}{after}", encoding="utf-8")

    def _markdown(self) -> Iterator[str]:
        yield f"Over {self.seeds:,} seeds; ± is half of a confidence interval of 95 %."
        yield ""
        for section, rows in self._sections():
            yield f"| {section} | {' | '.join(_COLUMNS[1:])} |"
            yield f"| {' | '.join('---' for _ in _COLUMNS)} |"
            for row in rows:
                yield f"| {' | '.join(row.cells)} |"
            yield ""

    def _sections(self) -> Iterator[tuple[str, list[Judged]]]:
        for section in dict.fromkeys(one.claim.section for one in self.judged):
            yield section, [one for one in self.judged if one.claim.section == section]


def prove_world(seeds: int, advance: Callable[[], None]) -> WorldReport:
    """Sessions of the scenario `intern` with the seeds 1 to `seeds`; `advance` is called after each."""
    scenario = load_scenario("intern")
    rules = scenario.market
    assert rules is not None, "intern has a simulated market"  # noqa: S101
    opening = round(scenario.underlyings[scenario.index.index] * MONEY_UNITS)
    measured: list[Measured] = []
    for number in range(1, seeds + 1):
        seed = hashlib.sha256(str(number).encode()).digest()
        measured.append(measure(draw(rules, seed, SESSION_SECONDS, opening, scenario.index.ratio), rules))
        advance()
    return judge(rules, measured)


def judge(rules: MarketRules, measured: list[Measured]) -> WorldReport:
    """What the worlds of some seeds say of each claim. A claim of which they have no example is left out."""
    judged = []
    for claim in claims(rules):
        found = ratio(one.get(claim.figure, (0.0, 0.0)) for one in measured)
        if not math.isnan(found.value):
            judged.append(Judged(claim, through(claim.of, found)))
    return WorldReport(len(measured), judged)


def _number(value: float, error: float | None = None) -> str:
    """To the digits that mean something: two of the error, three of the value where there is none."""
    size = abs(value) if error is None else error
    if not size:
        return f"{value:g}"
    kept = 3 if error is None else 2
    digits = max(kept - 1 - math.floor(math.log10(size)), 0)
    text = f"{round(value, digits) + 0.0:,.{digits}f}"  # no minus before a zero
    return text.rstrip("0").rstrip(".") if error is None and "." in text else text
