"""Matches in the lab: a day of the default game with four bots, beside another simulation, and with isolated bots."""

import gc
import logging
import os
from time import process_time
from typing import Final

from openoutcry.bench import targets
from openoutcry.bench.engines import stepped
from openoutcry.bench.measures import Spread, ratios, spread
from openoutcry.bench.report import Claim, Section, rate_spread, times_spread
from openoutcry.bench.sections.simulated.bots import FOUR
from openoutcry.bench.sections.simulated.many_matches import blocks_after_each, first_and_last
from openoutcry.bench.stage import Stage
from openoutcry.lab.match import run_match
from openoutcry.lab.results.result import MatchResult
from openoutcry.runtime.process.build import CORE

ISOLATED_SECONDS: Final = 1_800
"""Of the session that is played with bots here and with isolated ones: of a shorter one much is the start."""


def lab(stage: Stage) -> Section:
    """One core, in memory, with the house and the retail flow."""
    logging.getLogger("openoutcry.bot").setLevel(logging.ERROR)
    section = Section(f"A match in the lab: {len(FOUR)} bots on 84 options ({CORE})", ("what", "figure"))
    _add_days(stage, section)
    _add_isolated(stage, section)
    _add_memory(stage, section)
    return section


def _add_days(stage: Stage, section: Section) -> None:
    """Days, and after each the other simulation: in the same minute of the same machine."""
    took, messages, commands, theirs = [], [], [], []
    for seed in range(1, stage.effort.lab_days + 1):
        seconds, played = _played(seed, stage.effort.lab_seconds)
        took.append(seconds)
        commands.append(played.sequence / seconds)
        told = sum(bot.messages + bot.asked for bot in played.bots)
        messages.append((told + played.sequence) / seconds)
        del played
        gc.collect()
        if stepped.is_installed():
            theirs.append(stepped.stepped_per_second(seed, stage.effort.lab_steps))
    day = spread(took)
    whole = stage.effort.lab_seconds is None
    section.rows += [
        (f"{'a day' if whole else 'a part of a day'}, CPU", _seconds(day)),
        ("commands, requests and messages a second", rate_spread(spread(messages))),
        ("of them commands: judged, journaled, executed, published", rate_spread(spread(commands))),
    ]
    if theirs:
        section.rows += [
            (f"{stepped.title()}, stepped: instructions a second", rate_spread(spread(theirs))),
            ("commands, requests and messages beside these", times_spread(ratios(messages, theirs))),
            ("commands beside these", times_spread(ratios(commands, theirs))),
        ]
        section.notes.append(
            f"bourse plays {stepped.AGENTS} of the agents that it ships on one book in Rust; nothing is judged,"
            " journaled or told to anybody. Here a command is one order of the house or of a bot, or the quotes of many"
            " options."
        )
    else:
        section.rows.append(("bourse", "not installed: pip install bourse"))
    target = targets.LAB_DAY if CORE == "interpreted" else targets.LAB_DAY_COMPILED
    section.claims.append(Claim(target, day if whole else None, "" if whole else "only a part of a day was played"))
    section.figures |= {
        "day_seconds": took,
        "messages_per_second": messages,
        "commands_per_second": commands,
        "bourse_instructions_per_second": theirs,
    }


def _add_isolated(stage: Stage, section: Section) -> None:
    """The same match with its bots in this process, and each in one of its own: processor time of all of them."""
    here: list[float] = []
    apart: list[float] = []
    session = min(stage.effort.lab_seconds or ISOLATED_SECONDS, ISOLATED_SECONDS)
    for seed in range(1, stage.effort.few_rounds + 1):
        for isolated, took in ((False, here), (True, apart)):
            took.append(_played(seed, session, isolated=isolated)[0])
            gc.collect()
    section.rows += [
        (f"a session of {session:,} s, CPU", _seconds(spread(here))),
        ("the same with isolated bots, CPU of all processes", _seconds(spread(apart))),
        ("isolated beside in process", times_spread(ratios(apart, here))),
    ]
    section.figures |= {"here_seconds": here, "isolated_seconds": apart}


def _add_memory(stage: Stage, section: Section) -> None:
    """Growth from the mean of the first tenth of the matches to that of the last."""
    blocks = blocks_after_each(stage.effort.lab_matches)
    first, last = first_and_last(blocks)
    section.rows += [
        (f"{len(blocks)} short matches in a row: blocks of memory, first tenth", f"{first:,.0f}"),
        ("the last tenth", f"{last:,.0f}"),
    ]
    section.claims.append(Claim(targets.LAB_MEMORY, spread([(last - first) / len(blocks)])))
    section.figures["blocks"] = blocks


def _played(seed: int, seconds: int | None, *, isolated: bool = False) -> tuple[float, MatchResult]:
    """Processor seconds that the match took, those of its bots' processes included, and what came of it."""
    began = _processor_seconds()
    played = run_match(FOUR, seed=seed, seconds=seconds, isolated=isolated)
    return _processor_seconds() - began, played


def _processor_seconds() -> float:
    times = os.times()
    return process_time() + times.children_user + times.children_system


def _seconds(took: Spread) -> str:
    return f"{took.median:,.1f} s ({took.low:,.1f}–{took.high:,.1f})"
