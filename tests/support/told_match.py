"""A match that is told by hand: no exchange, only the commands and events that a test makes up. Prices in currency."""

from functools import cache

from msgspec import structs

from openoutcry.bootstrap.projections import scores_of
from openoutcry.domain import commands, events
from openoutcry.domain.day.marks import Mark, UnderlyingMark
from openoutcry.domain.instruments import Instrument, Settlement, parse_symbol
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.rulebook import HOUSE_ROLE
from openoutcry.domain.scoring.rules import ScoringRules
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.simulation.signals import SignalToRole, TrackingError
from openoutcry.scenarios.loader import load_scenario

OPENING = 1_710_509_400
"""2024-03-15 09:30 in New York."""
UTC_OFFSET = -14_400
CALL = "SPX_CALL_4500_20240322"
TODAY = "SPX_CALL_4500_20240315"
TRACKED = "SPY_CALL_450_20240322"
SPY = "SPY"
INSTRUMENTS = (CALL, TODAY, TRACKED, SPY)
HOUSE = 1


def money(currency):
    return round(currency * 10_000)


def instrument(symbol):
    underlying, option = parse_symbol(symbol)
    kind = "spot" if option is None else "option"
    return Instrument(
        instrument_id=symbol, kind=kind, underlying=underlying, tick_size=100, multiplier=100, option=option
    )


@cache
def _scenario():
    return structs.replace(load_scenario("intern"), instruments=tuple(instrument(each) for each in INSTRUMENTS))


