"""What takes the exchange more than one turn of its loop: how long the longest of the turns is."""

import gc
from collections import deque
from collections.abc import Callable
from random import Random
from time import thread_time_ns
from typing import Final

from msgspec.structs import replace

from openoutcry.bench import targets
from openoutcry.bench.engines.commands import Unexpected, load_roomy_scenario
from openoutcry.bench.measures import Spread, spread
from openoutcry.bench.report import Claim, Section, microseconds
from openoutcry.bench.stage import Stage
from openoutcry.bootstrap.in_memory import open_in_memory
from openoutcry.domain.commands import Command, ExpireInstrument, Price, RegisterTeam, SetPhase, SubmitOrder
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.types import InstrumentId, TeamId, Ticks
from openoutcry.runtime.clock import SystemClock
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.process.build import CORE
from openoutcry.runtime.sequencing.timers import TimerHandle
from openoutcry.scenarios.model import Scenario, under_rulebook

TEAMS: Final = 100
MIDDLE_TICKS: Final = 10_000
DISTANCE_TICKS: Final = 20
MOST_LOTS: Final = 20

_AUCTION: Final = "the auction that a call ends with"
KINDS: Final[dict[str, Callable[[InstrumentId], Command]]] = {
    _AUCTION: lambda _instrument_id: SetPhase("opening_auction"),
    "the close of a session": lambda _instrument_id: SetPhase("closed"),
    "the expiry of an instrument": ExpireInstrument,
}


def slices(stage: Stage) -> Section:
    """Processor time of whole turns: the slice in the venue, its journal, and the encoding of its events."""
    orders = stage.effort.sliced_orders
    section = Section(
        f"Work in slices, {orders:,} open orders ({CORE})", ("what", "longest turn", "median turn", "turns")
    )
    longest: list[Spread] = []
    for name, command_of in KINDS.items():
        rounds = [_turns(orders, command_of, crossing=name == _AUCTION) for _ in range(stage.effort.few_rounds)]
        most = spread([max(turns) for turns in rounds])
        median = spread([sorted(turns)[len(turns) // 2] for turns in rounds])
        section.rows.append((name, _stated(most), _stated(median), f"{len(rounds[0]):,}"))
        section.figures[name] = rounds
        longest.append(most)
    section.notes.append("Without readers: each message to a connection is one write more.")
    section.claims.append(Claim(targets.SLICE, max(longest, key=lambda figure: figure.median)))
    return section


def _stated(figure: Spread) -> str:
    return f"{microseconds(figure.median)} ({microseconds(figure.low)}–{microseconds(figure.high)})"


class Turns:
    """A loop that is turned by hand."""

    def __init__(self) -> None:
        self._ready: deque[Callable[[], None]] = deque()

    def call_soon(self, callback: Callable[[], None], /) -> None:
        self._ready.append(callback)

    def call_later(self, _delay: float, _callback: Callable[[], None], /) -> TimerHandle:
        """Nothing here is timed."""
        return _Never()

    @property
    def is_idle(self) -> bool:
        return not self._ready

    def turn(self) -> None:
        """Everything that is ready now, as a loop's turn."""
        for _ in range(len(self._ready)):
            self._ready.popleft()()


class _Never:
    def cancel(self) -> None:
        return


def _turns(orders: int, command_of: Callable[[InstrumentId], Command], *, crossing: bool) -> list[float]:
    """Microseconds of processor time of each turn that the command takes, with what it begins."""
    loop = Turns()
    exchange = open_in_memory(_scenario(), loop=loop, clock=SystemClock())
    _fill(exchange, loop, orders, crossing=crossing)
    gc.collect()
    times = []
    command = command_of(exchange.scenario.instruments[0].instrument_id)
    loop.call_soon(lambda: _perform(exchange, command))
    while not loop.is_idle:
        began = thread_time_ns()
        loop.turn()
        times.append((thread_time_ns() - began) / 1_000)
    exchange.close()
    return times


def _scenario() -> Scenario:
    roomy = load_roomy_scenario()
    return under_rulebook(roomy, replace(roomy.rulebook, opening_phase="closed"))


def _fill(exchange: Exchange, loop: Turns, orders: int, *, crossing: bool) -> None:
    """Enter the orders in a call. Half of the teams buy, half sell; where they are to cross, most of them do."""
    chance = Random(7)  # noqa: S311 - to be had again is the point
    role = exchange.scenario.registration.default_role
    instrument_id = exchange.scenario.instruments[0].instrument_id
    for number in range(1, TEAMS + 1):
        _perform(exchange, RegisterTeam(f"Team {number}", role, number.to_bytes(32)))
    _perform(exchange, SetPhase("pre_open"))
    for number in range(orders):
        sells = number % 2
        distance = chance.randint(-DISTANCE_TICKS, DISTANCE_TICKS) if crossing else chance.randint(-DISTANCE_TICKS, -1)
        price = Price(Ticks(MIDDLE_TICKS - distance if sells else MIDDLE_TICKS + distance))
        quantity, side = chance.randint(1, MOST_LOTS), "sell" if sells else "buy"
        _perform(exchange, SubmitOrder(TeamId(1 + number % TEAMS), instrument_id, side, quantity, price))
        loop.turn()


def _perform(exchange: Exchange, command: Command) -> None:
    sequenced, _ = exchange.sequencer.perform(command)
    if not isinstance(sequenced.verdict, Accepted):
        raise Unexpected(f"{command} was refused: {sequenced.verdict}")
