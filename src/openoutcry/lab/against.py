"""A match against a recording: bots trade beside everything that was asked in a finished data directory."""

import datetime as dt
from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random

from msgspec import structs

from openoutcry.access.rate_limits import Buckets
from openoutcry.bootstrap.in_memory import open_in_memory
from openoutcry.bootstrap.projections import projections_of
from openoutcry.domain.types import Money, TeamId
from openoutcry.journal.memory_files import MemoryFiles
from openoutcry.lab.chance import chance
from openoutcry.lab.entrants import Playable, named_bots
from openoutcry.lab.garbage import seldom_collected
from openoutcry.lab.handlers_watched import HANDLER_SECONDS, handlers_watched
from openoutcry.lab.isolation.processes import Isolation, isolation_of, processes
from openoutcry.lab.lines.latency import DEFAULT, LatencyModel
from openoutcry.lab.quiet import quiet
from openoutcry.lab.recorded.background import Background
from openoutcry.lab.recorded.comparison import Comparison
from openoutcry.lab.recorded.recording import Recording
from openoutcry.lab.results.outcome import result_of
from openoutcry.lab.results.record import Record
from openoutcry.lab.results.result import MatchResult
from openoutcry.lab.seats import Seat
from openoutcry.lab.session import LEAPS_BETWEEN_REPORTS, Progress, hours_of
from openoutcry.lab.virtual.loop import VirtualLoop
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.exchange import Exchange
from openoutcry.scenarios.model import Scenario


def run_against(
    bots: Playable | Iterable[Playable],
    directory: str | Path,
    seed: int = 7,
    *,
    scenario: Scenario | None = None,
    latency: LatencyModel = DEFAULT,
    out: str | Path | None = None,
    isolated: bool | Isolation = False,
    handler_seconds: float = HANDLER_SECONDS,
    on_stuck: Callable[[str], None] = lambda _text: None,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    must_end: Callable[[], bool] = lambda: False,
) -> MatchResult:
    """Let bots trade against what was asked in a finished data directory: teams, house, retail flow, every market
    second, at the same instants. The bots are further teams, which begin just before the first session does.

    The others do not react to the bots; `against` in the result says what came otherwise than in the recording, and
    what a replay cannot tell. A bot whose name a recorded team has is called by a number too. `scenario`: what the
    recording is taken to be played by. `seed`: of the bots' random numbers and latencies. `out`: a data directory that
    does not exist yet; `openoutcry score`, `replay` and `verify` take it. `isolated`, `handler_seconds` and `on_stuck`
    are as in `run_match`. If `must_end`, the match ends where it is.

    Raises `NotPlayable` and `BotFileError` for a bot that cannot play, what `Recording` raises for the directory,
    `DirectoryUsed` for `out`, `SimulationFailed`, and `ReplayFailed` if this version does not do the recording again
    as it was.
    """
    recording = Recording(Path(directory), scenario)
    if out is not None:
        DataDirectory(Path(out)).check_new()
    time, record, comparison = VirtualTime(recording.begins), Record(), Comparison()
    loop = VirtualLoop(time)  # type: ignore[abstract]  # what it lacks raises, as its docstring says
    files, entropy = MemoryFiles(), chance(seed, "against")
    hidden = [Path(directory)] if out is None else [Path(directory), Path(out)]
    seats: list[Seat] = []
    starting: dict[TeamId, Money] = {}

    def join() -> None:
        buckets = Buckets(recording.scenario.rate_limits, loop.time)
        for bot in playing:  # each is registered before the next one is named
            named = structs.replace(bot, name=_free_name(exchange, bot.name))
            entropy.seed(f"{seed}/against/{named.name}")  # its key is no recorded team's
            seats.append(Seat(exchange, time, loop, buckets, named, bot.latency or latency, seed))
        record.teams.update(seat.team_id for seat in seats)
        starting.update((seat.team_id, record.queries.account(seat.team_id).equity) for seat in seats)
        for seat in seats:
            seat.begin()

    with ExitStack() as opened:
        start = opened.enter_context(processes(isolation_of(isolated), hidden)) if isolated else None
        playing = named_bots(bots, start)
        opened.enter_context(quiet())
        opened.enter_context(seldom_collected())
        exchange = opened.enter_context(closing(_opened(recording, time, entropy, files, record, comparison)))
        opened.enter_context(loop.running())
        opened.enter_context(handlers_watched(handler_seconds, on_stuck))
        record.queries = exchange.sequencer.queries
        background = Background(recording, exchange, time, comparison)
        is_over = _pass(background, join, exchange, on_progress, must_end)
        for seat in seats:
            seat.end()
        result = result_of(
            exchange,
            seats,
            starting,
            record,
            seed=seed,
            is_interrupted=not is_over,
            against=background.conclude(),
        )
    if out is not None:
        _save(files, recording.scenario, DataDirectory(Path(out)))
    return result


def _opened(
    recording: Recording, time: VirtualTime, entropy: Random, files: MemoryFiles, record: Record, comparison: Comparison
) -> Exchange:
    return open_in_memory(
        recording.scenario,
        loop=time,
        clock=time,
        entropy=entropy.randbytes,
        files=files,
        projections_of=lambda scenario: (*projections_of(scenario), record, comparison),
        runs_itself=False,
    )


def _pass(
    background: Background,
    join: Callable[[], None],
    exchange: Exchange,
    on_progress: Callable[[Progress], None],
    must_end: Callable[[], bool],
) -> bool:
    """Whether all of it has passed and no session is left under way."""
    queries = exchange.sequencer.queries
    for _ in background.play(join, LEAPS_BETWEEN_REPORTS):
        if must_end():
            return False
        day, now = queries.day(), queries.running_market_time()
        if now is not None:
            hours = hours_of(exchange.scenario, dt.date.fromisoformat(str(day.session_date)))
            passed, whole = now - hours.call_at, hours.close_at - hours.call_at
            on_progress(Progress(1, str(day.session_date), passed, whole, exchange.sequencer.last_sequence))
    return queries.running_market_time() is None


def _free_name(exchange: Exchange, wanted: str) -> str:
    name, number = wanted, 1
    while exchange.taken_names.team_like(name) is not None:
        number += 1
        name = f"{wanted} {number}"
    return name


def _save(files: MemoryFiles, scenario: Scenario, directory: DataDirectory) -> None:
    directory.create()
    directory.keep_scenario(scenario)
    files.save(directory.journal)
