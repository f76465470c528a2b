"""`python -m proofs surveillance`: matches of honest teams, and matches with a cheat: who was found, who was named."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from openoutcry.scenarios.loader import load_scenario
from proofs.market.stage import last_seconds
from proofs.report import Report
from proofs.surveillance.matches import CHEATS, Watched, watch

FIRST_SEED: Final = 1_000
"""The thresholds were chosen with seeds below this one."""


def plan_of(matches: int, first_seed: int = FIRST_SEED) -> list[tuple[int, str | None]]:
    """Seed and cheat of each match: every other one is honest, and in the others each cheat has its turn."""
    cheats = list(CHEATS)
    return [
        (first_seed + number, None if number % 2 == 0 else cheats[number // 2 % len(cheats)])
        for number in range(matches)
    ]


def watch_all(
    matches: int, seconds: int, first_seed: int, advance: Callable[[], None] = lambda: None
) -> Iterator[Watched]:
    """Matches of the scenario `intern_fast`, so many `seconds` before the close."""
    scenario = last_seconds(load_scenario("intern_fast"), seconds)
    for seed, cheat in plan_of(matches, first_seed):
        yield watch(scenario, seed, cheat)
        advance()


def prove_surveillance(matches: int, seconds: int, advance: Callable[[], None], first_seed: int = FIRST_SEED) -> Report:
    return report_of(watch_all(matches, seconds, first_seed, advance), seconds)


def report_of(played: Iterator[Watched], seconds: int) -> Report:
    report = Report(f"Surveillance over {seconds:,} market seconds")
    nobody = report.check("No honest team is named")
    checks = {name: report.check(f"Found: {name}") for name in CHEATS if name}
    gone = report.check("Trades of those who gave or washed are in nobody's score")
    kinds: Counter[str] = Counter()
    seeds: list[int] = []
    honest = 0
    for match in played:
        seeds.append(match.seed)
        honest += match.cheat is None
        kinds.update(finding.kind for finding in match.findings)
        wrong = [finding.text for finding in match.wrong]
        nobody.equal(f"seed {match.seed}, {match.cheat or 'all honest'}", expected=[], found=wrong)
        if match.cheat is None:
            continue
        checks[match.cheat].equal(f"seed {match.seed}", expected=True, found=match.is_found)
        if CHEATS[match.cheat].kind in ("transfer", "round_trips"):
            excluded = {name: match.entries[name].excluded_trades for name in match.cheats}
            told = {name: sum(each.trades for each in match.exclusions) for name in match.cheats}
            gone.equal(f"seed {match.seed}", expected=told, found=excluded)
    report.facts["matches"] = f"{len(seeds)}, of which {honest} of honest teams alone"
    report.facts["seeds"] = f"{min(seeds)} to {max(seeds)}" if seeds else "none"
    report.facts["findings"] = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())) or "none"
    report.checks = [check for check in report.checks if check.compared]
    return report
