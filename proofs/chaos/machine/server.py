"""The machine of the exchange: starts it, kills it, loses power, and restarts it on what the disk has kept."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal, Protocol

import uvicorn
from uvicorn.server import ServerState

from openoutcry.access.keys import hash_key
from openoutcry.bootstrap.server import open_server
from openoutcry.gateway.app import Gateway, build_gateway
from openoutcry.gateway.connections.endings import sweep
from openoutcry.gateway.http.asgi import Receive, Scope, Send
from openoutcry.gateway.server import MAX_FRAME_BYTES, PING_SECONDS, PONG_SECONDS, SWEEP_SECONDS
from openoutcry.gateway.stream.protocol import stream_protocol
from openoutcry.journal.segment import JournalCorrupt, list_provisional, list_segments, provisional_path
from openoutcry.journal.writer import JournalUnavailable
from openoutcry.protocol.stream import CloseCode
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.exchange import Durability
from openoutcry.runtime.exchange import Server as ExchangeServer
from openoutcry.runtime.recovery.repair import repair_tail
from openoutcry.runtime.sequencing.unavailable import Unavailable
from openoutcry.runtime.session.prices import PricesAt
from openoutcry.scenarios.model import Scenario
from proofs.chaos.machine.clock import SimulatedClock
from proofs.chaos.machine.disk import SimulatedDisk
from proofs.chaos.machine.files import ProcessFiles
from proofs.chaos.machine.moments import Moments
from proofs.chaos.machine.process import Process, ProcessKilled
from proofs.chaos.machine.projections import projections_of
from proofs.chaos.machine.snapshot_child import SnapshotChild
from proofs.chaos.machine.sync_helper import helpers_of
from proofs.chaos.network.order_lane import serve_http
from proofs.chaos.network.stream_socket import ServerSocket
from proofs.chaos.world import World

ADMIN_KEY: Final = "the-organiser-of-the-simulation"
ORGANISER: Final = {"X-Admin-Key": ADMIN_KEY}
"""The headers of the organiser's requests."""

SEGMENT_BYTES: Final = 2 * 1024
"""Small, so that segments are followed by others, and snapshots made, all the time."""

SEGMENT_BYTES_OF_A_DAY: Final = 16 * 1024
"""With ticks, there is so much more in the journal."""

End = Literal["stopped", "killed", "power lost"]


@dataclass(slots=True)
class Life:
    """One process of the exchange, from its start to its end."""

    number: int
    epoch: int = 0
    end: End | None = None
    may_be_lost_since: float | None = None
    """What was told from this moment on may be lost: power failed, and answers did not wait for the disk."""


class Passenger(Protocol):
    """A request or connection that the server is at work on."""

    def server_died(self, *, silently: bool) -> None: ...


