"""The whole venue in process: every command is judged, matched, settled and reported in events."""

from typing import Final

from openoutcry.bench import targets
from openoutcry.bench.engines.commands import (
    DataMissing,
    check_all_accepted,
    commands_of_flow,
    load_roomy_scenario,
    new_venue,
    play_commands,
    recorded_commands,
)
from openoutcry.bench.engines.flow import make_flow
from openoutcry.bench.measures import Spread, spread
from openoutcry.bench.report import NOTHING, Claim, Section, rate_spread
from openoutcry.bench.stage import Stage
from openoutcry.bench.targets import Target
from openoutcry.domain.commands import Command
from openoutcry.runtime.process.build import CORE
from openoutcry.scenarios.model import Scenario

DEEP_BOOK_DEPTH: Final = 17_000
CHECKED: Final = 50_000
"""How many commands are tried before the timing, because all commands of the flow must be accepted."""
RECORDED_REPEATS: Final = 5
"""How often the short recording is played in a round, each time on a new venue."""


def venue(stage: Stage) -> Section:
    section = Section(
        f"The whole venue in process ({CORE})", ("commands", "a second of CPU", "how many", "resting orders before")
    )
    scenario = load_roomy_scenario()
    is_interpreted = CORE == "interpreted"
    flow = make_flow(DEEP_BOOK_DEPTH, stage.effort.deep_book_messages)
    filling, following = commands_of_flow(flow, scenario)
    check_all_accepted(scenario, (filling + following)[:CHECKED])
    deep = _play(scenario, filling, following, stage.effort.few_rounds, 1)
    target = targets.VENUE_DEEP if is_interpreted else targets.VENUE_DEEP_COMPILED
    _add(section, "seeded, deep book", target, deep, len(following), f"{len(filling):,}")
    try:
        recorded = recorded_commands(scenario, stage.effort.recorded_messages)
    except DataMissing as missing:
        section.rows.append(("recorded order flow", "not measured", NOTHING, NOTHING))
        section.notes.append(f"Not measured: {missing}")
        return section
    rates = _play(scenario, [], recorded, stage.effort.rounds, RECORDED_REPEATS)
    target = targets.VENUE_RECORDED if is_interpreted else targets.VENUE_RECORDED_COMPILED
    _add(section, "recorded order flow", target, rates, len(recorded), "0")
    return section


def _play(
    scenario: Scenario, filling: list[Command], commands: list[Command], rounds: int, repeats: int
) -> list[float]:
    """Commands per second of processor time, by round."""
    rates = []
    for _ in range(rounds):
        seconds = 0.0
        for _ in range(repeats):
            fresh = new_venue(scenario)
            play_commands(fresh, filling)
            seconds += play_commands(fresh, commands).seconds
        rates.append(repeats * len(commands) / seconds)
    return rates


def _add(section: Section, name: str, target: Target, rates: list[float], commands: int, resting: str) -> None:
    figure: Spread = spread(rates)
    section.rows.append((name, rate_spread(figure), f"{commands:,}", resting))
    section.claims.append(Claim(target, figure))
    section.figures[name] = rates
