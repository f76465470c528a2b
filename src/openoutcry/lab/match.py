"""A match: a scenario's day from before its call until it is settled, with bots of the same process."""

import datetime as dt
from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

from openoutcry.access.keys import hash_key, organiser_key
from openoutcry.access.rate_limits import Buckets
from openoutcry.bootstrap.in_memory import open_in_memory
from openoutcry.bootstrap.projections import projections_of
from openoutcry.bootstrap.server import open_server
from openoutcry.domain.types import TimestampUs
from openoutcry.lab.chance import chance
from openoutcry.lab.entrants import Playable, named_bots
from openoutcry.lab.garbage import seldom_collected
from openoutcry.lab.handlers_watched import HANDLER_SECONDS, handlers_watched
from openoutcry.lab.isolation.processes import Isolation, isolation_of, processes
from openoutcry.lab.lines.latency import DEFAULT, LatencyModel
from openoutcry.lab.quiet import quiet
from openoutcry.lab.results.outcome import result_of
from openoutcry.lab.results.record import Record
from openoutcry.lab.results.result import MatchResult
from openoutcry.lab.seats import Seat
from openoutcry.lab.session import Progress, begun_by_hand, hours_of, pass_session, shortened, start_session
from openoutcry.lab.throttle import Throttle
from openoutcry.lab.virtual.loop import VirtualLoop
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.projections import Projection
from openoutcry.scenarios.loader import load_scenario
from openoutcry.scenarios.model import Scenario

DATE: Final = dt.date(2024, 3, 14)
"""Of the session, if neither the match nor the scenario names one: today's would make another match each day."""

LEAD_SECONDS: Final = 10
"""Of wall time from the bots' `on_start` to the call of the session: what they ask for in it has arrived by then."""

_SECOND_US: Final = 1_000_000


def run_match(
    bots: Playable | Iterable[Playable],
    scenario: str | Path | Scenario = "intern",
    seed: int = 7,
    *,
    date: str | dt.date | None = None,
    seconds: int | None = None,
    latency: LatencyModel = DEFAULT,
    speed: float | None = None,
    out: str | Path | None = None,
    isolated: bool | Isolation = False,
    handler_seconds: float = HANDLER_SECONDS,
    on_stuck: Callable[[str], None] = lambda _text: None,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    must_end: Callable[[], bool] = lambda: False,
) -> MatchResult:
    """Let bots trade a day of `scenario`, as fast as it can be computed. The same arguments give the same match.

    `date`: of the session, or of the next trading day. `seconds`: only a session of so many before the usual close.
    `latency`: of bots without one of their own. `speed`: at most so many market seconds a second of the machine's
    clock, for watching. `out`: a data directory that does not exist yet; `openoutcry score`, `replay`, `verify` and
    `serve` take it. Without it nothing is kept but the result. `isolated`: each bot plays in a
    process of its own, under limits; the match is the same. A handler that does not return for `handler_seconds` of
    wall time is told to the log with its line, and ends its bot; `on_stuck` is told if it cannot be ended. If
    `must_end`, the match ends where it stands.

    Raises `NotPlayable` and `BotFileError` for a bot that cannot play, `ScenarioError`, `DirectoryUsed` for `out`,
    `ValueError` for what cannot be, and `SimulationFailed`.
    """
    loaded = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    loaded, first = begun_by_hand(loaded, _date(date, loaded))
    if seconds is not None:
        loaded = shortened(loaded, seconds)
    call_at = hours_of(loaded, first).call_at
    time = VirtualTime(TimestampUs((call_at - LEAD_SECONDS) * _SECOND_US))
    record = Record()
    loop = VirtualLoop(time)  # type: ignore[abstract]  # what it lacks raises, as its docstring says
    hold_back = None if speed is None else Throttle(speed, loaded, time).hold_back
    with ExitStack() as opened:
        start = (
            opened.enter_context(processes(isolation_of(isolated), [] if out is None else [Path(out)]))
            if isolated
            else None
        )
        playing = named_bots(bots, start)
        opened.enter_context(quiet())
        opened.enter_context(seldom_collected())
        exchange = opened.enter_context(closing(_opened(loaded, seed, time, record, out)))
        opened.enter_context(loop.running())
        opened.callback(loop.end_tasks)
        opened.enter_context(handlers_watched(handler_seconds, on_stuck))
        record.queries = exchange.sequencer.queries
        buckets = Buckets(loaded.rate_limits, loop.time)
        seats = [Seat(exchange, time, loop, buckets, bot, bot.latency or latency, seed) for bot in playing]
        record.teams.update(seat.team_id for seat in seats)
        starting = {seat.team_id: record.queries.account(seat.team_id).equity for seat in seats}
        for seat in seats:
            seat.begin()
        time.pass_seconds(LEAD_SECONDS)
        start_session(exchange)
        is_over = pass_session(exchange, time, 1, on_progress, must_end, hold_back)
        for seat in seats:
            seat.end()
        return result_of(exchange, seats, starting, record, seed=seed, is_interrupted=not is_over)


def _date(given: str | dt.date | None, scenario: Scenario) -> dt.date:
    if isinstance(given, dt.date):
        return given
    text = given or scenario.session_date
    if text is None:
        return DATE
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no date such as 2024-03-14") from None


def _opened(scenario: Scenario, seed: int, time: VirtualTime, record: Record, out: str | Path | None) -> Exchange:
    """The exchange, in memory or on the disk. Keys of teams follow from the seed as well."""
    entropy = chance(seed, "entropy").randbytes

    def with_record(scenario: Scenario) -> tuple[Projection, ...]:
        return (*projections_of(scenario), record)

    if out is None:
        return open_in_memory(scenario, loop=time, clock=time, entropy=entropy, seed=seed, projections_of=with_record)
    directory = DataDirectory(Path(out))
    directory.check_new()
    directory.create()
    return open_server(
        scenario,
        directory.path,
        admin_key_hash=hash_key(organiser_key(directory.admin_key, None).encode()),
        loop=time,
        clock=time,
        entropy=entropy,
        seed=seed,
        projections_of=with_record,
    )
