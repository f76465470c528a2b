"""A server on its disk, wired stage by stage."""

import datetime as dt
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Final, Protocol

import structlog

from openoutcry.bootstrap.market import driver_of, register_own_teams
from openoutcry.bootstrap.projections import projections_of as projections_of_scenario
from openoutcry.bootstrap.wiring import (
    TurnsAndTimers,
    before_writing,
    channels_of,
    finish,
    if_refused,
    leaderboard_of,
    to_readers,
)
from openoutcry.domain.commands import SkipIds
from openoutcry.domain.types import Sequence, TeamId
from openoutcry.journal.boot import is_same_boot, this_boot
from openoutcry.journal.files import FileOperations
from openoutcry.journal.lock import DirectoryLock
from openoutcry.journal.reader import JournalReader
from openoutcry.journal.segment import DEFAULT_SEGMENT_BYTES
from openoutcry.journal.sync import DEFAULT_SYNC_INTERVAL_SECONDS, HelperThread, OnChange, StartHelper
from openoutcry.journal.tail import cut_torn_tail
from openoutcry.journal.writer import JournalWriter
from openoutcry.protocol.translation import Translator
from openoutcry.runtime.clock import Clock, SystemClock
from openoutcry.runtime.conduct import Conduct
from openoutcry.runtime.data_directory import DataDirectory, NoExchangeHere
from openoutcry.runtime.entropy import SYSTEM_ENTROPY, Entropy
from openoutcry.runtime.exchange import Durability, Server
from openoutcry.runtime.process.figures import Metrics
from openoutcry.runtime.projections import ProjectionsOf
from openoutcry.runtime.recovery.completeness import check_complete
from openoutcry.runtime.recovery.replay import (
    Progress,
    check_kept_scenario,
    check_same_scenario,
    collection_paused,
    replay,
)
from openoutcry.runtime.recovery.snapshots.finding import restore_newest
from openoutcry.runtime.recovery.snapshots.schedule import (
    ChildProcess,
    RunBeside,
    SnapshotBuilder,
    SnapshotSchedule,
    run_in_thread,
)
from openoutcry.runtime.sequencing.coordination import OrderResponseCoordinator
from openoutcry.runtime.sequencing.protection import Protection
from openoutcry.runtime.sequencing.release import DurableRelease
from openoutcry.runtime.sequencing.sequencer import Sequencer
from openoutcry.runtime.sequencing.turnstile import Turnstile
from openoutcry.runtime.session.prices import PricesOf
from openoutcry.runtime.session.seeds import SeedSource
from openoutcry.runtime.streams.connections import Connections
from openoutcry.runtime.streams.event_logs.folder import EventLogs
from openoutcry.runtime.streams.limits import DEFAULT_LIMITS, StreamLimits
from openoutcry.runtime.streams.outgoing import Outgoing
from openoutcry.runtime.streams.private_streams import PrivateStreams
from openoutcry.runtime.streams.publisher import Publisher
from openoutcry.runtime.taken_names import TakenNames
from openoutcry.scenarios.model import Scenario
from openoutcry.venue.state.limits import DEFAULT_LIMITS as DEFAULT_VENUE_LIMITS
from openoutcry.venue.state.limits import VenueLimits
from openoutcry.venue.venue import Venue

IDS_SKIPPED: Final = 1_000_000
"""Order and trade ids skipped after an unclean stop: more than a loss of power can have taken."""

MAXIMUM_UNSYNCED: Final = 100_000
"""With durability "disk": most commands that may wait for the disk before further ones are refused."""

_log: Final = structlog.get_logger()


class EventLoop(TurnsAndTimers, Protocol):
    """The part of an asyncio loop that a server uses; a simulation brings its own."""

    def call_soon_threadsafe(self, callback: Callable[[], None], /) -> object: ...


