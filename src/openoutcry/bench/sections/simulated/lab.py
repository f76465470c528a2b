"""A match in the lab: a day of the default game with four bots, and the memory that many short matches take."""

import gc
import logging
import sys
from time import process_time
from typing import Final

from openoutcry.bench import targets
from openoutcry.bench.measures import spread
from openoutcry.bench.report import Claim, Section
from openoutcry.bench.sections.simulated.bots import FOUR
from openoutcry.bench.stage import Stage
from openoutcry.lab.match import run_match
from openoutcry.lab.session import SHORTEST_SECONDS
from openoutcry.runtime.process.build import CORE

SHORT_SECONDS: Final = SHORTEST_SECONDS


def lab(stage: Stage) -> Section:
    """One core, in memory, with the house and the retail flow."""
    logging.getLogger("openoutcry.bot").setLevel(logging.ERROR)
    section = Section(f"A match in the lab: {len(FOUR)} bots on 84 options ({CORE})", ("what", "figure"))
    took, rates = [], []
    for seed in range(1, stage.effort.lab_days + 1):
        began = process_time()
        played = run_match(FOUR, seed=seed, seconds=stage.effort.lab_seconds)
        took.append(process_time() - began)
        messages = sum(bot.messages for bot in played.bots)
        rates.append((messages + sum(bot.asked for bot in played.bots) + played.sequence) / took[-1])
        del played
        gc.collect()
    day, rate = spread(took), spread(rates)
    whole = stage.effort.lab_seconds is None
    section.rows += [
        (f"{'a day' if whole else 'a part of a day'}, CPU", f"{day.median:,.1f} s ({day.low:,.1f}–{day.high:,.1f})"),
        ("commands, requests and messages a second", f"{rate.median:,.0f}/s ({rate.low:,.0f}–{rate.high:,.0f})"),
    ]
    target = targets.LAB_DAY if CORE == "interpreted" else targets.LAB_DAY_COMPILED
    section.claims.append(Claim(target, day if whole else None, "" if whole else "only a part of a day was played"))
    grown = _grown(stage.effort.lab_matches)
    section.rows.append((f"{stage.effort.lab_matches} short matches in a row: blocks of memory more", f"{grown:,}"))
    section.claims.append(Claim(targets.LAB_MEMORY, spread([grown / stage.effort.lab_matches])))
    section.figures |= {"day_seconds": took, "messages_per_second": rates, "blocks_grown": grown}
    return section


def _grown(matches: int) -> int:
    """By how many blocks Python's memory has grown over so many matches, after two."""
    blocks = []
    for _ in range(matches + 2):
        run_match(FOUR, seconds=SHORT_SECONDS)
        gc.collect()
        blocks.append(sys.getallocatedblocks())
    return blocks[-1] - blocks[1]
