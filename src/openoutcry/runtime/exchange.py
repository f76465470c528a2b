"""The assembled exchange, as the gateway gets it. Only `bootstrap` puts one together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from openoutcry.domain.types import TimestampUs
from openoutcry.journal.writer import JournalWriter
from openoutcry.protocol.translation import Translator
from openoutcry.runtime.clock import Clock
from openoutcry.runtime.conduct import Conduct
from openoutcry.runtime.entropy import Entropy
from openoutcry.runtime.leaderboard import Leaderboard
from openoutcry.runtime.process.figures import Metrics
from openoutcry.runtime.projections import Projections
from openoutcry.runtime.recovery.snapshots.schedule import SnapshotSchedule
from openoutcry.runtime.sequencing.coordination import OrderResponseCoordinator
from openoutcry.runtime.sequencing.protection import Protection
from openoutcry.runtime.sequencing.sequencer import Sequencer
from openoutcry.runtime.sequencing.turnstile import Turnstile
from openoutcry.runtime.session.driver import MarketDriver
from openoutcry.runtime.streams.connections import Connections
from openoutcry.runtime.streams.outgoing import Outgoing
from openoutcry.runtime.streams.private_streams import PrivateStreams
from openoutcry.runtime.streams.public_channels import PublicChannels
from openoutcry.runtime.taken_names import TakenNames
from openoutcry.scenarios.model import Scenario

Durability = Literal["os", "disk"]
"""What an answer survives: with `os` a crash of this program; with `disk` a loss of power too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchange:
    """What can be asked needs no more than this, on disk or in memory."""

    scenario: Scenario
    durability: Durability
    started_at: TimestampUs
    clock: Clock
    entropy: Entropy
    sequencer: Sequencer
    journal: JournalWriter
    """For reading its lag and failure; only the sequencer appends."""
    private_streams: PrivateStreams
    public_channels: PublicChannels
    connections: Connections
    conduct: Conduct
    projections: Projections
    leaderboard: Leaderboard | None
    """None: the scenario is not scored, or the scores were dropped before this start."""
    outgoing: Outgoing
    turnstile: Turnstile
    coordinator: OrderResponseCoordinator
    protection: Protection
    driver: MarketDriver
    translator: Translator
    taken_names: TakenNames
    admin_key_hash: bytes
    close: Callable[[], None]
    """End cleanly: execute the pending command, write the logs, mark the journal as closed, unlock the directory."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Server(Exchange):
    """An exchange that a process serves from its disk, and what only a process has."""

    snapshots: SnapshotSchedule
    metrics: Metrics