class Server:
    """`listens` while it takes requests. `lives` tell what became of each of its processes."""

    def __init__(
        self,
        world: World,
        scenario: Scenario,
        directory: DataDirectory,
        disk: SimulatedDisk,
        durability: Durability,
        prices_at: PricesAt,
    ) -> None:
        self.scenario: Final = scenario
        self.directory: Final = directory
        self.durability: Final = durability
        self.disk: Final = disk
        self.clock = SimulatedClock(world.loop)
        self.moments = Moments(self.clock)
        self._entropy = world.chance.stream("keys").randbytes
        self._prices_at = prices_at
        self.exchange: ExchangeServer | None = None
        self.lives: list[Life] = []
        self.found_provisional: Counter[str] = Counter()
        """Segments that had a provisional name at a start, by what became of them."""
        self._world = world
        self._gateway: Gateway | None = None
        self._process: Process | None = None
        self._files: ProcessFiles | None = None
        self._passengers: dict[Passenger, None] = {}
        self._sockets: dict[ServerSocket, None] = {}

    @property
    def listens(self) -> bool:
        return self._gateway is not None

    @property
    def is_running(self) -> bool:
        """Whether there is a process, be it one that is just starting or ending."""
        return self._process is not None

    @property
    def life(self) -> Life:
        """The latest one."""
        return self.lives[-1]

    # ---- its life

    def start(self) -> bool:
        """Open the exchange on what the disk has; whether it runs now. Where not, a later attempt may do."""
        assert self._process is None, "one process at a time"  # noqa: S101
        life = Life(len(self.lives) + 1)
        process = self._process = Process(f"exchange {life.number}", self._world.loop)
        files = self._files = ProcessFiles(self.disk, process, self.moments.written, self.moments.refused)
        self.moments.started()
        provisional = list_provisional(self.directory.journal)
        try:
            exchange: ExchangeServer = process.run(lambda: self._open(process, files))
        except ProcessKilled:
            return False
        except (JournalUnavailable, Unavailable, OSError) as error:
            self._note(f"does not start: {type(error).__name__}")
            self._leave(process)
            return False
        except JournalCorrupt as error:
            if not error.in_last_segment:
                raise  # every segment follows one that is whole on the disk: no death and no loss of power leads there
            self._note(f"refuses to start: byte {error.offset} of {error.path.name}")
            self._leave(process)
            self._follow_advice()
            return False
        for number, _ in provisional:
            # Where it did not count, the segment of this life has its number now.
            went_on_after_it = list_segments(self.directory.journal)[-1][0] > number
            self.found_provisional["went on after it" if went_on_after_it else "set aside"] += 1
        life.epoch = exchange.sequencer.epoch
        self.lives.append(life)
        self.exchange = exchange
        self._gateway = process.run(lambda: build_gateway(exchange, monotonic=self._world.loop.time))
        process.call_soon(lambda: self._sweep(process))
        self._note(
            f"life {life.number} of epoch {life.epoch} starts after sequence {exchange.sequencer.last_sequence}"
            f" in state {exchange.sequencer.state_hash()}"
        )
        return True

    def die_in_a_disk_operation(self, operations: int, *, lose_power: bool) -> None:
        """Die in the middle of the disk operation after so many more."""
        if self._files is not None:
            self._files.die_after(operations, self.lose_power if lose_power else self.kill)

    def die_changing_segments(self, operations: int, *, lose_power: bool) -> None:
        """The same, counted from when the next segment is begun."""
        if self._files is not None:
            die = self.lose_power if lose_power else self.kill
            self._files.die_after(operations, die, creating=provisional_path(self.directory.journal, 1).suffix)

    def spare(self) -> None:
        """Cancel the planned death, if it has not happened yet."""
        if self._files is not None:
            self._files.spare()

    def kill(self) -> None:
        """As `kill -9`: the operating system keeps what was written, and hangs up."""
        self._die("killed")

    def lose_power(self) -> None:
        """The disk keeps what it has, and clients hear nothing."""
        since = self.disk.unsynced_since(self.directory.journal)
        if self.durability == "os" and self.lives and since is not None:
            earlier = self.life.may_be_lost_since
            self.life.may_be_lost_since = since if earlier is None else min(earlier, since)
        self._die("power lost")
        self.disk.lose_power()

    async def stop(self) -> None:
        """As at SIGTERM: goodbye to everybody, then the end in good order."""
        exchange, process = self.exchange, self._process
        if exchange is None or process is None:
            return
        await exchange.connections.disconnect_all(CloseCode.GOING_AWAY, "the exchange is ending")
        if self._process is not process:
            return  # it died over it
        self._gateway = None
        try:
            process.run(exchange.close)
        except (ProcessKilled, JournalUnavailable, OSError) as error:
            self._note(f"ends badly: {type(error).__name__}")
        if self._process is process:
            for passenger in list(self._passengers):
                passenger.server_died(silently=False)
            self.life.end = "stopped"
            self._note("ends")
            self._leave(process)

    def _die(self, end: End) -> None:
        process, exchange = self._process, self.exchange
        if process is None:
            return
        self._note(end)
        if exchange is not None:
            self.life.end = end
        for passenger in list(self._passengers):
            passenger.server_died(silently=end == "power lost")
        self._leave(process)
        if exchange is not None:
            # Later, because it may be in the middle of something. Its disk is gone, so this only unlocks the directory.
            self._world.loop.call_soon(self._bury, exchange)

    def _leave(self, process: Process) -> None:
        process.kill()
        self._passengers.clear()
        self._sockets.clear()
        self._process = self._files = self._gateway = self.exchange = None

    @staticmethod
    def _bury(exchange: ExchangeServer) -> None:
        with suppress(JournalUnavailable, OSError, ProcessKilled):
            exchange.close()

    def _open(self, process: Process, files: ProcessFiles) -> ExchangeServer:
        child = SnapshotChild(self.directory, self._world.loop, self.disk, process, self.disk.boot_id)
        return open_server(
            self.scenario,
            self.directory.path,
            admin_key_hash=hash_key(ADMIN_KEY.encode()),
            loop=process,
            durability=self.durability,
            clock=self.clock.of_a_process(),
            entropy=self._entropy,
            prices_of=lambda _scenario: self._prices_at,
            files=files,
            start_helper=helpers_of(process, self._world.loop, self.disk),
            boot_id=self.disk.boot_id,
            segment_bytes=SEGMENT_BYTES if self.scenario.session is None else SEGMENT_BYTES_OF_A_DAY,
            snapshot_builder=child,
            run_beside=child.run_beside,
            projections_of=projections_of,
        )

    def _follow_advice(self) -> None:
        """What the refusal tells the operator to do who has no copy: go on with what stands before the damage."""
        cut = repair_tail(self.directory.path)
        self.disk.take_over(self.directory.journal)
        self._note(f"{cut.path.name} cut at byte {cut.offset}, {len(cut.lost)} things lost")

    # ---- whom it serves

    def serve(self, passenger: Passenger, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application for this request, as the listening server would."""
        assert self._process is not None, "it listens"  # noqa: S101
        self._passengers[passenger] = None
        self._process.spawn(self._serve(passenger, scope, receive, send))

    async def _serve(self, passenger: Passenger, scope: Scope, receive: Receive, send: Send) -> None:
        gateway = self._gateway
        if gateway is None:
            return
        try:
            await serve_http(gateway, scope, receive, send)
        finally:
            self._passengers.pop(passenger, None)

    def accept(
        self,
        passenger: Passenger,
        name: str,
        *,
        room: Callable[[], int],
        carry: Callable[[bytes], None],
        hang_up: Callable[[], None],
    ) -> ServerSocket:
        """Take a stream's connection, as the listening server would; the socket's client is what the rest tells."""
        process, gateway, exchange = self._process, self._gateway, self.exchange
        assert process is not None, "it listens"  # noqa: S101
        assert exchange is not None, "it listens"  # noqa: S101
        assert gateway is not None, "it listens"  # noqa: S101

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            with suppress(asyncio.CancelledError, ProcessKilled):
                await gateway.app(scope, receive, send)

        def lost() -> None:
            self._passengers.pop(passenger, None)
            hang_up()

        socket = ServerSocket(process, self._world.loop, name, room=room, carry=carry, hang_up=lost)
        self._passengers[passenger] = None
        self._sockets = {each: None for each in self._sockets if not each.is_lost} | {socket: None}

        def serve() -> None:
            configuration = uvicorn.Config(
                application,
                interface="asgi3",
                lifespan="off",
                log_config=None,
                ws_max_size=MAX_FRAME_BYTES,
                ws_per_message_deflate=False,
                ws_ping_interval=PING_SECONDS,
                ws_ping_timeout=PONG_SECONDS,
            )
            configuration.load()
            protocol_class = stream_protocol(exchange.clock)
            socket.protocol = protocol_class(configuration, ServerState(), {}, self._world.loop)
            socket.protocol.connection_made(socket)

        process.run(serve)
        return socket

    def _sweep(self, process: Process) -> None:
        sweep(socket.protocol for socket in self._sockets if socket.protocol is not None and not socket.is_lost)
        process.call_later(SWEEP_SECONDS, lambda: self._sweep(process))

    def _note(self, what: str) -> None:
        self._world.trace.note("server", what)
