"""Market time: forward by one second a tick, from a session's beginning to its close, as long as the exchange runs."""

from typing import Final

from openoutcry.domain.commands import AdvanceMarket, EndSession, SetSpeed, StartSession
from openoutcry.domain.reasons import Reject
from proofs.chaos.auditor.day.timeline import Timeline
from proofs.chaos.auditor.findings import Findings
from proofs.chaos.auditor.history import History
from proofs.chaos.machine.clock import SECOND_US, SimulatedClock
from proofs.chaos.machine.moments import Moments

CLAIM: Final = "market time goes on by one second a tick"
SLACK_US: Final = 2 * SECOND_US
"""The driver sleeps for a second at most, and tries again after half of one."""


def check_market_time(
    history: History, timeline: Timeline, moments: Moments, clock: SimulatedClock, findings: Findings
) -> None:
    now: int | None = None
    is_running, speed, last_moment = False, 1_000, 0
    closes_at, is_first = 0, False
    for record, _ in history.steps:
        if isinstance(record.verdict, Reject):
            continue
        sequence, command = record.sequence, record.command
        match command:
            case StartSession():
                first, close = command.timetable[0].at, command.timetable[-1].at
                findings.check(now is None or first >= now, CLAIM, f"sequence {sequence}: back from {now} to {first}")
                now, closes_at, speed, is_running, is_first = first, close, command.speed, True, True
                last_moment = moments.of[sequence]
            case SetSpeed():
                speed, last_moment = command.speed, moments.of[sequence]
            case EndSession():
                is_running = False
            case AdvanceMarket():
                findings.check(is_running, CLAIM, f"sequence {sequence}: a tick without a session")
                at_start = is_first and command.market_time == now
                expected = None if now is None else now if at_start else now + 1
                is_first = False
                findings.equal(CLAIM, f"sequence {sequence}", expected=expected, told=command.market_time)
                now, moment = command.market_time, moments.of[sequence]
                latest = _latest(last_moment, moment, speed, moments, clock)
                findings.check(
                    moment <= latest, CLAIM, f"sequence {sequence}: it stood still from {last_moment} to {moment}"
                )
                last_moment = moment
                if now == closes_at:
                    is_running = False
            case _:
                pass
    findings.check(not is_running, CLAIM, f"the session of {now} has not come to its close")
    phase = timeline.session[-1][1]
    findings.equal("phases follow the timetable", "at the end", expected="closed", told=phase)


def _latest(since: int, now: int, speed: int, moments: Moments, clock: SimulatedClock) -> int:
    """By when the tick after the one of `since` had to come, at `now` known to have come.

    An exchange that was down goes on when it starts; it takes nothing while the disk refuses it or while the machine
    is suspended.
    """
    started = max((start for start in moments.starts if start <= now), default=0)
    refused = max((refusal for refusal in moments.refusals if refusal <= now), default=0)
    latest = max(since, started, refused) + SECOND_US * 1_000 // speed + SLACK_US
    for began, end in clock.suspensions:
        if began <= latest:
            latest = max(latest, end + SLACK_US)
    return latest
