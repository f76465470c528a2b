"""A session of a scenario in memory, in virtual time, with participants that are objects of the same process.

The exchange, its market and its driver are those of a server. A participant acts once in every market second, at its
own instant after the second's prices; it reads what is public, and asks operations as a bot does.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, Protocol

import msgspec
from msgspec import structs
from structlog.testing import capture_logs

from openoutcry.access.caller import Caller
from openoutcry.bootstrap.in_memory import open_in_memory
from openoutcry.domain.day.marks import Mark
from openoutcry.domain.identifiers import format_order_id, parse_team_id
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.orders import BUY, SELL, SIDE_NAMES, Side
from openoutcry.domain.reasons import Reject
from openoutcry.domain.simulation.shown import InstrumentShown
from openoutcry.domain.types import MAX_QUOTES_PER_REQUEST, MONEY_UNITS, PPM, MarketTime, TeamId, Ticks, TimestampUs
from openoutcry.journal.memory_files import MemoryFiles
from openoutcry.lab.lines.transport import Transport
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.operations import order_changes, order_entry, quotes, teams
from openoutcry.protocol.requests import OrderRequest, QuoteRequest, QuotesRequest, TeamRequest
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.projections import Projection
from openoutcry.scenarios.model import Scenario
from openoutcry.scenarios.timetable import full_session
from proofs.market.tape import Tape

DATE: Final = "2024-03-14"
INDEX: Final = "SPX"
TRACKER: Final = "SPY"

BEGINNING: Final = TimestampUs(1_710_421_200_000_000)


class Participant(Protocol):
    role: str
    milliseconds: int
    """Market time from a second's prices to its act."""

    def act(self, seat: "Seat") -> None:
        """While the market trades."""


class Heard(msgspec.Struct):
    """A message of the private stream, as far as participants read it."""

    type: str
    forecast_regime: str | None = None
    seconds_until_change: int | None = None
    confidence: float | None = None
    direction: str | None = None


class Seat:
    """A participant's place in the exchange."""

    def __init__(self, exchange: Exchange, name: str, role: str) -> None:
        registered = teams.register_team(exchange, Caller(), TeamRequest(team_name=name, role=role))
        assert registered.data is not None, registered.reject  # noqa: S101
        self.team_id: Final = parse_team_id(registered.data.team_id)
        self.transport: Final = Transport(exchange, Caller(self.team_id))
        self.queries: Final = exchange.sequencer.queries
        self.shown: Final = self.queries.shown()
        self.signals: Final[list[Heard]] = []
        """That have come and were not taken from here."""
        self.refusals: Final[list[str]] = []
        self.instruments: dict[str, Instrument] = {}
        """Those of the session, expired ones too."""
        self.tradable: set[str] = set()
        self.options: list[Instrument] = []
        """Those that can be traded, as all in `tradable`."""
        self._decoder: Final = msgspec.json.Decoder(Heard)
        self.transport.listen(self._hear)

    def _hear(self, message: bytes) -> None:
        if b'"signal"' in message:
            self.signals.append(self._decoder.decode(message))

    def look(self) -> None:
        """See which instruments there are now."""
        self.instruments = {str(one.instrument_id): one for one in self.queries.instruments()}
        tradable = self.queries.tradable()
        self.tradable = {str(one.instrument_id) for one in tradable}
        self.options = [one for one in tradable if one.option is not None]

    @property
    def is_open(self) -> bool:
        return self.see(TRACKER).phase == "continuous"

    @property
    def now(self) -> MarketTime:
        now = self.shown.market_time
        assert now is not None, "participants act in a session"  # noqa: S101
        return now

    def see(self, instrument_id: str) -> InstrumentShown:
        return self.shown.instrument(self.team_id, self.instruments[instrument_id].instrument_id)

    def mark(self, instrument_id: str) -> Mark:
        mark = self.shown.mark(self.instruments[instrument_id].instrument_id)
        assert mark is not None, "in a session every instrument has a mark"  # noqa: S101
        return mark

    def delta_of(self, instrument_id: str) -> float:
        """Of one contract or lot, in units of the index."""
        instrument = self.instruments[instrument_id]
        return self.mark(instrument_id).delta / PPM / (1 if instrument.underlying == INDEX else 10)

    @property
    def delta(self) -> float:
        """Of all that can still be traded."""
        held = self.queries.positions(self.team_id)
        return sum(
            position * self.delta_of(instrument_id)
            for instrument_id, position in held.items()
            if position and instrument_id in self.tradable
        )

    def order(self, instrument_id: str, side: Side, quantity: int, price: Ticks, *, rests: bool = False) -> str | None:
        """The order's id; None if it was refused."""
        request = OrderRequest(
            instrument_id=instrument_id,
            side=SIDE_NAMES[side],
            quantity=quantity,
            price=self.instruments[instrument_id].price_of(price),
            time_in_force="day" if rests else "ioc",
        )
        result = self.transport.ask(order_entry.submit_order, request)
        if result.reject is not None:
            self.refusals.append(f"{result.reject.code}: {result.reject.message}")
        return result.order_id

    def quote(self, asked: list[QuoteRequest]) -> None:
        for start in range(0, len(asked), MAX_QUOTES_PER_REQUEST):
            request = QuotesRequest(quotes=asked[start : start + MAX_QUOTES_PER_REQUEST])
            self.transport.ask(quotes.replace_quotes, request)

    def cancel_all(self) -> None:
        for order in list(self.shown.open_orders(self.team_id)):
            self.transport.ask(order_changes.cancel_order, format_order_id(order.order_id))

    def move_to(self, instrument_id: str, target: int, most: int) -> None:
        """Trade towards this position once, at the best price of the other side."""
        seen = self.see(instrument_id)
        missing = target - seen.position
        side = BUY if missing > 0 else SELL
        price = seen.best_prices[1 - side]
        if missing and price is not None:
            self.order(instrument_id, side, min(abs(missing), most), price)

    def hold(self, targets: Mapping[str, int], most: int) -> None:
        """Trade towards these positions once, where there is still trading."""
        for instrument_id, target in targets.items():
            if instrument_id in self.tradable:
                self.move_to(instrument_id, target, most)

    def hedge(self, within: float, most: int = 200) -> None:
        """Trade the tracker towards a delta of 0, once, if the portfolio's is larger than `within`."""
        delta = self.delta
        if abs(delta) > within:
            self.move_to(TRACKER, self.see(TRACKER).position - round(delta * 10), most)


