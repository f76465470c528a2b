"""Feeds the recorded commands of a finished data directory to an exchange in memory, at their recorded instants.

The exchange judges and carries them out as it does those of bots. All that comes out must be what was recorded: every
record of the journal to the byte, and at each seal the state.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

from openoutcry.bootstrap.in_memory import open_in_memory
from openoutcry.domain.sequenced import Sequenced
from openoutcry.journal.memory_files import MemoryFiles
from openoutcry.journal.records import UNKNOWN_HASH
from openoutcry.lab.recorded.recording import Recording
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.projections import Projection
from openoutcry.runtime.recovery.replay import (
    COMMANDS_PER_PROGRESS,
    Progress,
    ReplayFailed,
    StateMismatch,
    collection_paused,
)
from openoutcry.venue.snapshots.state_hash import contradicts

_ENCODE = msgspec.msgpack.Encoder().encode


class FedOtherwise(ReplayFailed):
    """What an exchange in memory made of a command is not what was recorded."""


class Fed(Struct, frozen=True, kw_only=True):
    """What came of it: everything as it was recorded."""

    commands: int
    refused: int
    """Commands that were refused, with the same words as then."""
    seals: int
    """How often the state was compared with what the recording has of it."""
    state_hash: str


def feed(
    directory: Path,
    files: MemoryFiles | None = None,
    projections: Iterable[Projection] = (),
    on_progress: Callable[[Progress], None] = lambda _progress: None,
) -> Fed:
    """Feed all of it. The journal of the exchange in memory grows in `files`; `projections` are among its readers.

    Raises `FedOtherwise` or `StateMismatch` at the first difference, `ReplayFailed` if the recording has commands that
    a replay passes over, and as `Recording`.
    """
    recording = Recording(directory)
    time = VirtualTime(recording.begins)
    exchange = open_in_memory(
        recording.scenario,
        loop=time,
        clock=time,
        files=files,
        projections_of=lambda _scenario: projections,
        runs_itself=False,
    )
    try:
        with collection_paused():
            return _fed(recording, exchange, time, on_progress)
    finally:
        exchange.close()


def _fed(recording: Recording, exchange: Exchange, time: VirtualTime, on_progress: Callable[[Progress], None]) -> Fed:
    reader, sequencer, seals = recording.reader(), exchange.sequencer, 0
    for passed_over in sorted(reader.quarantined):
        raise ReplayFailed(passed_over, "every replay passes over this command, so it cannot be given to an exchange")
    for segment in reader.segments():
        assert segment.header is not None  # noqa: S101 - one without is no segment to the reader
        seals += check_seal(exchange, segment.header.live_hash)
        for record in segment:
            if record.sequence % COMMANDS_PER_PROGRESS == 0:
                on_progress(Progress(record.sequence, reader.bytes_read, reader.bytes_total))
            time.pass_until(record.time)
            check_same(record, sequencer.perform(record.command)[0])
    time.run()
    seals += check_seal(exchange, reader.end.live_hash)
    return Fed(
        commands=sequencer.last_sequence,
        refused=sum(sequencer.refused.values()),
        seals=seals,
        state_hash=sequencer.state_hash(),
    )


def check_same(record: Sequenced, fed: Sequenced) -> None:
    """Raises `FedOtherwise` unless what became of the command now is what is recorded."""
    # Equal bytes are equal records: in the journal a tuple in the details of a refusal has become a list.
    if fed != record and _ENCODE(fed) != _ENCODE(record):
        raise FedOtherwise(
            record.sequence,
            f"recorded as {record.verdict} at {record.time}, and now {fed.verdict} at {fed.time} with the sequence"
            f" {fed.sequence}; use the version of openoutcry that wrote it, or report this with the journal",
        )


def check_seal(exchange: Exchange, noted: str) -> bool:
    """Whether there was something to compare. Raises `StateMismatch` if the state is not the one that was noted."""
    if noted == UNKNOWN_HASH:
        return False
    sequencer = exchange.sequencer
    if contradicts(noted, sequencer.live_hash()):
        raise StateMismatch(
            sequencer.last_sequence,
            "the state of the exchange in memory differs from the recorded one; use the version of openoutcry that"
            " wrote the journal, or report this with the journal",
        )
    return True