class ToldMatch:
    """Market time stands at the opening once the match has begun; the index at 4500, the tracker at 450."""

    def __init__(self, hours=5.5, call_seconds=0, **terms):
        self.scores = scores_of(_scenario(), ScoringRules(**terms))
        self.opening = OPENING
        self.market_time = OPENING - call_seconds
        self.close = OPENING + round(hours * 3_600)
        self._sequence = self._trade = 0
        self.ids = {}
        self._accounts = {}
        self._spots = {"SPX": 4_500, "SPY": 450}
        self._marks = {SPY: (450, 1, 0)}
        self._tell(
            commands.RegisterTeam("House", HOUSE_ROLE, commands.NO_KEY),
            events.TeamRegistered(HOUSE, "House", HOUSE_ROLE),
        )

    def _tell(self, command, *told):
        self._sequence += 1
        self.scores.apply(Sequenced(self._sequence, 0, command, Accepted(0)), list(told))

    # ---- who and when ------------------------------------------------------------------------------------------

    def register(self, name, role="hedge_fund", owner=None):
        self.ids[name] = team_id = len(self.ids) + 2
        self._accounts[name] = [_scenario().rulebook.roles[role].starting_cash, 0, {}, {}]
        self._tell(commands.RegisterTeam(name, role, b"key", owner), events.TeamRegistered(team_id, name, role))

    def start(self, phase="continuous", date="2024-03-15"):
        timetable = [commands.PhaseAt("pre_open", self.market_time, self.market_time)]
        timetable += [commands.PhaseAt("opening_auction", self.opening, self.opening)]
        if self.market_time == self.opening:
            timetable = [commands.PhaseAt("continuous", self.opening, self.opening)]
        timetable += [commands.PhaseAt("closed", self.close, self.close)]
        self._tell(commands.StartSession(date, UTC_OFFSET, tuple(timetable), 1_000, 0), self._phase(phase))
        self.tick(0)

    def start_next(self):
        """A session of an hour on the next day, without a call. The last one has ended."""
        self.market_time += 86_400
        self.opening, self.close = self.market_time, self.market_time + 3_600
        self.start(date="2024-03-16")

    def tick(self, seconds=1, *told, index=None, tracker=None, regime=None, error_ppb=None, **marks):
        """`marks`: value, delta and vega of `call`, `today` and `tracked`, which they keep until told otherwise."""
        self.market_time += seconds
        names = {"call": CALL, "today": TODAY, "tracked": TRACKED}
        self._marks |= {names[name]: mark for name, mark in marks.items()}
        self._spots |= {name: price for name, price in (("SPX", index), ("SPY", tracker)) if price is not None}
        self._marks[SPY] = (self._spots["SPY"], 1, 0)
        signals = ()
        if error_ppb is not None:
            direction = "SPY_RICH" if error_ppb > 0 else "SPY_CHEAP"
            signals = (SignalToRole("arbitrage_desk", TrackingError(error_ppb, direction, 1_000, 600_000)),)
        self._tell(
            commands.AdvanceMarket(
                self.market_time,
                tuple(UnderlyingMark(symbol, money(price)) for symbol, price in self._spots.items()),
                tuple(
                    Mark(INSTRUMENTS.index(here), money(value), 0, round(delta * 1_000_000), 0, money(vega), 0)
                    for here, (value, delta, vega) in self._marks.items()
                ),
                (),
                signals,
                regime,
            ),
            *told,
        )

    def _phase(self, phase):
        return events.PhaseChanged(phase, "closed", None, "schedule", 1)

    def enter(self, phase):
        """By the organiser, between two ticks."""
        self._tell(commands.SetPhase(phase), self._phase(phase))

    def close_at(self, seconds=1, **terms):
        """The last tick."""
        self.tick(seconds, self._phase("closed"), **terms)

    # ---- what teams do -----------------------------------------------------------------------------------------

    def trade(self, buyer, seller, quantity, price, where=CALL, maker="seller", fees=0):
        """The trade's id. `maker`: "buyer", "seller", or None in an auction. None trades for the house. Each pays
        `fees`."""
        self._trade += 1
        told, positions = [], []
        for side, name in ((BUY, buyer), (SELL, seller)):
            liquidity = "auction" if maker is None else "maker" if (maker == "buyer") == (side == BUY) else "taker"
            team_id = HOUSE if name is None else self.ids[name]
            told.append(
                events.OrderExecuted(
                    team_id, 0, 1, None, self._trade, where, side, money(price) // 100, quantity, quantity, 0, 0,
                    "filled", liquidity, money(fees),
                )
            )  # fmt: skip
            if name is not None:
                signed = quantity if side == BUY else -quantity
                positions.append(self._moved(name, where, signed, -signed * 100 * money(price), money(fees)))
        self._tell(commands.SubmitOrder(HOUSE, where, "buy", quantity), *told, *positions)
        return self._trade

    def bust(self, trade_id, buyer, seller, quantity, price, where=CALL):
        """Without fees."""
        positions = [
            self._moved(name, where, -signed, signed * 100 * money(price), 0)
            for name, signed in ((buyer, quantity), (seller, -quantity))
            if name is not None
        ]
        busted = events.TradeBusted(trade_id, where, money(price) // 100, quantity, None)
        self._tell(commands.BustTrade(trade_id), *positions, busted)

    def settle(self, where, price):
        """At this price; everybody is paid out."""
        settlement = Settlement(money(price) // 100, None, self.market_time, 0)
        self._tell(
            commands.SettleInstrument(where, money(price) // 100),
            *[
                self._moved(name, where, -account[2][where], account[2][where] * 100 * money(price), 0)
                for name, account in self._accounts.items()
                if account[2].get(where)
            ],
            events.InstrumentSettled(where, settlement),
        )

    def hand_over(self, name, where, price):
        """The house takes the position, at this price."""
        held = self._accounts[name][2][where]
        self._tell(commands.ContinueWork(1), self._moved(name, where, -held, held * 100 * money(price), 0))

    def _moved(self, name, where, quantity, cash, fees):
        account = self._accounts[name]
        account[0] += cash - fees
        account[1] += fees
        account[2][where] = account[2].get(where, 0) + quantity
        account[3][where] = account[3].get(where, 0) + cash
        return events.PositionUpdated(
            self.ids[name], 0, where, account[2][where], 0, account[3][where], account[0], account[1]
        )

    # ---- what they are found to do -----------------------------------------------------------------------------

    def judged(self, name, state, level=0, duty="portfolio_delta"):
        """To be told with a tick."""
        return events.DutyJudged(self.ids[name], 0, duty, state, None, None, None, level, 0)

    def covered(self, name, covered, counted):
        return events.CoverageSampled(self.ids[name], covered, counted)

    def sanction(self, name, level, state="met"):
        self._tell(commands.Sanction(self.ids[name], level), self.judged(name, state, level))

    # ---- what comes of it --------------------------------------------------------------------------------------

    def entry(self, name):
        return next(entry for entry in self.scores.entries() if entry.team_name == name)
