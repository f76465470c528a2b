"""A data directory with a played session of the default game, made by the exchange itself in virtual time."""

import datetime as dt
from pathlib import Path
from random import Random
from typing import Final

from msgspec import structs

from openoutcry.bench.engines.long_session import NoSnapshots
from openoutcry.bench.failures import MeasurementFailed
from openoutcry.bootstrap.server import open_server
from openoutcry.domain.commands import (
    AmendOrder,
    CancelOrder,
    Command,
    Price,
    QuoteTerms,
    RegisterTeam,
    ReplaceQuotes,
    SubmitOrder,
)
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.types import OrderId, TeamId, Ticks, TimestampUs
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.runtime.exchange import Server
from openoutcry.scenarios.loader import load_scenario
from openoutcry.scenarios.model import Scenario, hashed
from openoutcry.scenarios.timetable import full_session

DATE: Final = "2024-03-14"
TEAMS: Final = 20
MOST_OPEN: Final = 15
"""Orders that a team keeps open."""
COMMANDS_PER_SECOND: Final = 50
"""Of a market second, the market's own among them,"""
TEAM_COMMANDS_PER_SECOND: Final = 41
"""and those of teams."""
INSTRUMENTS: Final = 12
"""That a team deals in."""
QUOTE_SHARE: Final = 0.2
"""Of what market makers send, each with so many"""
QUOTES: Final = 3
CANCEL_SHARE: Final = 0.6
AMEND_SHARE: Final = 0.05
DAY_SHARE: Final = 0.9
CALL_SECONDS: Final = 60
SETTLING_SECONDS: Final = 5.0
_BEGINNING: Final = TimestampUs(1_710_421_200_000_000)


def make_scored_session(directory: Path, commands: int) -> None:
    """Play a session with about so many commands in `directory`, up to its settlements, and close it.

    It lasts as long as the commands take, at most a usual day, which a million make. Raises `MeasurementFailed`.
    """
    time = VirtualTime(_BEGINNING)
    server = open_server(
        _scenario(commands // COMMANDS_PER_SECOND),
        directory,
        admin_key_hash=b"",
        loop=time,
        clock=time,
        seed=7,
        snapshot_builder=NoSnapshots(),
    )
    try:
        load = _Load(server)
        if type(server.driver.start_session().verdict) is not Accepted:
            raise MeasurementFailed("the session to be scored could not start")
        queries = server.sequencer.queries
        last = queries.day().market_time
        load.look()
        while (day := queries.day()).is_running:
            time.leap()
            if day.market_time != last and queries.market().phase == "continuous":
                last = day.market_time
                load.act()
        time.pass_seconds(SETTLING_SECONDS)
    finally:
        server.close()


def _scenario(seconds: int) -> Scenario:
    """The default game with sessions of so many seconds before the usual close, in which volatility is as before."""
    scenario = load_scenario("intern")
    plan, pricing = scenario.session, scenario.pricing
    assert plan is not None and pricing is not None, "the default game has a simulated market"  # noqa: PT018, S101
    whole = full_session(plan.hours)
    seconds = min(max(seconds, 1), whole)
    opening = dt.datetime.combine(dt.date.fromisoformat(DATE), plan.hours.close) - dt.timedelta(seconds=seconds)
    call = opening - dt.timedelta(seconds=CALL_SECONDS)
    return hashed(
        structs.replace(
            scenario,
            session_date=DATE,
            session=structs.replace(
                plan, hours=structs.replace(plan.hours, call=call.time(), opening=opening.time()), start="hand"
            ),
            pricing=structs.replace(pricing, sessions_per_year=pricing.sessions_per_year * whole // seconds),
        )
    )


class _Load:
    """Teams of all roles that enter, cancel and amend orders around the theoretical values, and quote."""

    def __init__(self, server: Server) -> None:
        self._sequencer = server.sequencer
        self._shown = server.sequencer.queries.shown()
        self._chance = Random(7)  # noqa: S311 - to be had again is the point
        self._instruments: dict[TeamId, list[Instrument]] = {}
        self._open: dict[TeamId, list[OrderId]] = {}
        self._makers: set[TeamId] = set()
        roles = server.scenario.registration.roles
        for number in range(TEAMS):
            role = roles[number % len(roles)]
            verdict = self._sequencer.perform(RegisterTeam(f"team {number + 1}", role, bytes([number]) * 32))[0].verdict
            if type(verdict) is not Accepted:
                raise MeasurementFailed(f"a team was refused: {verdict}")
            self._open[TeamId(verdict.new_id)] = []
            if role == "market_maker":
                self._makers.add(TeamId(verdict.new_id))
        self._teams = list(self._open)

    def look(self) -> None:
        tradable = self._sequencer.queries.tradable()
        self._instruments = {team_id: self._chance.sample(tradable, INSTRUMENTS) for team_id in self._teams}

    def act(self) -> None:
        """What all teams send in a market second, so that it has as many commands as it should."""
        for _ in range(TEAM_COMMANDS_PER_SECOND):
            self._send()

    def _send(self) -> None:
        chance = self._chance
        team_id = chance.choice(self._teams)
        own, dice = self._open[team_id], chance.random()
        command: Command
        if team_id in self._makers and dice < QUOTE_SHARE:
            command = ReplaceQuotes(team_id, tuple(map(self._quote, chance.sample(self._instruments[team_id], QUOTES))))
        elif own and (len(own) >= MOST_OPEN or dice < CANCEL_SHARE):
            command = CancelOrder(team_id, own.pop(chance.randrange(len(own))))
        elif own and dice < CANCEL_SHARE + AMEND_SHARE:
            command = AmendOrder(team_id, chance.choice(own), chance.randint(1, 5))
        else:
            command = self._order(team_id)
        sequenced, _ = self._sequencer.perform(command)
        if isinstance(command, SubmitOrder) and type(sequenced.verdict) is Accepted:
            own.append(OrderId(sequenced.verdict.new_id))

    def _order(self, team_id: TeamId) -> SubmitOrder:
        chance = self._chance
        instrument, side = chance.choice(self._instruments[team_id]), chance.choice(("buy", "sell"))
        distance = chance.randint(-2, 12)
        price = self._value(instrument) + (-distance if side == "buy" else distance)
        terms = "day" if chance.random() < DAY_SHARE else "ioc"
        return SubmitOrder(team_id, instrument.instrument_id, side, chance.randint(1, 5), _price(price), terms)

    def _quote(self, instrument: Instrument) -> QuoteTerms:
        value, distance = self._value(instrument), self._chance.randint(2, 6)
        return QuoteTerms(instrument.instrument_id, _price(value - distance), 10, _price(value + distance), 10)

    def _value(self, instrument: Instrument) -> int:
        """Theoretical, in ticks."""
        mark = self._shown.mark(instrument.instrument_id)
        return 0 if mark is None else mark.value // instrument.tick_size


def _price(ticks: int) -> Price:
    return Price(Ticks(max(ticks, 1)))
