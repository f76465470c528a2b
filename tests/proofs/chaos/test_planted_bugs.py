"""Chaos finds each of these bugs within a few seeds."""

import planted_bugs
import pytest

from proofs.chaos.simulation import simulate

SEEDS = 10
"""Within so many each bug is found; most are by the first."""

LOSING_POWER = {"durability": "disk", "faults": ["power loss", "slow disk"]}
KILLING = {"durability": "os", "faults": ["kill"]}
FREEZING = {"faults": ["bot freezes"]}
RESTARTING = {"has_day": True, "faults": ["kill", "clean restart"]}
IN_A_DAY = {"has_day": True}
CHANGING_SEGMENTS = {"faults": ["power loss as segments change", "slow disk"]}


@pytest.mark.parametrize(
    ("bug", "conditions", "claim"),
    [
        (planted_bugs.EventSkippedAtResume, {}, "each connection tells every event once and in order"),
        (planted_bugs.EventRepeatedAtResume, {}, "each connection tells every event once and in order"),
        (planted_bugs.VerdictBeforeJournal, KILLING, "what was answered is in the journal"),
        (planted_bugs.WorkingOrdersIgnored, {}, "no limit is ever broken"),
        (planted_bugs.RetryExecutedAgain, {}, "a client order id is executed once"),
        (planted_bugs.EventsBeforeSync, LOSING_POWER, "what a client was told stays true"),
        (planted_bugs.EndsWhenEverythingIsRead, FREEZING, "a connection whose client is gone is given up"),
        (planted_bugs.NamedTooEarly, CHANGING_SEGMENTS, ("the exchange starts again", "the whole journal can be read")),
        (planted_bugs.SettlementsPaidAgain, {}, ("what expires", "positions and cash", "the exchange starts again")),
        (
            planted_bugs.SettlementsPaidAgain,
            IN_A_DAY,
            ("what expires", "positions and cash", "the exchange starts again"),
        ),
        (planted_bugs.LateCancelForgotten, IN_A_DAY, "every order lives as its events tell"),
        (planted_bugs.HaltLostAtRestart, RESTARTING, "a halt stands until it is resumed"),
        (planted_bugs.DutiesByTheWall, IN_A_DAY, "duties and sanctions follow market time"),
        (planted_bugs.NoticeLeftOut, IN_A_DAY, "no notice is left out"),
        (planted_bugs.ProjectionsBeginAnew, {}, "projections know the whole past"),
        (planted_bugs.TimersByTheWall, {"faults": ["clock set", "bot dies"]}, "a timer strikes in its time"),
        (planted_bugs.SuspensionsNotCounted, {"faults": ["machine suspended"]}, "a timer strikes in its time"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_planted_bug_is_found(bug, conditions, claim):
    with planted_bugs.planted(bug):
        for seed in range(1, SEEDS + 1):
            findings = simulate(seed, **{"has_day": False} | conditions).findings
            if any(finding.startswith(claim) for finding in findings):
                return
    pytest.fail(f"{bug.__name__} was not found within {SEEDS} seeds")
