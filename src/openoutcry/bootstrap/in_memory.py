"""An exchange without disk, threads or sockets, for callers in the same process.

    exchange = open_in_memory(load_scenario("demo"), loop=asyncio.get_running_loop(), clock=SystemClock())
    registered = teams.register_team(exchange, Caller(), TeamRequest(team_name="alpha"))
    caller = Caller(parse_team_id(registered.data.team_id))

The operations that can be called with it are in `openoutcry.operations`.
"""

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Final

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
from openoutcry.journal.boot import UNKNOWN_BOOT
from openoutcry.journal.memory_files import MemoryFiles
from openoutcry.journal.reader import START
from openoutcry.journal.segment import DEFAULT_SEGMENT_BYTES
from openoutcry.journal.sync import Work
from openoutcry.journal.writer import JournalWriter
from openoutcry.protocol.translation import Translator
from openoutcry.runtime.clock import Clock
from openoutcry.runtime.conduct import Conduct
from openoutcry.runtime.entropy import SYSTEM_ENTROPY, Entropy
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.projections import Projections, ProjectionsOf
from openoutcry.runtime.sequencing.coordination import OrderResponseCoordinator
from openoutcry.runtime.sequencing.protection import Protection
from openoutcry.runtime.sequencing.sequencer import Sequencer
from openoutcry.runtime.sequencing.turnstile import Turnstile
from openoutcry.runtime.session.seeds import SeedSource
from openoutcry.runtime.streams.connections import Connections
from openoutcry.runtime.streams.limits import DEFAULT_LIMITS, StreamLimits
from openoutcry.runtime.streams.outgoing import Outgoing
from openoutcry.runtime.streams.private_streams import PrivateStreams
from openoutcry.runtime.streams.publisher import Publisher
from openoutcry.runtime.taken_names import TakenNames
from openoutcry.scenarios.model import Scenario
from openoutcry.venue.venue import Venue

_FOLDER: Final = Path(os.devnull) / "journal"
"""Where the journal's files would be. There cannot be such a folder, so nothing in it is taken for the journal's."""

_NO_KEY: Final = bytes(32)
"""The organiser of such an exchange calls it directly, and needs no key."""


def open_in_memory(
    scenario: Scenario,
    *,
    loop: TurnsAndTimers,
    clock: Clock,
    entropy: Entropy = SYSTEM_ENTROPY,
    seed: int | None = None,
    files: MemoryFiles | None = None,
    segment_bytes: int = DEFAULT_SEGMENT_BYTES,
    projections_of: ProjectionsOf = projections_of_scenario,
    stream_limits: StreamLimits = DEFAULT_LIMITS,
    runs_itself: bool = True,
) -> Exchange:
    """A new exchange of `scenario`. Close it before `loop`.

    `seed`: the number from which its sessions get their seed; None: a random one.
    Its journal has the same bytes as a server's. It grows in `files`, from which it can be saved. The newest events of
    each team's private stream can be read again; `recent_events` of `stream_limits` says how many.
    `runs_itself` False: it gives itself no command. It has no team of its own, commits to no seed, and neither its
    market nor its long work goes on, but by the commands that it is given.
    """
    with ExitStack() as opened:
        venue = Venue(scenario.rulebook, scenario.instruments)
        translator = Translator(venue.queries.instrument)
        projections = Projections(projections_of(scenario))
        private_streams = PrivateStreams(translator, None, venue.queries.has_key, stream_limits)
        leaderboard = leaderboard_of(scenario, projections)
        public_channels = channels_of(scenario, venue, translator, clock, projections, loop.call_later, leaderboard)
        connections = Connections(stream_limits)
        deliver = to_readers(Publisher(private_streams, public_channels, connections), projections, public_channels)
        journal = JournalWriter(
            _FOLDER,
            START,
            scenario_hash=scenario.hash,
            live_hash=venue.live_hash,
            boot_id=UNKNOWN_BOOT,
            segment_bytes=segment_bytes,
            files=files if files is not None else MemoryFiles(),
            start_helper=_AtOnce,
        )
        opened.callback(lambda: journal.close(clean=sequencer.stopped_reason is None))
        outgoing = Outgoing(loop.call_soon)
        conduct = Conduct()
        sequencer = Sequencer(
            venue,
            journal,
            clock,
            deliver=deliver,
            deliver_refused=if_refused(deliver, projections),
            note_refused=conduct.note_refused,
            schedule=before_writing(loop, outgoing),
            epoch=journal.epoch,
            takes_slices=runs_itself,
        )
        opened.callback(finish, sequencer)
        protection = Protection(sequencer, clock, loop.call_later)
        opened.callback(protection.stop)
        if runs_itself:
            register_own_teams(scenario, sequencer)
        seeds = SeedSource(entropy, number=seed)
        driver = driver_of(scenario, sequencer, clock, loop.call_later, seeds)
        opened.callback(driver.stop)
        if runs_itself:
            driver.start()
        return Exchange(
            scenario=scenario,
            durability="os",
            started_at=clock.now(),
            clock=clock,
            entropy=entropy,
            sequencer=sequencer,
            journal=journal,
            private_streams=private_streams,
            public_channels=public_channels,
            connections=connections,
            conduct=conduct,
            projections=projections,
            leaderboard=leaderboard,
            outgoing=outgoing,
            turnstile=Turnstile(loop.call_soon),
            coordinator=OrderResponseCoordinator(START.last_sequence, waits_for_disk=False),
            protection=protection,
            driver=driver,
            translator=translator,
            taken_names=TakenNames(venue.queries),
            admin_key_hash=_NO_KEY,
            close=opened.pop_all().close,
        )


class _AtOnce:
    """The journal's helper without a disk. It does the work at once."""

    def __init__(self, work: Work, _interval_seconds: float) -> None:
        self._work = work

    def wake(self) -> None:
        self._work()

    def stop(self) -> None:
        return
