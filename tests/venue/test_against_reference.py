"""The exchange beside a slow, obvious one: whatever teams do, verdicts, events and state are the same."""

import os
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from openoutcry.domain import commands
from openoutcry.domain.commands import Price
from openoutcry.domain.day.game_rules import GameRules
from openoutcry.domain.types import TeamId, Ticks
from reference.day_workload import (
    BATCHES,
    JUDGED,
    NARROW_BANDS,
    OPEN_DAY,
    SHORT_DAY,
    batches,
    calls,
    halts,
    judged,
    market_orders,
    market_seconds,
    poorer,
    short_day,
    swept,
)
from reference.side_by_side import SideBySide
from reference.workload import (
    CALL,
    INSTRUMENTS,
    TEAMS,
    deep,
    endings,
    everything,
    histories,
    role,
    rulebook,
    selves_prevented,
    submissions,
    weighted,
)

CAMPAIGN_EXAMPLES: Final = int(os.environ.get("OPENOUTCRY_FUZZ", "0"))
"""How many examples a campaign looks at (`make fuzz`); 0: this is no campaign."""


def effort(examples: int) -> settings:
    return settings(max_examples=CAMPAIGN_EXAMPLES or examples)


@effort(300)
@given(prevention=selves_prevented, history=histories, steps=st.lists(everything, min_size=20, max_size=60))
def test_every_verdict_event_and_state_is_the_reference_s(prevention, history, steps):
    both = SideBySide(rulebook(prevention, history=history), INSTRUMENTS)
    for command in (*TEAMS, *steps):
        both.do(command)
    both.compare_history()


@effort(150)
@given(
    prevention=selves_prevented,
    steps=st.lists(weighted((3, everything), (1, market_seconds), (1, market_orders)), min_size=20, max_size=60),
)
def test_prices_are_held_to_the_bands_that_the_reference_counts_in_fractions(prevention, steps):
    both = SideBySide(rulebook(prevention, opening_phase="closed", game=NARROW_BANDS), INSTRUMENTS)
    for command in (OPEN_DAY, *TEAMS, *steps):
        both.do(command)
    both.compare_history()


@effort(300)
@given(prevention=selves_prevented, history=histories, steps=st.lists(calls, min_size=20, max_size=60))
def test_calls_and_auctions_are_the_reference_s(prevention, history, steps):
    both = SideBySide(rulebook(prevention, history=history), INSTRUMENTS)
    for command in (*TEAMS, commands.SetPhase("pre_open"), *steps):
        both.do(command)
    both.compare_history()


@effort(150)
@given(prevention=selves_prevented, steps=st.lists(swept, min_size=30, max_size=80))
def test_quotes_are_protected_as_the_reference_protects_them(prevention, steps):
    free_roles = {name: role() for name in ("maker", "fund", "retail")}
    three_per_index = GameRules(index_ratio={"SPX": 3})
    both = SideBySide(rulebook(prevention, free_roles, opening_phase="closed", game=three_per_index), INSTRUMENTS)
    for command in (OPEN_DAY, *TEAMS, *steps):
        both.do(command)
    both.compare_history()


@effort(250)
@given(prevention=selves_prevented, steps=st.lists(judged, min_size=30, max_size=90))
def test_duties_sanctions_and_cash_are_the_reference_s(prevention, steps):
    both = SideBySide(rulebook(prevention, poorer, opening_phase="closed", game=JUDGED), INSTRUMENTS)
    for command in (OPEN_DAY, *TEAMS, *steps):
        both.do(command)
    both.compare_history()


@effort(60)
@given(
    prevention=selves_prevented,
    before=st.lists(submissions, min_size=15, max_size=30),
    after=st.lists(weighted((3, everything), (1, endings)), min_size=5, max_size=20),
)
def test_instruments_live_and_end_as_the_reference_says(prevention, before, after):
    free_roles = {name: role() for name in ("maker", "fund", "retail")}
    both = SideBySide(rulebook(prevention, free_roles), INSTRUMENTS)
    for command in (*TEAMS, *before, *after):
        both.do(command)
    both.compare_history()


@effort(300)
@given(prevention=selves_prevented, history=histories, steps=st.lists(batches, min_size=20, max_size=60))
def test_batch_auctions_are_the_reference_s(prevention, history, steps):
    both = SideBySide(rulebook(prevention, history=history, opening_phase="closed", game=BATCHES), INSTRUMENTS)
    for command in (OPEN_DAY, *TEAMS, *steps):
        both.do(command)
    both.compare_history()


@effort(200)
@given(prevention=selves_prevented, steps=st.lists(halts, min_size=30, max_size=90))
def test_a_day_of_halts_is_the_reference_s(prevention, steps):
    both = SideBySide(rulebook(prevention, opening_phase="closed", game=SHORT_DAY), INSTRUMENTS)
    for command in (short_day(1), *TEAMS, *steps):
        both.do(command)
    both.compare_history()


@effort(80)
@given(
    prevention=selves_prevented,
    best_bid=st.integers(28, 60),
    levels=st.integers(15, 27),
    steps=st.lists(deep(1, 90), min_size=10, max_size=40),
)
def test_books_deeper_than_the_public_window_are_told_so_that_a_reader_keeps_up(prevention, best_bid, levels, steps):
    free_roles = {name: role() for name in ("maker", "fund", "retail")}
    both = SideBySide(rulebook(prevention, free_roles), INSTRUMENTS[:1])
    for command in TEAMS:
        both.do(command)
    for distance in range(levels):
        for side, ticks in (("buy", best_bid - distance), ("sell", best_bid + 1 + distance)):
            team_id = TeamId(1 + distance % len(TEAMS))
            both.do(commands.SubmitOrder(team_id, CALL, side, 1 + distance % 5, Price(Ticks(ticks))))
    for command in steps:
        both.do(command)
    both.compare_history()
