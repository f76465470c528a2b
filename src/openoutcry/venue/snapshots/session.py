"""The session in a snapshot: the day, and what shows fair play."""

from openoutcry.venue.snapshots.snapshot import DaySnapshot, FairnessSnapshot
from openoutcry.venue.state.day.day import Day
from openoutcry.venue.state.fairness import Fairness


def capture_day(day: Day) -> DaySnapshot:
    return DaySnapshot(
        is_running=day.is_running,
        planned_start=day.planned_start,
        session_date=day.session_date,
        market_time=day.market_time,
        utc_offset=day.utc_offset,
        timetable=day.timetable,
        speed=day.speed,
        random_word=day.random_word,
        underlyings=dict(day.underlyings),
        last_news=day.last_news,
        effects=list(day.effects),
        watched=list(day.watched),
        breaker_halts=day.breaker_halts,
        phases_begun=day.phases_begun,
        timers=list(day.timers.entries),
        next_timer_place=day.timers.next_place,
        tasks=list(day.tasks),
    )


def restore_day(day: Day, snapshot: DaySnapshot) -> None:
    day.is_running = snapshot.is_running
    day.planned_start = snapshot.planned_start
    day.session_date = snapshot.session_date
    day.market_time = snapshot.market_time
    day.utc_offset = snapshot.utc_offset
    day.timetable = snapshot.timetable
    day.speed = snapshot.speed
    day.random_word = snapshot.random_word
    day.underlyings = dict(snapshot.underlyings)
    day.last_news = snapshot.last_news
    day.effects.extend(snapshot.effects)
    day.watched.extend(snapshot.watched)
    day.breaker_halts = snapshot.breaker_halts
    day.phases_begun = snapshot.phases_begun
    day.timers.take(snapshot.timers, snapshot.next_timer_place)
    day.tasks.extend(snapshot.tasks)


def capture_fairness(fairness: Fairness) -> FairnessSnapshot:
    return FairnessSnapshot(
        made=fairness.made,
        withdrawn=fairness.withdrawn,
        next_commitment=fairness.next_commitment,
        number=fairness.number,
        commitment=fairness.commitment,
        teams=fairness.teams,
        world_digest=fairness.world_digest,
        seed=fairness.seed,
    )


def restore_fairness(fairness: Fairness, snapshot: FairnessSnapshot) -> None:
    fairness.made = snapshot.made
    fairness.withdrawn = snapshot.withdrawn
    fairness.next_commitment = snapshot.next_commitment
    fairness.number = snapshot.number
    fairness.commitment = snapshot.commitment
    fairness.teams = snapshot.teams
    fairness.world_digest = snapshot.world_digest
    fairness.seed = snapshot.seed
