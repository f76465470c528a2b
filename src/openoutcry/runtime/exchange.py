"""The assembled exchange, as the gateway gets it. Only `bootstrap` puts one together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from openoutcry.domain.types import TimestampUs
from openoutcry.journal.writer import JournalWriter
from openoutcry.protocol.translation import Translator
from openoutcry.runtime.clock import Clock
from openoutcry.runtime.coordination import OrderResponseCoordinator
from openoutcry.runtime.metrics import Metrics
from openoutcry.runtime.outgoing import Outgoing
from openoutcry.runtime.protection import Protection
from openoutcry.runtime.publisher import Publisher
from openoutcry.runtime.sequencer import Sequencer
from openoutcry.runtime.snapshot_schedule import SnapshotSchedule
from openoutcry.runtime.taken_names import TakenNames
from openoutcry.runtime.turnstile import Turnstile
from openoutcry.scenarios.model import Scenario

Durability = Literal["os", "disk"]
"""What an answer promises to survive: `os`, a crash of this program; `disk`, the loss of power too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchange:
    scenario: Scenario
    durability: Durability
    started_at: TimestampUs
    clock: Clock
    sequencer: Sequencer
    journal: JournalWriter
    """To be read for its lag and failure; only the sequencer appends."""
    snapshots: SnapshotSchedule
    publisher: Publisher
    outgoing: Outgoing
    turnstile: Turnstile
    coordinator: OrderResponseCoordinator
    protection: Protection
    translator: Translator
    taken_names: TakenNames
    admin_key_hash: bytes
    metrics: Metrics
    close: Callable[[], None]
    """End in good order: execute what waits, write the logs, mark the journal as closed, let the directory go."""
