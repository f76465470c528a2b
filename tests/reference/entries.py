"""Inputs of scores once more, slow and obvious: in fractions, from a list of all commands with their events.

The whole session is written down first, second by second. Each input is then its formula, over all seconds at once.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, fsum

from openoutcry.domain import commands, events
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.rulebook import OWN_ROLES
from openoutcry.domain.simulation.signals import TrackingError

CONTINUOUS = "continuous"


@dataclass
class Team:
    team_id: int
    name: str
    role: str
    owner: str
    cash: int
    fees: int = 0
    held: dict = field(default_factory=dict)
    """Quantity by instrument."""
    cost: dict = field(default_factory=dict)


@dataclass
class Tick:
    """A market second: what was true when it came, and the marks that it brought."""

    time: int
    seconds: int
    is_continuous: bool
    marks: dict
    spots: dict
    """Prices of underlyings."""
    equity: dict
    """By team, at these marks."""
    held: dict
    """By team; positions when it came."""
    duties: dict
    """By team: the states of its duties that hold for the seconds that end here."""


@dataclass
class Fill:
    trade_id: int
    time: int
    second: int
    """Number of the last tick before it."""
    instrument_id: str
    price: int
    quantity: int
    buyer: int
    seller: int
    makers: set


class Session:
    """The last session of the tape, as it stands at its end."""

    def __init__(self, scenario, tape):
        self.scenario = scenario
        self.rules = scenario.scoring
        self.game = scenario.rulebook.game
        self.instruments = {each.instrument_id: each for each in scenario.instruments}
        self.places = list(self.instruments)
        self.teams = {}
        self._steps, self._values = {}, {}
        self.marks, self.spots = {}, {}
        self.phase, self.time, self.is_running = "closed", None, False
        self.duties, self.levels = defaultdict(dict), defaultdict(int)
        self._begin(None)
        for sequenced, told in tape:
            self._follow(sequenced, told)

    # ---- what happened -----------------------------------------------------------------------------------------

    def _begin(self, command):
        self.ticks, self.fills, self.settled, self.samples = [], {}, {}, []
        self.shifts, self.signals, self.reached = [], [], []
        self.ended_with = None
        self.lots_at_end = {}
        self.start = {team_id: self.equity(team_id) for team_id in self.teams}
        self.fees_before = {team_id: team.fees for team_id, team in self.teams.items()}
        if command is not None:
            at = {line.phase: line.at for line in command.timetable}
            self.opening = at.get("opening_auction", command.timetable[0].at)
            self.close = command.timetable[-1].at
            self.time = command.timetable[0].at
            self.today = command.date.replace("-", "")
            self.is_running = True

    def _follow(self, sequenced, told):
        command, is_tick = sequenced.command, False
        if isinstance(sequenced.verdict, Accepted):
            if isinstance(command, commands.StartSession):
                self._begin(command)
            is_tick = isinstance(command, commands.AdvanceMarket)
        if is_tick:
            self._tick(command)
        halves = {}
        for event in told:
            self._take(command, event, halves)
        if is_tick:
            self.ticks[-1].duties = {team_id: dict(states) for team_id, states in self.duties.items()}

    def _tick(self, command):
        for mark in command.marks:
            self.marks[self.places[mark.place]] = mark
        for underlying in command.underlyings:
            self.spots[underlying.symbol] = underlying.price
        self.ticks.append(
            Tick(
                command.market_time,
                command.market_time - self.time,
                self.phase == CONTINUOUS,
                dict(self.marks),
                dict(self.spots),
                {team_id: self.equity(team_id) for team_id in self.teams},
                {team_id: dict(team.held) for team_id, team in self.teams.items()},
                {},
            )
        )
        self.time = command.market_time
        if command.regime is not None:
            self.shifts.append(self.time)
        for each in command.signals:
            if isinstance(each.signal, TrackingError):
                self.signals.append((len(self.ticks) - 1, each.role, each.signal.error_ppb, set(self.teams)))

    def _take(self, command, event, halves):
        match event:
            case events.TeamRegistered(new_team_id, name, role) if role not in OWN_ROLES:
                owner = f"team {name}" if command.owner is None else f"owner {command.owner}"
                cash = self.scenario.rulebook.roles[role].starting_cash
                self.teams[new_team_id] = Team(new_team_id, name, role, owner, cash)
                self.start[new_team_id], self.fees_before[new_team_id] = cash, 0
            case events.InstrumentListed(instrument):
                self.instruments[instrument.instrument_id] = instrument
                self.places.append(instrument.instrument_id)
            case events.OrderExecuted():
                other = halves.pop(event.trade_id, None)
                if other is None:
                    halves[event.trade_id] = event
                else:
                    self._fill(*sorted((other, event), key=lambda fill: fill.side))
            case events.PositionUpdated() if event.team_id in self.teams:
                team = self.teams[event.team_id]
                team.held[event.instrument_id] = event.position
                team.cost[event.instrument_id] = event.cost_basis
                team.cash, team.fees = event.cash, event.fees_paid
            case events.TradeBusted(trade_id):
                self.fills.pop(trade_id, None)
            case events.InstrumentSettled(instrument_id, settlement):
                self.settled[instrument_id] = settlement.settlement_price * self.instruments[instrument_id].tick_size
            case events.PhaseChanged(phase, _, None):
                self.phase = phase
                if phase == "closed" and self.is_running:
                    self.is_running = False
                    self.ended_with = {team_id: self.equity(team_id) for team_id in self.teams}
                    self.lots_at_end = {
                        team_id: self.balanced(self.marks, team.held) for team_id, team in self.teams.items()
                    }
            case events.CoverageSampled(team_id, covered, counted):
                self.samples.append((team_id, covered, counted))
            case events.DutyJudged() if event.team_id in self.teams:
                if event.level > self.levels[event.team_id] and event.level in (2, 3):
                    self.reached.append(event.team_id)
                self.levels[event.team_id] = event.level
                if event.duty is not None:
                    self.duties[event.team_id][event.duty] = event.state

    def _fill(self, buy, sell):
        tick_size = self.instruments[buy.instrument_id].tick_size
        makers = {each.team_id for each in (buy, sell) if each.liquidity_type == "maker"}
        self.fills[buy.trade_id] = Fill(
            buy.trade_id,
            self.time,
            len(self.ticks) - 1,
            buy.instrument_id,
            buy.price * tick_size,
            buy.quantity,
            buy.team_id,
            sell.team_id,
            makers,
        )

    def equity(self, team_id):
        team = self.teams[team_id]
        worth = 0
        for here, quantity in team.held.items():
            known = self.marks.get(here)
            worth += team.cost[here] if known is None else quantity * known.value * self.instruments[here].multiplier
        return team.cash + worth

    # ---- deltas ------------------------------------------------------------------------------------------------

    def ratio(self, instrument_id):
        return self.game.index_ratio.get(self.instruments[instrument_id].underlying, 1)

    def is_option(self, instrument_id):
        return self.instruments[instrument_id].option is not None

    def delta(self, marks, instrument_id):
        """Of one contract or lot, in contracts of the index."""
        known = marks.get(instrument_id)
        micro = 10**6 if not self.is_option(instrument_id) else known.delta if known else 0
        return Fraction(micro, 10**6 * self.ratio(instrument_id))

    def deltas(self, marks, held):
        """Of each position, by instrument. Whole numbers, in 1e-7: sums of fractions take too long."""
        deltas = {here: quantity * self.delta(marks, here) * 10**7 for here, quantity in held.items() if quantity}
        assert all(delta.denominator == 1 for delta in deltas.values())
        return {here: int(delta) for here, delta in deltas.items()}

    def balanced(self, marks, held):
        """L."""
        deltas = self.deltas(marks, held)
        lots, options = held.get("SPY", 0), sum(delta for here, delta in deltas.items() if self.is_option(here))
        if lots * options >= 0:
            return Fraction(0)
        return (1 if lots > 0 else -1) * min(Fraction(abs(lots)), Fraction(10 * abs(options), 10**7))

    def steps(self, team_id):
        """Each second: its tick, the marks and prices of its beginning, the position of its end with its deltas."""
        if team_id not in self._steps:
            self._steps[team_id] = [
                (tick, before.marks, before.spots, tick.held[team_id], self.deltas(before.marks, tick.held[team_id]))
                for before, tick in pairwise(self.ticks)
                if team_id in tick.held
            ]
        return self._steps[team_id]

    # ---- the inputs --------------------------------------------------------------------------------------------

    def entry(self, team_id, excluded=()):
        """All fields of its `Entry`, but `convergence` not rounded; `excluded`: ids of trades."""
        team = self.teams[team_id]
        out = [self.fills[trade_id] for trade_id in excluded]
        kept = [fill for fill in self.fills.values() if fill.trade_id not in excluded]
        excluded_value = sum(self.value_to(team_id, fill) for fill in out)
        path = self.path(team_id, out)
        return {
            "team_id": team_id,
            "team_name": team.name,
            "role": team.role,
            "owner": team.owner,
            **self.activity(team, kept),
            "pnl": self.equity(team_id) - self.start[team_id] - excluded_value,
            "maker_edge": sum(self.value_to(team_id, fill, as_maker=True) for fill in kept),
            "edge": sum(self.value_to(team_id, fill) for fill in kept),
            "fees": team.fees - self.fees_before[team_id],
            "excluded_value": excluded_value,
            "excluded_trades": sum(team_id in (fill.buyer, fill.seller) for fill in out),
            **self.coverage(team_id),
            **self.inventory(team_id),
            "shift": self.shift(team_id, out),
            **self.hedging(team_id),
            "convergence": self.convergence(team_id),
            **self.response(team),
            **self.compliance(team_id),
            "drawdown": max((high - low for n, high in enumerate(path) for low in path[n:]), default=0),
            "tail": self.tail(path),
        }

    def activity(self, team, fills):
        mine = [
            fill
            for fill in fills
            if team.team_id in (fill.buyer, fill.seller) and self.owner(fill.buyer) != self.owner(fill.seller)
        ]
        now = max(min(self.time, self.close), self.opening)
        needed, active = self.rules.of(team.role).contracts_per_hour, 0
        for start in range(self.opening, now, 3_600):
            end = min(start + 3_600, now)
            traded = sum(fill.quantity for fill in mine if start <= fill.time < end)
            if Fraction(traded, end - start) >= Fraction(needed, 3_600):
                active += end - start
        return {
            "contracts": sum(fill.quantity for fill in mine),
            "active_seconds": active,
            "session_seconds": now - self.opening,
            "is_active": not needed or active >= Fraction(self.rules.active_ppm, 10**6) * (now - self.opening),
        }

    def owner(self, team_id):
        return self.teams[team_id].owner if team_id in self.teams else None

    def value_of(self, fill):
        """To the buyer, in money; what waits is worth nothing yet."""
        instrument, before = self.instruments[fill.instrument_id], self.ticks[fill.second]
        if not self.is_option(fill.instrument_id):
            return fill.quantity * instrument.multiplier * (before.marks[fill.instrument_id].value - fill.price)
        due = fill.time + self.rules.horizon_seconds
        later = next((tick for tick in self.ticks[fill.second :] if tick.time >= due), None)
        if later is not None:
            then, worth = later, later.marks[fill.instrument_id].value
        elif self.is_running:
            return 0
        else:
            then, worth = self.ticks[-1], self.marks[fill.instrument_id].value
            if instrument.option.expiry == self.today:
                if fill.instrument_id not in self.settled:
                    return 0
                worth = self.settled[fill.instrument_id]
        moved = Fraction(then.spots["SPX"] - before.spots["SPX"], self.ratio(fill.instrument_id))
        hedge = Fraction(before.marks[fill.instrument_id].delta, 10**6) * moved
        return floor(fill.quantity * instrument.multiplier * (worth - hedge - fill.price))

    def value_to(self, team_id, fill, as_maker=False):
        if team_id not in (fill.makers if as_maker else (fill.buyer, fill.seller)):
            return 0
        if fill.trade_id not in self._values:
            self._values[fill.trade_id] = self.value_of(fill)
        return self._values[fill.trade_id] * ((fill.buyer == team_id) - (fill.seller == team_id))

    def coverage(self, team_id):
        shares = [10**6 * covered // counted for of, covered, counted in self.samples if of == team_id]
        return {"coverage_sum_ppm": sum(shares), "coverage_samples": len(shares)}

    def inventory(self, team_id):
        continuous = [step for step in self.steps(team_id) if step[0].is_continuous]
        vegas = [
            abs(sum(quantity * marks[here].vega for here, quantity in held.items() if here in marks))
            for _, marks, _, held, _ in continuous
        ]
        return {
            "delta_sum_milli": sum(abs(sum(deltas.values())) for *_, deltas in continuous) // 10**4,
            "vega_sum": sum(vegas),
            "inventory_seconds": len(continuous),
        }

    def hedging(self, team_id):
        net = gross = 0
        for tick, *_, deltas in self.steps(team_id):
            if tick.time - 1 >= self.opening:
                net += (abs(sum(deltas.values())) // 10**4) ** 2
                gross += (sum(abs(delta) for here, delta in deltas.items() if self.is_option(here)) // 10**4) ** 2
        return {"net_delta_squares": net, "gross_delta_squares": gross}

    def windows(self):
        """Seconds that begin in a window."""
        return {second for shift in self.shifts for second in range(shift, shift + self.rules.shift_seconds)}

    def shift(self, team_id, excluded):
        inside, gained = self.windows(), 0
        equities = [tick.equity.get(team_id, self.start[team_id]) for tick in self.ticks]
        last = self.equity(team_id) if self.ended_with is None else self.ended_with.get(team_id, self.start[team_id])
        for tick, now, later in zip(self.ticks, equities, [*equities[1:], last], strict=True):
            if tick.time in inside:
                gained += later - now
        return gained - sum(self.value_to(team_id, fill) for fill in excluded if fill.time in inside)

    def convergence(self, team_id):
        """To a small part of a money unit: the exact sum has thousands of digits."""
        earned = []
        for tick, marks, spots, held, _ in self.steps(team_id):
            error = [Fraction(10 * prices["SPY"], prices["SPX"]) - 1 for prices in (spots, tick.spots)]
            lots = self.balanced(marks, held)
            earned.append(float(lots * 100 * Fraction(spots["SPX"], 10) * (error[1] - error[0])) if lots else 0.0)
        return fsum(earned)

    def lots_held(self, team_id):
        """How many lots it had balanced in all seconds together."""
        return sum(float(abs(self.balanced(marks, held))) for _, marks, _, held, _ in self.steps(team_id))

    def response(self, team):
        response = signalled = 0
        for number, role, error, present in self.signals:
            tick = self.ticks[number]
            if role != team.role or team.team_id not in present:
                continue
            later = [each for each in self.ticks if each.time == tick.time + self.rules.response_seconds]
            if later:
                after = self.balanced(later[0].marks, later[0].held[team.team_id])
            elif self.is_running:
                continue
            else:
                after = self.lots_at_end[team.team_id]
            moved = after - self.balanced(tick.marks, tick.held[team.team_id])
            share = min(max(-(1 if error > 0 else -1) * moved / self.rules.response_lots, Fraction(0)), Fraction(1))
            response += abs(error) * floor(10**6 * share)
            signalled += abs(error)
        return {"response_ppb_ppm": response, "signalled_ppb": signalled}

    def compliance(self, team_id):
        judged = outside = 0
        for tick in self.ticks:
            states = tick.duties.get(team_id, {}).values()
            if tick.is_continuous:
                judged += tick.seconds * any(state != "exempt" for state in states)
                outside += tick.seconds * ("breached" in states)
        return {
            "judged_seconds": judged,
            "outside_seconds": outside,
            "levels_reached": self.reached.count(team_id),
        }

    def path(self, team_id, excluded):
        """Equity at each full minute that counts."""
        minutes = [tick for tick in self.ticks if tick.time % 60 == 0 and tick.time > self.opening - 60]
        path = [
            tick.equity[team_id] - sum(self.value_to(team_id, fill) for fill in excluded if fill.time < tick.time)
            for tick in minutes
            if team_id in tick.equity
        ]
        return path if len(path) == len(minutes) else [self.start[team_id], *path]

    def tail(self, path):
        changes = sorted(later - earlier for earlier, later in pairwise(path))
        worst = changes[: ceil(Fraction(self.rules.tail_ppm * len(changes), 10**6))]
        return floor(Fraction(sum(worst), len(worst))) if worst else 0