class Played:
    """A match and what came of it."""

    def __init__(self, exchange: Exchange, tape: Tape, seats: dict[str, Seat], starting: dict[TeamId, float]) -> None:
        self.tape: Final = tape
        self.seats: Final = seats
        queries = exchange.sequencer.queries
        own = {team.team_name: team.team_id for team in queries.teams() if not queries.has_key(team.team_id)}
        self.teams: Final = {**own, **{name: seat.team_id for name, seat in seats.items()}}
        self.gains: Final = {
            name: queries.account(team_id).equity / MONEY_UNITS - starting[team_id]
            for name, team_id in self.teams.items()
        }
        """P&L at the last marks, fees in, by names of teams."""

    def dealt(self, name: str, other: str | None = None) -> tuple[int, float, float]:
        """Contracts and lots traded with the other team (None: with all), their edge, and fees."""
        team_id, other_id = self.teams[name], None if other is None else self.teams[other]
        dealings = [
            one
            for one in self.tape.contracts
            if one.team_id == team_id and (other_id is None or one.other_id == other_id)
        ]
        tape = self.tape
        return (
            sum(tape.contracts[one] for one in dealings),
            sum(tape.edges[one] for one in dealings),
            sum(tape.fees[one] for one in dealings),
        )


def last_seconds(scenario: Scenario, seconds: int) -> Scenario:
    """The scenario with sessions of so many seconds before the usual close, in which a second is worth as much
    volatility as before: a year has more of these sessions.
    """
    plan, pricing = scenario.session, scenario.pricing
    assert plan is not None and pricing is not None, "the scenario has a simulated market"  # noqa: PT018, S101
    whole = full_session(plan.hours)
    close = dt.datetime.combine(dt.date.fromisoformat(DATE), plan.hours.close)
    opening = close - dt.timedelta(seconds=seconds)
    hours = structs.replace(plan.hours, call=(opening - dt.timedelta(minutes=1)).time(), opening=opening.time())
    return structs.replace(
        scenario,
        session=structs.replace(plan, hours=hours),
        pricing=structs.replace(pricing, sessions_per_year=pricing.sessions_per_year * whole // seconds),
    )


def play(
    scenario: Scenario,
    seed: int,
    participants: dict[str, Participant],
    watching: Sequence[Projection] = (),
    files: MemoryFiles | None = None,
) -> Played:
    """A session with these participants, by name, and with these projections beside the tape. Its journal grows in
    `files`. An error in the exchange's log ends it.
    """
    with capture_logs() as told:
        played = _play(scenario, seed, participants, watching, files)
    errors = [entry for entry in told if entry["log_level"] == "error"]
    assert not errors, errors  # noqa: S101
    return played


def _play(
    scenario: Scenario,
    seed: int,
    participants: dict[str, Participant],
    watching: Sequence[Projection],
    files: MemoryFiles | None,
) -> Played:
    plan = scenario.session
    assert plan is not None, "a match is a session"  # noqa: S101
    scenario = structs.replace(scenario, session_date=DATE, session=structs.replace(plan, start="hand", speed=1))
    time, tape = VirtualTime(BEGINNING), Tape()
    exchange = open_in_memory(
        scenario, loop=time, clock=time, seed=seed, projections_of=lambda _: (tape, *watching), files=files
    )
    try:
        seats = {name: Seat(exchange, name, each.role) for name, each in participants.items()}
        queries = exchange.sequencer.queries
        starting = {team.team_id: queries.account(team.team_id).equity / MONEY_UNITS for team in queries.teams()}
        tape.shown = queries.shown()
        started = exchange.driver.start_session()
        assert not isinstance(started.verdict, Reject), started.verdict  # noqa: S101
        tape.instruments = {one.instrument_id: one for one in queries.instruments()}
        for seat in seats.values():
            seat.look()
        _pass(exchange, time, [(participants[name], seat) for name, seat in seats.items()])
        return Played(exchange, tape, seats, starting)
    finally:
        exchange.close()


def _pass(exchange: Exchange, time: VirtualTime, sitting: list[tuple[Participant, Seat]]) -> None:
    queries = exchange.sequencer.queries
    shown, last = queries.shown(), None
    counts = queries.count_instruments()
    while time.leap():
        now = shown.market_time
        if now == last or now is None:
            continue
        last = now
        assert exchange.driver.trouble is None, exchange.driver.trouble  # noqa: S101
        if not queries.day().is_running:
            break
        if queries.count_instruments() != counts:
            counts = queries.count_instruments()
            for _, seat in sitting:
                seat.look()
        if shown.phase(queries.tradable()[0].instrument_id) != "continuous":
            continue
        for participant, seat in sitting:
            time.call_later(participant.milliseconds / 1_000, partial(_act, participant, seat))
    time.pass_seconds(5)  # settlements


def _act(participant: Participant, seat: Seat) -> None:
    if seat.is_open:
        participant.act(seat)
