"""What a session begins with, beside what was committed to and what follows from the revealed seed."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from openoutcry.domain.commands import StartSession
from openoutcry.domain.fairness import commitment_of, random_word
from openoutcry.domain.types import Sequence
from openoutcry.runtime.recovery.fairness.report import Finding
from openoutcry.runtime.session.plans import NextSession
from openoutcry.scenarios.model import Scenario, SessionPlan


class Commitment(Struct, frozen=True):
    """When a commitment was made, and how many teams with a key had registered by then."""

    sequence: Sequence
    teams: int


def judge_commitment(
    made: Commitment | None, commitment: bytes | None, revealed: bytes | None, scenario_hash: str
) -> Finding:
    """`commitment`: the one that the session begins with; `revealed`: the seed, once it is."""
    if commitment is None or made is None:
        return Finding("failed", "commitment", "no seed was committed to before the session")
    when = f"made at command {made.sequence}, when {made.teams} teams had registered"
    if revealed is None:
        return Finding("note", "commitment", when)
    if commitment_of(revealed, scenario_hash) != commitment:
        return Finding("failed", "commitment", "the revealed seed is not the one that was committed to")
    return Finding("sound", "commitment", f"{when}; the revealed seed is the one that was committed to")


def judge_start(
    scenario: Scenario, plan: SessionPlan, start: StartSession, seed: bytes, nonces: int
) -> Iterator[Finding]:
    """The venue's random word, and the timetable with its random end of the opening call. `seed`: what the session is
    drawn from, with so many `nonces` in it.
    """
    word = random_word(seed, start.date)
    # The scenario's hash does not bind when the call begins: whoever keeps the exchange may change it between sessions.
    call = dt.datetime.fromtimestamp(start.timetable[0].at, ZoneInfo(scenario.time_zone)).time()
    held = structs.replace(plan, hours=structs.replace(plan.hours, call=call))
    date = dt.date.fromisoformat(start.date)
    expected = NextSession(scenario, held, lambda _date: word).start_on(date, None)
    if start.random_word != word:
        text = "the session's random word does not follow from the revealed seed and the nonces of the teams"
        yield Finding("failed", "seed", text)
    elif (start.timetable, start.utc_offset) != (expected.timetable, expected.utc_offset):
        yield Finding("failed", "seed", "the timetable is not the one that follows from the seed")
    else:
        text = f"made with the nonces of {nonces} teams; the timetable and the random word follow from it"
        yield Finding("sound", "seed", text)
    if call != plan.hours.call:
        yield Finding("note", "call", f"it began at {call}, and scenario.json says {plan.hours.call}")
