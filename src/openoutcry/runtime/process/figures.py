"""The metrics at `/metrics`. Counters live with their owners, and are read at each request."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, Histogram, Info, ProcessCollector, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from openoutcry import __version__
from openoutcry.journal.writer import JournalWriter
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.process.build import CORE
from openoutcry.runtime.recovery.snapshots.files import list_snapshots
from openoutcry.runtime.recovery.snapshots.schedule import SnapshotSchedule
from openoutcry.runtime.sequencing.coordination import OrderResponseCoordinator
from openoutcry.runtime.sequencing.sequencer import Sequencer
from openoutcry.runtime.streams.private_streams import PrivateStreams

SYNC_BUCKETS_SECONDS: Final = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0)
PAUSE_BUCKETS_SECONDS: Final = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5)


class PauseMetric:
    """Times for which something held the loop up: a histogram, and the longest since the start."""

    def __init__(self, name: str, documentation: str, registry: CollectorRegistry) -> None:
        self.longest = 0.0
        self._histogram = Histogram(
            f"openoutcry_{name}_seconds", documentation, buckets=PAUSE_BUCKETS_SECONDS, registry=registry
        )
        longest = Gauge(
            f"openoutcry_{name}_longest_seconds", "The longest of these since the start.", registry=registry
        )
        longest.set_function(lambda: self.longest)

    def observe(self, seconds: float) -> None:
        self._histogram.observe(seconds)
        self.longest = max(self.longest, seconds)


class Metrics:
    """One exchange's registry: it holds the figures that have no other owner, and reads the rest from their owners."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)  # memory, processor time and open files, where the system tells them
        build = Info("openoutcry_build", "Version, and whether the core is compiled.", registry=self.registry)
        build.info({"version": __version__, "core": CORE})
        self.connected_clients = Gauge(
            "openoutcry_connected_clients", "WebSocket connections open now.", registry=self.registry
        )
        self.journal_sync_seconds = Histogram(
            "openoutcry_journal_sync_seconds",
            "Time that the disk took to keep a group of records.",
            buckets=SYNC_BUCKETS_SECONDS,
            registry=self.registry,
        )
        self.loop_lag = PauseMetric("loop_lag", "How late the event loop was with what had come due.", self.registry)
        self.garbage_collection = PauseMetric(
            "garbage_collection", "How long a collection of garbage held the event loop up.", self.registry
        )

    def watch(
        self,
        sequencer: Sequencer,
        coordinator: OrderResponseCoordinator,
        journal: JournalWriter,
        private_streams: PrivateStreams,
        snapshots: SnapshotSchedule,
        directory: DataDirectory,
    ) -> None:
        """Include these, once each, from now on."""
        self.registry.register(_Watched(sequencer, coordinator, journal, private_streams, snapshots, directory))

    def text(self) -> bytes:
        """The text format of Prometheus."""
        return generate_latest(self.registry)


class _Watched(Collector):
    def __init__(
        self,
        sequencer: Sequencer,
        coordinator: OrderResponseCoordinator,
        journal: JournalWriter,
        private_streams: PrivateStreams,
        snapshots: SnapshotSchedule,
        directory: DataDirectory,
    ) -> None:
        self._sequencer = sequencer
        self._coordinator = coordinator
        self._journal = journal
        self._private_streams = private_streams
        self._snapshots = snapshots
        self._directory = directory

    def collect(self) -> Iterator[Metric]:
        sequencer, coordinator, journal = self._sequencer, self._coordinator, self._journal
        snapshots = self._snapshots
        yield _gauge("sequence", "Sequence number of the last command.", sequencer.last_sequence)
        yield _gauge("epoch", "Raised by one after every unclean stop.", sequencer.epoch)
        yield _gauge("stopped", "1 when the venue has stopped itself.", sequencer.stopped_reason is not None)
        yield _counter("commands_accepted", "Commands accepted since the start.", sequencer.accepted)
        yield _counter(
            "commands_idle", "Commands that would have changed nothing, and were not journaled.", sequencer.idle
        )
        refused = CounterMetricFamily(
            "openoutcry_commands_refused", "Commands refused since the start, by code.", labels=["code"]
        )
        for code, count in sorted(sequencer.refused.items()):
            refused.add_metric([code], count)
        yield refused
        yield _gauge("answers_waiting", "Answers that wait for the disk now.", coordinator.waiting)
        yield _counter("answers_waited", "Answers that waited for the disk and left.", coordinator.answered)
        yield _counter(
            "answers_turned_away", "Requests refused because too many were waiting.", coordinator.turned_away
        )
        yield _counter("answers_timed_out", "Answers that left with an unknown outcome.", coordinator.timed_out)
        yield _counter("answers_abandoned", "Answers whose client had gone.", coordinator.abandoned)
        yield _gauge("journal_unsynced_records", "Records that wait for the disk now.", journal.unsynced)
        yield _gauge("journal_failed", "1 when a sync has failed.", journal.failure is not None)
        yield _gauge("journal_refuses", "1 while no record can be appended.", journal.obstacle is not None)
        yield _gauge("journal_bytes", "What the journal takes on the disk. It only grows.", journal.size_bytes)
        yield _gauge("journal_segments", "Files that the journal consists of.", journal.segments)
        yield _gauge("event_log_bytes", "What the teams' event logs take on the disk.", self._private_streams.log_bytes)
        free = shutil.disk_usage(self._directory.path).free
        yield _gauge("disk_left_bytes", "What is left on the disk that the data directory is on.", free)
        yield _gauge("snapshot_bytes", "What the snapshots take on the disk.", self._snapshot_bytes())
        waiting = self._private_streams.unwritten_bytes
        yield _gauge("events_unwritten_bytes", "Private events that wait in memory for their log.", waiting)
        yield _counter("snapshots_built", "Snapshots made since the start.", snapshots.built)
        yield _counter("snapshots_failed", "Attempts at a snapshot that failed; the log says why.", snapshots.failures)
        yield _gauge("snapshot_failed", "1 when the latest attempt failed.", snapshots.failure is not None)
        last = snapshots.last
        yield _gauge("snapshot_sequence", "Last command in the newest snapshot made.", last.sequence if last else 0)
        yield _gauge(
            "snapshot_building_seconds",
            "How long the snapshot under way has taken so far. It waits while others keep the processor busy.",
            snapshots.building_seconds,
        )
        yield _gauge("snapshot_seconds", "How long it took, beside the server.", last.seconds if last else 0)

    def _snapshot_bytes(self) -> int:
        size = 0
        for path in list_snapshots(self._directory.snapshots):
            with suppress(FileNotFoundError):  # another process has just made a newer one
                size += path.stat().st_size
        return size


def _gauge(name: str, documentation: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"openoutcry_{name}", documentation, value=value)


def _counter(name: str, documentation: str, value: float) -> CounterMetricFamily:
    return CounterMetricFamily(f"openoutcry_{name}", documentation, value=value)