def open_server(
    scenario: Scenario,
    data_directory: Path,
    *,
    admin_key_hash: bytes,
    loop: EventLoop,
    durability: Durability = "os",
    sync_interval_seconds: float = DEFAULT_SYNC_INTERVAL_SECONDS,
    clock: Clock | None = None,
    entropy: Entropy = SYSTEM_ENTROPY,
    seed: int | None = None,
    prices_of: PricesOf | None = None,
    stopwatch: Callable[[], float] = time.perf_counter,
    files: FileOperations | None = None,
    start_helper: StartHelper = HelperThread,
    boot_id: str | None = None,
    segment_bytes: int = DEFAULT_SEGMENT_BYTES,
    stream_limits: StreamLimits = DEFAULT_LIMITS,
    venue_limits: VenueLimits = DEFAULT_VENUE_LIMITS,
    snapshot_builder: SnapshotBuilder | None = None,
    run_beside: RunBeside = run_in_thread,
    projections_of: ProjectionsOf = projections_of_scenario,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    on_disk_failure: Callable[[str], None] = lambda _reason: None,
) -> Server:
    """The exchange of `scenario` on `data_directory`, with the state that its journal tells.

    `clock`, `entropy`, `stopwatch` (seconds, by which syncs and builds of snapshots are measured), `files` (what
    journal and logs are written with), the journal's helper, the name of the system's run, who builds snapshots and
    where they wait for that are the machine's own unless given. To be closed before `loop`.
    `prices_of` the scenario: what moves its underlyings, in place of its simulated market.
    `seed`: the number from which sessions without a seed get theirs; None: they get a random one.
    Who builds snapshots must know the same `projections_of` the scenario.
    `venue_limits`: only tests have other ones than a replay has.
    `on_disk_failure` is told, in the loop, why a sync failed: nothing is taken any more, and a restart must follow.
    Raises `DirectoryInUse`, `OtherScenario`, `EditedScenario`, `JournalCorrupt`, `JournalFormat`, `JournalIncomplete`,
    `ReplayFailed`, `EventLogDamaged`, `JournalUnavailable`, `Unavailable` and `OSError`, each with a text that says
    what to do; then nothing stays open.
    """
    clock = clock if clock is not None else SystemClock()
    metrics = Metrics()
    with ExitStack() as opened:
        # 1. The data directory, for this server alone.
        directory = DataDirectory(data_directory)
        directory.create()
        opened.callback(DirectoryLock(directory.lock).release)

        # 2. The teams' streams, as far as the disk has them.
        event_logs = EventLogs(directory.events, loop.call_later, files)

        # 3. The state: the newest snapshot, and the journal after it. Streams get their missing events.
        looked_at = JournalReader(directory.journal)
        kept: Scenario | None = None
        with suppress(NoExchangeHere):  # a missing or unreadable scenario is written again
            kept = directory.kept_scenario()
        if kept is not None:  # first: `scenario` may have been read there
            check_kept_scenario(looked_at, directory, kept)
        check_same_scenario(looked_at, scenario, kept)
        boot_id = boot_id if boot_id is not None else this_boot()
        found = check_complete(directory, scenario, boot_id)
        directory.keep_scenario(scenario)
        for log in event_logs.remove_damaged():
            _log.warning("event log was found damaged: it is made anew from the journal", log=log.name)
        with collection_paused():
            restored = restore_newest(directory, scenario, projections_of, venue_limits)
            venue, projections = restored.venue, restored.projections
            if projections.failed:
                _log.warning("projections were dropped before this start", failed_at=dict(projections.failed))
            reader = JournalReader(directory.journal, after=restored.after)
            if not is_same_boot(reader.boot_id, boot_id):
                event_logs.cut_back(restored.event_log_bytes)
            commands_left = found.last_sequence - restored.after.last_sequence
            if commands_left:
                from_snapshot_at = restored.after.last_sequence or None
                _log.info("recovering the state", from_snapshot_at=from_snapshot_at, commands_left=commands_left)
            translator = Translator(venue.queries.instrument)
            private_streams = PrivateStreams(translator, event_logs, venue.queries.has_key, stream_limits)
            opened.callback(private_streams.close)
            for progress in replay(reader, venue, [private_streams.catch_up, projections.apply]):
                on_progress(progress)
        end = reader.end
        ahead_us = end.last_time - clock.now()
        if ahead_us > 0:
            _log.warning(
                "the last command's time is ahead of this machine's clock: the exchange's time goes on from it, at half"
                " its pace until the clock has caught up",
                ahead=str(dt.timedelta(seconds=ahead_us // 1_000_000)),
            )
        if isinstance(clock, SystemClock):
            clock.go_on_from(end.last_time)
        if end.last_sequence:
            _log.info(
                "state recovered", sequence=end.last_sequence, from_snapshot_at=restored.after.last_sequence or None
            )
        private_streams.finish_recovery(_last_seqs(venue))

        # 4. The readers, and the publisher.
        leaderboard = leaderboard_of(scenario, projections)
        public_channels = channels_of(scenario, venue, translator, clock, projections, loop.call_later, leaderboard)
        connections = Connections(stream_limits)
        publisher = Publisher(private_streams, public_channels, connections)

        # 5. Between venue and readers: with durability "disk", answers and events wait for the disk.
        to_disk = durability == "disk"
        publish = to_readers(publisher, projections, public_channels)
        release = DurableRelease(publish, end.last_sequence)
        coordinator = OrderResponseCoordinator(end.last_sequence, waits_for_disk=to_disk)

        def disk_has(sequence: Sequence, failure: OSError | None) -> None:
            try:
                release.synced(sequence)
            except Exception as error:  # noqa: BLE001 - events that were promised are lost: nothing may follow them
                sequencer.stop("publishing", error)
            coordinator.synced(sequence)
            if failure is not None:
                coordinator.give_up(f"the disk refused it ({failure})")
                on_disk_failure(str(journal.failure))

        # 6. The journal: what a crash tore is cut off, then it goes on in a segment of its own. After each seal another
        # process makes the next snapshot.
        if end.stranded is not None:
            copy = cut_torn_tail(end.stranded, files)
            _log.warning(
                "segment set aside: power was lost before the one before it was on the disk",
                bytes=end.stranded.size,
                copy=str(copy),
            )
        if end.torn_tail is not None:
            copy = cut_torn_tail(end.torn_tail, files)
            _log.warning("torn record cut off the journal", bytes=end.torn_tail.size, copy=str(copy))
        snapshots = SnapshotSchedule(
            snapshot_builder or ChildProcess(directory.path),
            loop.call_soon_threadsafe,
            loop.call_later,
            run_beside,
            stopwatch,
        )
        opened.callback(snapshots.close)
        journal = JournalWriter(
            directory.journal,
            end,
            scenario_hash=scenario.hash,
            live_hash=venue.live_hash,
            boot_id=boot_id,
            on_sealed=_from_another_thread(loop, snapshots.segment_sealed),
            segment_bytes=segment_bytes,
            # If answers wait for the disk, the next sync begins as soon as the last has ended.
            sync_interval_seconds=0 if to_disk else sync_interval_seconds,
            maximum_unsynced=MAXIMUM_UNSYNCED if to_disk else None,
            on_change=_in_loop(loop, disk_has, each_sync=to_disk),
            stopwatch=stopwatch,
            observe_seconds=metrics.journal_sync_seconds.observe,
            files=files,
            start_helper=start_helper,
        )

        if reader.bytes_total >= segment_bytes:
            snapshots.segment_sealed()

        def close_journal(error_type: type[BaseException] | None, *_: object) -> None:
            clean = error_type is None and sequencer.stopped_reason is None
            journal.close(clean=clean)
            if clean and to_disk and journal.failure is None:
                disk_has(journal.last_sequence, None)  # the close has synced them: event logs and projections get them

        opened.push(close_journal)

        # 7. The sequencer: the one writer, over all of it.
        outgoing = Outgoing(loop.call_soon)
        deliver = release.deliver if to_disk else publish
        conduct = Conduct()
        sequencer = Sequencer(
            venue,
            journal,
            clock,
            deliver=deliver,
            deliver_refused=if_refused(deliver, projections),
            note_refused=conduct.note_refused,
            schedule=before_writing(loop, outgoing),
            check_room=private_streams.check_room,
            epoch=journal.epoch,
            last_sequence=end.last_sequence,
            last_time=end.last_time,
        )
        if not end.clean:
            _log.warning("the server before this one was not closed: epoch raised", epoch=journal.epoch)
            sequencer.perform(SkipIds(IDS_SKIPPED))
            journal.settle()  # otherwise a loss of power now, and a second start, would give these ids again
        opened.callback(finish, sequencer)

        # 8. Protection: timers that came due meanwhile, then the next ones.
        protection = Protection(sequencer, clock, loop.call_later)
        opened.callback(protection.stop)
        protection.start()
        sequencer.continue_work()

        # 9. The day: market time goes on.
        register_own_teams(scenario, sequencer)
        seeds = SeedSource(entropy, directory.seeds, seed)
        driver = driver_of(scenario, sequencer, clock, loop.call_later, seeds, prices_of, directory.worlds)
        opened.callback(driver.stop)
        driver.start()

        metrics.watch(sequencer, coordinator, journal, private_streams, snapshots, directory)
        return Server(
            scenario=scenario,
            durability=durability,
            started_at=clock.now(),
            clock=clock,
            entropy=entropy,
            sequencer=sequencer,
            journal=journal,
            snapshots=snapshots,
            private_streams=private_streams,
            public_channels=public_channels,
            connections=connections,
            conduct=conduct,
            projections=projections,
            leaderboard=leaderboard,
            outgoing=outgoing,
            turnstile=Turnstile(loop.call_soon),
            coordinator=coordinator,
            protection=protection,
            driver=driver,
            translator=translator,
            taken_names=TakenNames(venue.queries),
            admin_key_hash=admin_key_hash,
            metrics=metrics,
            close=opened.pop_all().close,
        )


def _last_seqs(venue: Venue) -> dict[TeamId, int]:
    """The last event of every team that has a private stream."""
    queries = venue.queries
    return {team.team_id: queries.last_seq(team.team_id) for team in queries.teams() if queries.has_key(team.team_id)}


def _in_loop(loop: EventLoop, disk_has: OnChange, *, each_sync: bool) -> OnChange:
    """`disk_has`, run in the loop when the journal's thread calls: after `each_sync`, or only a failed one."""

    def wake(sequence: Sequence, failure: OSError | None) -> None:
        if each_sync or failure is not None:
            loop.call_soon_threadsafe(partial(disk_has, sequence, failure))

    return wake


def _from_another_thread(loop: EventLoop, callback: Callable[[], None]) -> Callable[[], None]:
    """`callback`, in a later turn of the loop."""

    def call_soon() -> None:
        loop.call_soon_threadsafe(callback)

    return call_soon
