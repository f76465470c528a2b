"""What an organiser's headlines did to the market of a session."""

import datetime as dt

from openoutcry.domain.simulation.headlines import NewsEffect
from openoutcry.domain.views import DayView
from openoutcry.runtime.recovery.fairness.report import Finding
from openoutcry.scenarios.calendar import calendar_of
from openoutcry.scenarios.model import Scenario, SessionPlan
from openoutcry.scenarios.timetable import timetable
from openoutcry.simulation.world.drawing import seconds_of_effects

PPM_IN_PERCENT = 10_000


def moved_by_headlines(scenario: Scenario, plan: SessionPlan, day: DayView) -> Finding | None:
    """Those that had an effect in the session of `day`, by the second of the world; None: no headline had one."""
    if day.session_date is None or not day.effects:
        return None
    date = dt.date.fromisoformat(day.session_date)
    opening_at = timetable(date, plan.hours, scenario.time_zone, calendar_of(scenario.calendar)).opening_at
    seconds = seconds_of_effects(max(market_time - opening_at, 0) for market_time, _ in day.effects)
    told = "; ".join(
        f"after second {second:,}: {_told(effect)}" for second, (_, effect) in zip(seconds, day.effects, strict=True)
    )
    return Finding("note", "headlines", f"{len(seconds)} of the organiser's moved the market: {told}")


def _told(effect: NewsEffect) -> str:
    parts = []
    if effect.regime is not None:
        parts.append(f"{effect.regime} volatility")
    if effect.jump_ppm is not None:
        parts.append(f"a jump of {effect.jump_ppm / PPM_IN_PERCENT:+g} %")
    return ", ".join(parts) or "drawn anew"
