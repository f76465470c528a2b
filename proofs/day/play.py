"""The day played through an exchange on its disk, second by second of market time, beside the naive one."""

import asyncio
from pathlib import Path
from typing import Final

from msgspec import Struct

from openoutcry.access.caller import Caller
from openoutcry.bootstrap.server import open_server
from openoutcry.domain.day.phases import Phase
from openoutcry.domain.identifiers import parse_team_id
from openoutcry.domain.types import InstrumentId, TimestampUs
from openoutcry.operations import order_changes, order_entry, teams
from openoutcry.operations.organiser import session as organiser
from openoutcry.protocol.requests import (
    AmendRequest,
    HaltRequest,
    OrderRequest,
    SessionRequest,
    TeamRequest,
)
from openoutcry.runtime.exchange import Server
from openoutcry.scenarios.loader import load_scenario
from proofs.day.naive import NaiveBook, NaiveOrder
from proofs.order_flow.rows import Amend, Cancel, Insert, Row

SCENARIO: Final = Path(__file__).with_name("day.toml")
TEAMS: Final = 4
DEPTH: Final = 50

HALT_AT: Final = 1_800
RESUME_AT: Final = 2_100
"""Seconds after the session's start: the organiser halts one instrument, and lets it reopen by a call."""
HALTED: Final = "FLOW0"
CLOSE_AT: Final = 3_600


class Played(Struct):
    """What the exchange said, and the naive books beside it."""

    books: dict[str, NaiveBook]
    phases: list[tuple[int, str, Phase]]
    """Each change of an instrument's phase: second, instrument, phase."""
    depths: dict[str, tuple[list[tuple[int, int]], list[tuple[int, int]]]]
    """Just before the close, as the exchange has them."""
    naive_depths: dict[str, tuple[list[tuple[int, int]], list[tuple[int, int]]]]
    positions: dict[int, dict[str, int]]
    refused: dict[str, int]
    verdicts: int
    surprises: list[str]
    """Verdicts that the phase, as the naive exchange sees it, does not explain."""
    state_hash: str


class _StandingClock:
    """Time that passes only from command to command, so that the exchange never ticks by itself."""

    def __init__(self) -> None:
        self._now = 1_705_309_200_000_000

    def now(self) -> TimestampUs:
        self._now += 1
        return TimestampUs(self._now)

    def elapsed(self) -> int:
        return 0


def play_day(rows: list[tuple[float, Row]], data: Path) -> Played:
    return asyncio.run(_Day(rows).play(data))


