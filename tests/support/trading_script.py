"""The language of the scenarios in this folder: what each line does, and what it says must come of it.

README.md beside this file describes the language for those who write in it.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from msgspec import structs
from telling import NOTHING, comes_true, told, told_of_account, told_of_auction, told_of_book, told_refusal
from timers import next_timer

from openoutcry.domain import commands
from openoutcry.domain.commands import Price
from openoutcry.domain.day.game_rules import BandRules, BatchRules, CashRules, DayRules, GameRules
from openoutcry.domain.day.marks import Mark, ScenarioValues, UnderlyingMark
from openoutcry.domain.day.news import NewsOdds
from openoutcry.domain.day.phases import Phase
from openoutcry.domain.day.quote_protection import LIMIT_UNITS, PPM, ProtectionSettings
from openoutcry.domain.instruments import Instrument, parse_symbol
from openoutcry.domain.reasons import Accepted, Duplicate, Reject, Verdict
from openoutcry.domain.rulebook import HOUSE_ROLE, Rulebook, SelfTradePrevention
from openoutcry.domain.types import (
    MONEY_UNITS,
    ClientOrderId,
    ConnectionId,
    InstrumentId,
    MarketTime,
    Money,
    OrderId,
    Sequence,
    TeamId,
    Ticks,
    TimestampUs,
    TradeId,
)
from openoutcry.scenarios.loader import load_scenario
from openoutcry.venue.venue import Venue

OF: Final = r"(?: of (?P<symbol>[A-Z]\S*))?"
TERMS: Final = rf"{OF}(?P<words>(?: day| ioc| fok| post-only| as \S+)*)"
AMOUNT: Final = r"(?P<quantity>-?\d+)(?: @ (?P<price>-?[\d.]+)| at market)"
QUOTE_SIDE: Final = r"(?:-|(?P<{0}_quantity>\d+) @ (?P<{0}_price>[\d.]+))"

PROTECTION: Final = r"(?:quantity|delta|vega|move|within|frozen)"

PHASES: Final[dict[str, Phase]] = {
    "opens": "continuous",
    "closes": "closed",
    "calls": "pre_open",
    "uncrosses": "opening_auction",
    "halts": "halted",
}

Words = re.Match[str]


class ScriptError(AssertionError):
    """A line that cannot be read, or whose expectation was not met."""


class Script:
    """One scenario being played. `play` reads it line by line."""

    def __init__(self) -> None:
        self._self_trade_prevention: SelfTradePrevention = "expire_taker"
        self._roles = load_scenario("seed").rulebook.roles
        self._instruments: dict[InstrumentId, Instrument] = {}
        self._registrations: list[commands.RegisterTeam] = []
        self._venue: Venue | None = None
        self._teams: dict[str, TeamId] = {}
        self._names: dict[OrderId, str] = {}
        self._game = GameRules()
        self._market_time = 0
        self._sequence = 0
        self._now = TimestampUs(0)
        self._inboxes: defaultdict[TeamId, list[str]] = defaultdict(list)
        self._grammar: list[tuple[re.Pattern[str], Callable[[Words], list[str] | None]]] = [
            (re.compile(pattern), action)
            for pattern, action in (
                (r"given roles of (?P<scenario>\w+)", self._given_roles),
                (r"given price bands", self._given_bands),
                (r"given duties of roles", self._given_duties),
                (r"given cash checks", self._given_cash),
                (r"given batch auctions every (?P<seconds>\d+) seconds", self._given_batches),
                (r"given (?P<number>\d+) (?P<tracker>[A-Z]+) make one (?P<index>[A-Z]+)", self._given_ratio),
                (r"given self-trade prevention (?P<mode>\w+)", self._given_prevention),
                (
                    r"given (?P<symbol>[A-Z]\S*)(?: tick (?P<tick>[\d.]+))?(?: multiplier (?P<multiplier>\d+))?",
                    self._given_instrument,
                ),
                (r"given (?P<team>[a-z]+) (?P<role>\w+)(?: owned by (?P<owner>\w+))?", self._given_team),
                (r"underlying (?P<underlying>[A-Z]+) (?P<value>[\d.]+)", self._underlying),
                (rf"mark (?P<value>[\d.]+)(?: vega (?P<vega>[\d.]+))?(?: delta (?P<delta>-?[\d.]+))?{OF}", self._mark),
                (rf"worth (?P<values>[\d.]+(?: or [\d.]+)*){OF}", self._scenarios),
                (r"organiser sanctions (?P<team>[a-z]+) at level (?P<level>\d)", self._sanction),
                (r"organiser pardons (?P<team>[a-z]+)", self._pardon),
                (r"news", self._news),
                (r"market (?P<what>opens|closes|calls|uncrosses|halts)", self._market),
                (r"organiser (?P<what>halts|resumes) everything", self._halt_all),
                (r"organiser (?P<what>halts|resumes)(?: (?P<symbol>\S+))?", self._halt),
                (rf"phase{OF}", self._phase),
                (r"given the phases of a day", self._given_day),
                (r"organiser expires(?: (?P<symbol>\S+))?", self._expire),
                (r"organiser settles(?: (?P<symbol>\S+))? at (?P<price>[\d.]+)", self._settle),
                (r"organiser busts trade (?P<trade>\d+)", self._bust),
                (r"organiser cannot bust trade (?P<trade>\d+): (?P<code>\w+)", self._fail_to_bust),
                (r"organiser (?P<what>suspends|reinstates) (?P<team>[a-z]+)", self._suspend),
                (rf"book{OF}", self._book),
                (rf"indicative{OF}", self._indicative),
                (rf"(?P<team>[a-z]+) account{OF}", self._account),
                (rf"(?P<team>[a-z]+) (?P<side>\w+) {AMOUNT}{TERMS}", self._enter),
                (rf"(?P<team>[a-z]+) cancel all(?: (?P<side>buys|sells))?{OF}", self._cancel_all),
                (r"(?P<team>[a-z]+) cancel (?P<name>\S+)", self._cancel),
                (
                    r"(?P<team>[a-z]+) amend (?P<name>\S+)(?: to (?P<quantity>\d+))?(?: @ (?P<price>[\d.]+))?",
                    self._amend,
                ),
                (rf"(?P<team>[a-z]+) quote {QUOTE_SIDE.format('bid')} / {QUOTE_SIDE.format('ask')}{OF}", self._quote),
                (
                    rf"(?P<team>[a-z]+) protects quotes(?: in (?P<symbol>[A-Z]+))?(?P<terms>(?: {PROTECTION} [\d.]+)*)",
                    self._protect,
                ),
                (r"(?P<team>[a-z]+) resets protection(?: in (?P<symbol>[A-Z]+))?", self._reset_protection),
                (r"(?P<team>[a-z]+) cancel-after (?P<seconds>\d+)", self._cancel_after),
                (r"(?P<team>[a-z]+) guards (?P<connection>\w+) for (?P<seconds>\d+)", self._guard),
                (r"(?P<team>[a-z]+) (?P<what>unguards|loses) (?P<connection>\w+)", self._let_go),
                (r"(?P<team>[a-z]+)", self._listen),
                (r"(?P<seconds>\d+) seconds pass", self._wait),
                (r"(?P<seconds>\d+) market seconds? pass(?:es)?", self._market_wait),
            )
        ]

    def play(self, text: str) -> None:
        """Raises `ScriptError` at the first line that does not come true."""
        for number, line in enumerate(text.splitlines(), start=1):
            said, arrow, expected = line.partition("#")[0].partition("->")
            said = " ".join(said.split())
            if not said:
                continue
            try:
                self._play_line(said, [part.strip() for part in expected.split(",")] if arrow else None)
            except ScriptError as error:
                raise ScriptError(f"line {number}: {line.strip()}\n{error}") from None
        for team_id, unheard in self._inboxes.items():
            if unheard:
                raise ScriptError(f"at the end, {self._name_of(team_id)} was told {unheard} and no line mentions it")

    def _play_line(self, said: str, expected: list[str] | None) -> None:
        for pattern, action in self._grammar:
            words = pattern.fullmatch(said)
            if words is not None:
                if said.startswith("given ") and self._venue is not None:
                    raise ScriptError("what is given stands before everything else")
                outcome = action(words)
                if (outcome is None) != (expected is None):
                    raise ScriptError("a line about a team or a book needs '->', any other must not have it")
                if outcome is not None and expected is not None and not comes_true(outcome, expected):
                    raise ScriptError(f"what came was: {', '.join(outcome)}")
                return
        raise ScriptError("this line means nothing; README.md tells the language")

    # Givens

    def _given_roles(self, words: Words) -> None:
        self._roles = load_scenario(words["scenario"]).rulebook.roles

    def _given_ratio(self, words: Words) -> None:
        ratio = {words["index"]: 1, words["tracker"]: int(words["number"])}
        self._game = structs.replace(self._game, index_ratio=ratio)

    def _given_prevention(self, words: Words) -> None:
        self._self_trade_prevention = words["mode"]  # type: ignore[assignment]

    def _given_instrument(self, words: Words) -> None:
        underlying, option = parse_symbol(words["symbol"])
        self._instruments[InstrumentId(words["symbol"])] = Instrument(
            instrument_id=InstrumentId(words["symbol"]),
            kind="spot" if option is None else "option",
            underlying=underlying,
            tick_size=Money(int(Decimal(words["tick"] or "0.01") * MONEY_UNITS)),
            multiplier=int(words["multiplier"] or 100),
            option=option,
        )

    def _given_team(self, words: Words) -> None:
        self._registrations.append(
            commands.RegisterTeam(words["team"], words["role"], words["team"].encode(), words["owner"])
        )

    def _given_bands(self, _words: Words) -> None:
        self._game = GameRules(band=BandRules(), index_ratio={"SPX": 1, "SPY": 10})

    def _given_duties(self, _words: Words) -> None:
        """Those of the default game, by the roles that have them there, and its sanctions."""
        game = load_scenario("intern").rulebook.game
        self._game = structs.replace(
            self._game, roles=game.roles, sanctions=game.sanctions, index_ratio={"SPX": 1, "SPY": 10}
        )

    def _given_cash(self, _words: Words) -> None:
        """Scenarios are only two, so that a text can name them; there is a house, named so."""
        rules = CashRules(spot_moves_ppm=(-1, 1), volatility_moves_micro=(0,))
        self._game = structs.replace(self._game, cash=rules, index_ratio={"SPX": 1, "SPY": 10})
        self._roles = {**self._roles, HOUSE_ROLE: load_scenario("intern").rulebook.roles[HOUSE_ROLE]}
        self._registrations.append(commands.RegisterTeam("house", HOUSE_ROLE, commands.NO_KEY))

    def _given_batches(self, words: Words) -> None:
        self._game = GameRules(batch=BatchRules(interval_seconds=int(words["seconds"])))

    def _given_day(self, _words: Words) -> None:
        self._game = GameRules(day=DayRules())

    # Marks

    def _scenarios(self, words: Words) -> None:
        place = list(self._instruments).index(self._instrument(words).instrument_id)
        values = tuple(units(value) for value in words["values"].split(" or "))
        self._begin()
        self._accepted(commands.TakeScenarioValues((ScenarioValues(place, values),)))

    def _underlying(self, words: Words) -> None:
        self._tick(underlyings=(UnderlyingMark(words["underlying"], units(words["value"])),))

    def _mark(self, words: Words) -> None:
        place = list(self._instruments).index(self._instrument(words).instrument_id)
        vega, delta = units(words["vega"] or "0"), int(Decimal(words["delta"] or 0) * 1_000_000)
        self._tick(marks=(Mark(place, units(words["value"]), 0, delta, 0, vega, 0),))

    def _tick(
        self, underlyings: tuple[UnderlyingMark, ...] = (), marks: tuple[Mark, ...] = (), seconds: int = 1
    ) -> None:
        self._begin()
        self._market_time += seconds
        self._accepted(commands.AdvanceMarket(MarketTime(self._market_time), underlyings, marks))

    # The organiser

    def _market(self, words: Words) -> None:
        """A call out of trading comes after a halt, and ends in the auction of a reopening."""
        phase, now = PHASES[words["what"]], self.venue.queries.market().phase
        if (now, phase) == ("continuous", "pre_open"):
            self._accepted(commands.SetPhase("halted"))
            phase = "reopening_call"
        elif (now, phase) == ("reopening_call", "opening_auction"):
            phase = "reopening_auction"
        self._accepted(commands.SetPhase(phase))

    def _halt(self, words: Words) -> None:
        here = self._instrument(words).instrument_id
        halts = words["what"] == "halts"
        self._accepted(commands.HaltInstrument(here) if halts else commands.ResumeInstrument(here))

    def _halt_all(self, words: Words) -> None:
        halts = words["what"] == "halts"
        self._accepted(commands.HaltInstrument(None) if halts else commands.ResumeInstrument(None))

    def _sanction(self, words: Words) -> None:
        self._accepted(commands.Sanction(self._team(words), int(words["level"])))

    def _pardon(self, words: Words) -> None:
        self._accepted(commands.Pardon(self._team(words)))

    def _news(self, _words: Words) -> None:
        self._accepted(commands.PublishNews("Rates unchanged", "rates", NewsOdds()))

    def _suspend(self, words: Words) -> None:
        team_id = self._team(words)
        suspends = words["what"] == "suspends"
        self._accepted(commands.SuspendTeam(team_id) if suspends else commands.ReinstateTeam(team_id))

    def _expire(self, words: Words) -> None:
        self._accepted(commands.ExpireInstrument(self._instrument(words).instrument_id))

    def _settle(self, words: Words) -> None:
        instrument = self._instrument(words)
        at = price(instrument, words["price"])
        assert at is not None
        self._accepted(commands.SettleInstrument(instrument.instrument_id, at.ticks))

    def _bust(self, words: Words) -> None:
        self._accepted(commands.BustTrade(TradeId(int(words["trade"]))))

    def _fail_to_bust(self, words: Words) -> None:
        self._refused(commands.BustTrade(TradeId(int(words["trade"]))), words["code"])

    # Teams

    def _enter(self, words: Words) -> list[str]:
        first, terms = next(iter(self._instruments.values())), words["words"].split()
        # An order may name an instrument that is not there, to be refused for it.
        here = InstrumentId(words["symbol"] or first.instrument_id)
        name = terms[terms.index("as") + 1] if "as" in terms else None
        return self._answer(
            words,
            commands.SubmitOrder(
                team_id=self._team(words),
                instrument_id=here,
                side=words["side"],
                quantity=int(words["quantity"]),
                price=price(self._instruments.get(here, first), words["price"]),
                time_in_force=next((term for term in terms if term in ("day", "ioc", "fok")), "day"),
                post_only="post-only" in terms,
                client_order_id=None if name is None else ClientOrderId(name),
            ),
        )

    def _cancel(self, words: Words) -> list[str]:
        return self._answer(words, commands.CancelOrder(self._team(words), self._order(words)))

    def _cancel_all(self, words: Words) -> list[str]:
        side = words["side"].removesuffix("s") if words["side"] else None
        symbol = InstrumentId(words["symbol"]) if words["symbol"] else None
        return self._answer(words, commands.MassCancel(self._team(words), symbol, side))

    def _amend(self, words: Words) -> list[str]:
        order_id = self._order(words)
        order = self.venue.queries.order(self._team(words), order_id)
        instrument = self._instruments[order.instrument_id] if order else self._instrument(words)
        quantity = int(words["quantity"]) if words["quantity"] else None
        return self._answer(
            words,
            commands.AmendOrder(self._team(words), order_id, quantity, price(instrument, words["price"])),
        )

    def _quote(self, words: Words) -> list[str]:
        instrument = self._instrument(words)
        quote = commands.QuoteTerms(
            instrument.instrument_id,
            price(instrument, words["bid_price"]),
            int(words["bid_quantity"] or 0),
            price(instrument, words["ask_price"]),
            int(words["ask_quantity"] or 0),
        )
        return self._answer(words, commands.ReplaceQuotes(self._team(words), (quote,)))

    def _protect(self, words: Words) -> list[str]:
        said = words["terms"].split()
        limits = {name: Decimal(value) for name, value in zip(said[::2], said[1::2], strict=True)}
        settings = ProtectionSettings(
            quantity=int(limits.get("quantity", 0)),
            delta=int(limits.get("delta", 0) * LIMIT_UNITS["delta"]),
            vega=int(limits.get("vega", 0) * LIMIT_UNITS["vega"]),
            move_ppm=int(limits.get("move", 0) * PPM),
            interval_seconds=int(limits.get("within", 0)),
            frozen_seconds=int(limits.get("frozen", 0)),
        )
        return self._answer(words, commands.SetQuoteProtection(self._team(words), words["symbol"], settings))

    def _reset_protection(self, words: Words) -> list[str]:
        return self._answer(words, commands.ResetQuoteProtection(self._team(words), words["symbol"]))

    def _cancel_after(self, words: Words) -> list[str]:
        return self._answer(words, commands.SetCancelAfter(self._team(words), int(words["seconds"])))

    def _guard(self, words: Words) -> list[str]:
        connection_id = ConnectionId(words["connection"])
        return self._answer(words, commands.GuardConnection(self._team(words), connection_id, int(words["seconds"])))

    def _let_go(self, words: Words) -> list[str]:
        command = commands.LoseConnection if words["what"] == "loses" else commands.UnguardConnection
        return self._answer(words, command(self._team(words), ConnectionId(words["connection"])))

    def _listen(self, words: Words) -> list[str]:
        return self._heard(self._team(words))

    def _wait(self, words: Words) -> None:
        """Let time pass, and send what a clock would send."""
        self._now = TimestampUs(self._now + int(words["seconds"]) * 1_000_000)
        while (timer := next_timer(self.venue.queries)) is not None and timer.due <= self._now:
            self._accepted(commands.ElapseTimer(timer.team_id, timer.connection_id, timer.due))

    def _market_wait(self, words: Words) -> None:
        seconds = int(words["seconds"])
        if not self._game.judges_teams:
            self._tick(seconds=seconds)
            return
        for _ in range(seconds):
            self._tick()

    # Looking

    def _book(self, words: Words) -> list[str]:
        instrument = self._instrument(words)
        depth = self.venue.queries.depth(instrument.instrument_id, 100)
        assert depth is not None
        return told_of_book(depth, instrument)

    def _phase(self, words: Words) -> list[str]:
        market = self.venue.queries.market()
        return [market.instrument_phases.get(InstrumentId(words["symbol"] or ""), market.phase)]

    def _indicative(self, words: Words) -> list[str]:
        instrument = self._instrument(words)
        indicated = self.venue.queries.indicative(instrument.instrument_id)
        assert indicated is not None
        return told_of_auction(indicated, instrument)

    def _account(self, words: Words) -> list[str]:
        account = self.venue.queries.account(self._team(words))
        return told_of_account(account, self._instrument(words).instrument_id)

    # Below the words

    @property
    def venue(self) -> Venue:
        """The exchange; it opens at the first line that needs it."""
        return self._venue or self._begin()

    def _begin(self) -> Venue:
        """Open the exchange with what was given and register the teams, unless that is done."""
        if self._venue is None:
            has_day = self._game != GameRules()
            rulebook = Rulebook(
                roles=self._roles,
                self_trade_prevention=self._self_trade_prevention,
                opening_phase="closed" if has_day else "continuous",
                game=self._game,
            )
            self._venue = Venue(rulebook, self._instruments.values())
            if has_day:
                opening, close = MarketTime(0), MarketTime(19_800)
                call = commands.PhaseAt("pre_open", opening, opening)
                half_past = MarketTime(1_800)
                begins: tuple[commands.PhaseAt, ...] = (commands.PhaseAt("continuous", opening, opening),)
                if self._game.day is not None:
                    begins = (call, commands.PhaseAt("opening_auction", half_past, half_past))
                phases = (*begins, commands.PhaseAt("closed", close, close))
                self._accepted(commands.StartSession("2024-01-15", 0, phases, 1_000, 0))
            for registration in self._registrations:
                verdict = self._execute(registration)
                if not isinstance(verdict, Accepted):
                    raise ScriptError(f"{registration.team_name} cannot register: {verdict}")
                self._teams[registration.team_name] = TeamId(verdict.new_id)
        return self._venue

    def _answer(self, words: Words, command: commands.Command) -> list[str]:
        """What the team is told of its own command, which must find it with nothing unheard."""
        team_id = self._team(words)
        unheard = self._heard(team_id)
        if unheard != [NOTHING]:
            raise ScriptError(f"before this, {words['team']} was told {unheard}; a line of its own should say so")
        verdict = self._execute(command)
        if isinstance(verdict, Accepted):
            return self._heard(team_id)
        if isinstance(verdict, Duplicate):
            return [f"duplicate of {self._names[OrderId(verdict.order_id)]}"]
        return [told_refusal(verdict)]

    def _accepted(self, command: commands.Command) -> None:
        verdict = self._execute(command)
        if not isinstance(verdict, Accepted):
            raise ScriptError(f"refused: {verdict}")

    def _refused(self, command: commands.Command, code: str) -> None:
        verdict = self.venue.validate(command)
        if not isinstance(verdict, Reject) or verdict.code != code:
            raise ScriptError(f"the verdict was: {verdict}")

    def _execute(self, command: commands.Command) -> Verdict:
        verdict = self.venue.validate(command)
        if isinstance(verdict, Accepted):
            self._sequence += 1
            if isinstance(command, commands.SubmitOrder) and command.client_order_id is not None:
                self._names[OrderId(verdict.new_id)] = command.client_order_id
            for event in self.venue.execute(Sequence(self._sequence), self._now, command):
                for team_id, line in told(event, self._instruments):
                    self._inboxes[team_id].append(line)
        return verdict

    def _heard(self, team_id: TeamId) -> list[str]:
        return self._inboxes.pop(team_id, None) or [NOTHING]

    def _team(self, words: Words) -> TeamId:
        self._begin()
        if words["team"] not in self._teams:
            raise ScriptError(f"there is no team {words['team']!r}: say 'given {words['team']} ROLE' first")
        return self._teams[words["team"]]

    def _name_of(self, team_id: TeamId) -> str:
        return next(name for name, known in self._teams.items() if known == team_id)

    def _instrument(self, words: Words) -> Instrument:
        """The instrument that a line names; the first that was given where it names none."""
        symbol = words.groupdict().get("symbol") or next(iter(self._instruments))
        if symbol not in self._instruments:
            raise ScriptError(f"there is no instrument {symbol}: say 'given {symbol}' first")
        return self._instruments[InstrumentId(symbol)]

    def _order(self, words: Words) -> OrderId:
        """The latest order with this name, of any team. 0 if there is none."""
        return next((order_id for order_id, name in reversed(self._names.items()) if name == words["name"]), OrderId(0))


def units(written: str) -> int:
    """An amount of currency in units of 1e-4."""
    return int(Decimal(written) * MONEY_UNITS)


def price(instrument: Instrument, written: str | None) -> Price | None:
    if written is None:
        return None
    exact = Decimal(written) * MONEY_UNITS / instrument.tick_size
    nearest = Ticks(round(exact))
    return Price(nearest) if nearest == exact else Price(nearest, written)