class _Day:
    def __init__(self, rows: list[tuple[float, Row]]) -> None:
        self._rows = rows
        self._ids: dict[int, str] = {}
        self._totals: dict[int, int] = {}
        self._naive: dict[int, tuple[NaiveBook, NaiveOrder]] = {}
        self._callers: list[Caller] = []
        self._phases: dict[str, Phase] = {}
        self._played = Played({}, [], {}, {}, {}, {}, 0, [], "")

    async def play(self, data: Path) -> Played:
        scenario = load_scenario(SCENARIO)
        loop = asyncio.get_running_loop()
        server = open_server(scenario, data, admin_key_hash=bytes(32), loop=loop, clock=_StandingClock())
        try:
            await self._play(server)
        finally:
            self._played.state_hash = server.sequencer.state_hash()
            server.close()
        return self._played

    async def _play(self, server: Server) -> None:
        played = self._played
        for number in range(TEAMS):
            registered = teams.register_team(server, Caller(), TeamRequest(team_name=f"Team {number}")).data
            assert registered is not None, "registration is open"  # noqa: S101
            self._callers.append(Caller(parse_team_id(registered.team_id)))
        names = [str(instrument.instrument_id) for instrument in server.scenario.instruments]
        played.books = {name: NaiveBook() for name in names}
        organiser.conduct_session(server, Caller(), SessionRequest(action="start"))
        self._note_phases(server, 0)
        second = 0
        for time, row in self._rows:
            while second < int(time) and second < CLOSE_AT - 1:
                second += 1
                await self._pass_second(server, second)
            self._send(server, row)
        for name in names:
            view = server.sequencer.queries.depth(name, DEPTH)
            assert view is not None, "it is listed"  # noqa: S101
            played.depths[name] = list(view.bids), list(view.asks)
            bids, asks = played.books[name].depth()
            played.naive_depths[name] = bids[: len(view.bids)], asks[: len(view.asks)]
        while second < CLOSE_AT:
            second += 1
            await self._pass_second(server, second)
        for place, caller in enumerate(self._callers):
            played.positions[place] = {
                str(name): held for name, held in server.sequencer.queries.positions(caller.team_id).items()
            }

    async def _pass_second(self, server: Server, second: int) -> None:
        if second == HALT_AT:
            organiser.halt(server, Caller(), HaltRequest(instrument_id=HALTED))
        if second == RESUME_AT:
            organiser.resume(server, Caller(), HaltRequest(instrument_id=HALTED))
        server.driver.tick()
        while server.sequencer.has_work:  # noqa: ASYNC110 - a slice is done in each turn
            await asyncio.sleep(0)
        self._note_phases(server, second)

    def _note_phases(self, server: Server, second: int) -> None:
        """Follow the exchange's phases; where a call has ended, the naive book has its uncross."""
        market = server.sequencer.queries.market()
        for name, book in self._played.books.items():
            phase = market.instrument_phases.get(InstrumentId(name), market.phase)
            before = self._phases.get(name)
            if phase == before:
                continue
            self._phases[name] = phase
            self._played.phases.append((second, name, phase))
            if before in {"pre_open", "reopening_call"} and phase == "continuous":
                book.uncross()

    # ---- rows

    def _send(self, server: Server, row: Row) -> None:
        match row:
            case Insert():
                self._insert(server, row)
            case Amend():
                self._amend(server, row)
            case Cancel():
                self._cancel(server, row.order)

    def _insert(self, server: Server, row: Insert) -> None:
        team = row.order % TEAMS
        name = f"FLOW{row.instrument}"
        request = OrderRequest(
            instrument_id=name,
            side=row.side,
            quantity=row.volume,
            price=float(row.price),
            time_in_force="day" if row.is_day else "ioc",
        )
        result = order_entry.submit_order(server, self._callers[team], request)
        phase = self._phases[name]
        enters = phase == "continuous" or (phase in {"pre_open", "reopening_call"} and row.is_day)
        self._expect(f"insert {row.order} in {phase}", accepted=enters, code=_code(result.reject))
        if result.reject is not None:
            return
        book = self._played.books[name]
        order = NaiveOrder(row.order, team, row.side, row.price, row.volume, row.is_day)
        if phase == "continuous":
            book.enter(order)
        else:
            book.wait(order)
        self._ids[row.order] = str(result.order_id)
        self._totals[row.order] = row.volume
        self._naive[row.order] = book, order

    def _amend(self, server: Server, row: Amend) -> None:
        """Make the order smaller; if that much is filled already, cancel the rest."""
        if row.order not in self._ids:
            return
        book, order = self._naive[row.order]
        total = self._totals[row.order] + row.change
        if total <= order.filled:
            self._cancel(server, row.order)
            return
        caller = self._callers[row.order % TEAMS]
        request = AmendRequest(quantity=total)
        result = order_changes.amend_order(server, caller, self._ids[row.order], request)
        phase = self._phase_of(book)
        may = order.left > 0 and phase != "halted"
        self._expect(f"amend {row.order} in {phase}", accepted=may, code=_code(result.reject))
        if result.reject is None:
            self._totals[row.order] = total
            book.reduce(order, total)

    def _cancel(self, server: Server, number: int) -> None:
        if number not in self._ids:
            return
        book, order = self._naive[number]
        result = order_changes.cancel_order(server, self._callers[number % TEAMS], self._ids[number])
        self._expect(f"cancel {number}", accepted=order.left > 0 and order in book.orders, code=_code(result.reject))
        if result.reject is None:
            book.cancel(order)

    def _phase_of(self, book: NaiveBook) -> Phase:
        return next(self._phases[name] for name, other in self._played.books.items() if other is book)

    def _expect(self, what: str, *, accepted: bool, code: str | None) -> None:
        self._played.verdicts += 1
        if code is not None:
            self._played.refused[code] = self._played.refused.get(code, 0) + 1
        if accepted != (code is None):
            self._played.surprises.append(f"{what}: {code or 'accepted'}")


def _code(reject: object) -> str | None:
    return None if reject is None else str(reject.code)  # type: ignore[attr-defined]
