"""The session of the goldens: every kind of command, first one by one and then mixed. The same in every run.

A change here changes all goldens of the session.
"""

import hashlib
import random
from collections import defaultdict, deque
from collections.abc import Generator, Iterator
from typing import Final

from openoutcry.domain import commands
from openoutcry.domain.commands import Command, Price, QuoteTerms
from openoutcry.domain.day.marks import Mark, ScenarioValues, UnderlyingMark
from openoutcry.domain.day.news import NewsItem, NewsOdds
from openoutcry.domain.day.quote_protection import ProtectionSettings
from openoutcry.domain.instruments import Instrument, OptionTerms
from openoutcry.domain.reasons import Accepted, Verdict
from openoutcry.domain.simulation.headlines import NewsEffect
from openoutcry.domain.simulation.signals import SignalToRole, TrackingError, VolatilityForecast
from openoutcry.domain.types import InstrumentId, MarketTime, Money

CALL: Final = "SPX_CALL_4500_20240315"
PUT: Final = "SPX_PUT_4500_20240315"
SPY: Final = "SPY"
INSTRUMENTS: Final = (CALL, PUT, SPY)
LATE: Final = InstrumentId("SPX_CALL_4600_20240315")
LISTED_LATE: Final = Instrument(
    instrument_id=LATE,
    kind="option",
    underlying="SPX",
    tick_size=Money(500),
    multiplier=10,
    option=OptionTerms("call", Money(46_000_000), "20240315"),
)
FIRST_ORDER_ID: Final = 1000
MIXED: Final = 360
"""Commands of the second part."""

_START_US: Final = 1_705_312_800_000_000  # 2024-01-15 10:00:00 UTC
_STEP_US: Final = 1_500

MAKER, RIVAL, FUND, RETAIL, SIBLING = 1, 2, 3, 4, 5
HOUSE = 6
"""Registered last."""


def clock_at(number: int) -> int:
    """What the clock tells when the command of this number is given; one of them finds it set back."""
    return _START_US + _STEP_US * (number if number != 20 else 5)


Session = Generator[Command, Verdict, None]


def session() -> Session:
    """The commands in order; the first is number 1, and each takes the sequence of its number. To be sent the verdict
    on each.
    """
    number = 0
    for section in (
        _registrations,
        _orders,
        _refused_orders,
        _amendments_and_cancels,
        _quotes,
        _quote_protection,
        _owners,
    ):
        for command in section():
            number += 1
            yield command
    yield from _protection(number + 1)
    yield from _organiser()
    yield from _mixed(random.Random(9))
    yield from _ending()


def key_hash(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


def order(team: int, side: str, quantity: int, ticks: int | None, where: str = CALL, **terms: object) -> Command:
    price = None if ticks is None else Price(ticks)
    return commands.SubmitOrder(team, where, side, quantity, price, **terms)


def quote(bid: int | None, bid_quantity: int, ask: int | None, ask_quantity: int, where: str = CALL) -> QuoteTerms:
    bid_price, ask_price = (None if ticks is None else Price(ticks) for ticks in (bid, ask))
    return QuoteTerms(where, bid_price, bid_quantity, ask_price, ask_quantity)


def _registrations() -> Iterator[Command]:
    """Five teams, and two that are refused. The fifth shares its owner with the first."""
    yield commands.RegisterTeam("maker", "market_maker", key_hash("maker"), "desk")
    yield commands.RegisterTeam("rival", "market_maker", key_hash("rival"))
    yield commands.RegisterTeam("fund", "hedge_fund", key_hash("fund"))
    yield commands.RegisterTeam("retail", "retail", key_hash("retail"), nonce="by chance")
    yield commands.RegisterTeam("sibling", "market_maker", key_hash("sibling"), "desk")
    yield commands.RegisterTeam("maker", "retail", key_hash("another"))
    yield commands.RegisterTeam("king", "king", key_hash("king"))


def _orders() -> Iterator[Command]:
    """The market opens; orders rest, trade in part, in whole, over several levels, and expire."""
    yield order(MAKER, "buy", 5, 1000)
    yield commands.ReplaceQuotes(MAKER, (quote(990, 5, 1010, 5),))
    yield commands.SetPhase("continuous")
    yield order(MAKER, "buy", 10, 1000, client_order_id="first")
    yield order(MAKER, "buy", 10, 1000, client_order_id="first")
    yield order(MAKER, "buy", 11, 1000, client_order_id="first")
    yield order(MAKER, "sell", 10, 1010)
    yield order(RIVAL, "buy", 4, 999)
    yield order(RIVAL, "sell", 6, 1012)
    yield order(FUND, "buy", 3, 1010)
    yield order(FUND, "buy", 12, 1012, client_order_id="f-1")
    yield order(RETAIL, "sell", 12, 999, time_in_force="ioc")
    yield order(RETAIL, "buy", 15, 1005, time_in_force="ioc")
    yield order(RETAIL, "sell", 2, 998, time_in_force="fok")
    yield order(RETAIL, "buy", 9, 1013, time_in_force="fok")
    yield order(FUND, "sell", 2, None)
    yield order(FUND, "buy", 5, None)
    yield order(RIVAL, "sell", 3, 1008, post_only=True)
    yield order(RIVAL, "buy", 3, 1008, post_only=True)
    yield order(RIVAL, "buy", 3, 985, PUT)
    yield order(MAKER, "sell", 7, 985, PUT)
    yield order(FUND, "buy", 20, 45_000, SPY)
    yield order(MAKER, "sell", 25, 45_000, SPY)
    yield order(SIBLING, "buy", 5, 45_000, SPY)


def _refused_orders() -> Iterator[Command]:
    """Unsound terms, then orders up to each limit and beyond it."""
    yield order(MAKER, "Buy", 1, 1000)
    yield order(MAKER, "buy", 0, 1000)
    yield order(MAKER, "buy", 1_000_001, 1000)
    yield order(MAKER, "buy", 1, 0)
    yield commands.SubmitOrder(MAKER, CALL, "buy", 1, Price(1000, "10.001"))
    yield order(MAKER, "buy", 1, 10**12)
    yield order(MAKER, "buy", 1, 1000, time_in_force="gtc")
    yield order(MAKER, "buy", 1, None, post_only=True)
    yield order(MAKER, "buy", 1, 1000, time_in_force="ioc", post_only=True)
    yield order(MAKER, "buy", 1, 1000, "SPX_CALL_1_20240315")
    yield order(RETAIL, "buy", 16, 990)
    yield order(RETAIL, "buy", 15, 900)
    yield order(RETAIL, "buy", 15, 900)
    yield order(RETAIL, "buy", 12, 900, PUT)
    yield order(RETAIL, "buy", 1, 40_000, SPY)
    yield order(RETAIL, "buy", 1, 40_001, SPY)
    yield order(RETAIL, "buy", 1, 40_002, SPY)
    yield order(RETAIL, "buy", 1, 40_003, SPY)
    yield order(FUND, "sell", 2, 46_000, SPY)
    yield order(FUND, "buy", 2, 44_000, SPY)


def _amendments_and_cancels() -> Iterator[Command]:
    """Less quantity keeps the place, more and another price lose it, one trades."""
    yield order(RIVAL, "buy", 8, 980)
    yield order(SIBLING, "buy", 8, 980)
    of_rival, of_sibling = FIRST_ORDER_ID + 23, FIRST_ORDER_ID + 24
    yield commands.AmendOrder(RIVAL, of_rival, 6)
    yield commands.AmendOrder(RIVAL, of_rival, 6)
    yield commands.AmendOrder(RIVAL, of_rival, 9)
    yield commands.AmendOrder(FUND, of_rival, 9)
    yield commands.AmendOrder(RIVAL, of_rival, None, Price(981))
    yield commands.AmendOrder(RIVAL, of_rival, 7, Price(1008))
    yield commands.AmendOrder(RIVAL, of_rival, 100)
    yield commands.AmendOrder(RIVAL, of_rival, None, Price(1, "0.015"))
    yield commands.AmendOrder(SIBLING, of_sibling, 9, Price(1008))
    yield commands.AmendOrder(SIBLING, of_sibling, 3)
    yield commands.CancelOrder(RIVAL, of_rival)
    yield commands.CancelOrder(RIVAL, of_rival)
    yield commands.CancelOrder(SIBLING, of_sibling)
    yield commands.MassCancel(RETAIL, SPY)
    yield commands.MassCancel(RETAIL, None, "buy")
    yield commands.MassCancel(MAKER, SPY, "sell")
    yield commands.MassCancel(RIVAL)
    yield commands.MassCancel(RIVAL)
    yield commands.MassCancel(RIVAL, "SPX_CALL_1_20240315")
    yield commands.MassCancel(RIVAL, None, "Buy")


def _quotes() -> Iterator[Command]:
    """New, unchanged, smaller, moved, one side refused, one side only, pulled, of a role that may not."""
    yield commands.ReplaceQuotes(MAKER, (quote(990, 5, 1010, 5), quote(900, 4, 910, 4, PUT)))
    yield commands.ReplaceQuotes(MAKER, (quote(990, 5, 1010, 3),))
    yield commands.ReplaceQuotes(RIVAL, (quote(991, 5, 1009, 5), quote(1, 1, 2, 1, "SPX_CALL_1_20240315")))
    yield commands.ReplaceQuotes(MAKER, (quote(1009, 5, 1015, 5),))
    yield commands.ReplaceQuotes(MAKER, (quote(None, 0, 1015, 5), quote(901, 41, 911, 4, PUT)))
    yield order(FUND, "sell", 7, 990)
    yield commands.ReplaceQuotes(SIBLING, (quote(1000, 5, 1001, 5), quote(44_990, 2, 45_010, 2, SPY)))
    yield commands.ReplaceQuotes(RIVAL, (quote(None, 0, None, 0), quote(None, 0, None, 1, PUT)))
    yield commands.ReplaceQuotes(RETAIL, (quote(990, 5, 1010, 5),))


def _quote_protection() -> Iterator[Command]:
    """Settings for one group and for all; a sweep that meets a limit; quotes while frozen; a reset."""
    yield commands.SetQuoteProtection(MAKER, None, ProtectionSettings(move_ppm=500_000))
    yield commands.SetQuoteProtection(MAKER, "SPX", ProtectionSettings(quantity=6, interval_seconds=5))
    yield commands.SetQuoteProtection(MAKER, "SPX", ProtectionSettings(quantity=6, interval_seconds=5))
    yield commands.SetQuoteProtection(MAKER, "NDX", ProtectionSettings())
    yield commands.SetQuoteProtection(FUND, None, ProtectionSettings(quantity=6, interval_seconds=5))
    yield commands.ReplaceQuotes(MAKER, (quote(880, 7, 940, 4, PUT),))
    yield order(RIVAL, "sell", 3, 880, PUT)
    yield order(RIVAL, "sell", 3, 880, PUT)
    yield commands.ReplaceQuotes(MAKER, (quote(880, 4, 940, 4, PUT), quote(44_000, 1, 46_000, 1, SPY)))
    yield commands.ResetQuoteProtection(MAKER, "SPX")
    yield commands.ResetQuoteProtection(MAKER)
    yield commands.SetQuoteProtection(MAKER, None, ProtectionSettings())


def _owners() -> Iterator[Command]:
    """Orders of one owner meet."""
    yield order(MAKER, "sell", 3, 1000)
    yield order(SIBLING, "sell", 3, 44_990, SPY)
    yield order(MAKER, "buy", 8, 1002)


def _protection(number: int) -> Iterator[Command]:
    """Timers and guarded connections, set, renewed, elapsed and elapsed in vain. `number` is the first command's."""
    second = 1_000_000
    yield commands.SetCancelAfter(MAKER, 10)
    yield commands.ElapseTimer(MAKER, None, clock_at(number) + 9 * second)
    yield commands.ElapseTimer(MAKER, None, clock_at(number) + 10 * second)
    yield commands.SetCancelAfter(SIBLING, 3)
    yield commands.SetCancelAfter(SIBLING, 0)
    yield commands.SetCancelAfter(FUND, 600)
    yield order(RIVAL, "buy", 2, 970)
    yield commands.GuardConnection(RIVAL, "line-1", 5)
    yield commands.LoseConnection(RIVAL, "line-1")
    yield commands.GuardConnection(RIVAL, "line-2", 0)
    yield commands.UnguardConnection(RIVAL, "line-2")
    yield commands.GuardConnection(RIVAL, "line-3", 2)
    yield commands.LoseConnection(RIVAL, "line-4")
    yield commands.LoseConnection(RIVAL, "line-3")
    yield commands.ElapseTimer(RIVAL, "line-3", clock_at(number + 13) + 2 * second)
    yield commands.GuardConnection(SIBLING, "line-5", 60)
    yield commands.LoseConnection(SIBLING, "line-5")


def _organiser() -> Iterator[Command]:
    """Keys, halts, suspensions, and ids passed over."""
    yield commands.RotateKey(FUND, key_hash("new key of fund"))
    yield commands.RotateKey(77, key_hash("nobody"))
    yield commands.HaltInstrument(PUT, commands.Why("Ann", "A rumour"))
    yield order(MAKER, "buy", 1, 900, PUT)
    yield commands.ReplaceQuotes(RIVAL, (quote(890, 4, 915, 4, PUT), quote(980, 2, 1020, 2)))
    yield commands.HaltInstrument("SPX_CALL_1_20240315")
    yield commands.HaltInstrument(None)
    yield order(MAKER, "buy", 1, 900)
    yield commands.SetPhase("pre_open")
    yield commands.ResumeInstrument(None, commands.Why("Ann"))
    yield commands.ResumeInstrument(None)
    yield commands.ResumeInstrument(PUT)
    yield order(RETAIL, "buy", 3, 905, PUT)
    yield commands.SuspendTeam(RETAIL)
    yield order(RETAIL, "buy", 1, 900, PUT)
    yield commands.CancelOrder(RETAIL, 1)
    yield commands.SetCancelAfter(RETAIL, 5)
    yield commands.ReinstateTeam(RETAIL)
    yield commands.SuspendTeam(77)
    yield commands.BustTrade(503, commands.Why("Ann", "A slip of the finger"))
    yield commands.BustTrade(503)
    yield commands.BustTrade(1)
    # The scenario has no sanctions.
    yield commands.Sanction(FUND, 3, commands.Why("Ann", "Too loud"))
    yield commands.Pardon(FUND)
    yield commands.Sanction(77, 1)
    # Nor does it check cash.
    yield commands.TakeScenarioValues((ScenarioValues(0, (9_000, 10_000, 11_000)),))
    yield commands.SkipIds(1_000)
    yield commands.PublishNews("Rates stay", "general", NewsOdds(), None, commands.Why("Ann"))
    yield commands.PublishNews("Rates rise", "central bank", NewsOdds(60, 40, 0), None, commands.Why())
    yield commands.PublishNews("Rates fall", "central bank", NewsOdds(), NewsEffect("high"), commands.Why())
    yield commands.Announce("Lunch is served", commands.Why("Ann", "It is noon"))
    yield from _day()


def _day() -> Session:
    """A session by its timetable, a second before its close; a wrong tick, and one that closes."""
    timetable = (
        commands.PhaseAt("pre_open", MarketTime(1_705_327_200), MarketTime(1_705_327_200)),
        commands.PhaseAt("opening_auction", MarketTime(1_705_329_000), MarketTime(1_705_328_970)),
        commands.PhaseAt("closed", MarketTime(1_705_348_800), MarketTime(1_705_348_800)),
    )
    start = commands.StartSession("2024-01-15", -18_000, timetable, 1_000, 2**64 - 1, key_hash("world").hex())
    yield start
    yield commands.SetSpeed(2_000)
    yield commands.SetPhase("closed")
    yield commands.PlanSession(1_705_312_900_000_000, commands.Why("Ann"))
    yield from _commitments()
    yield start
    yield commands.RevealSeed(key_hash("seed"))
    yield commands.SetSpeed(30_000, commands.Why("Ann", "A demonstration"))
    yield commands.SetSpeed(0)
    yield start
    yield order(MAKER, "buy", 1, 900, PUT)
    yield order(RIVAL, "sell", 1, 890, PUT)
    yield order(RIVAL, "sell", 1, None, PUT)
    yield order(MAKER, "sell", 1, 900, PUT)
    marks = (Mark(0, 10_000, 200_000, 500_000, 1_000_000, 5_000, -2_000),)
    yield commands.AdvanceMarket(MarketTime(1_705_329_000), (UnderlyingMark("SPX", 45_000_000),), marks)
    yield commands.AdvanceMarket(MarketTime(1_705_329_000))
    yield commands.PublishNews("A rumour", "general", NewsOdds(), NewsEffect(None, -5_000), commands.Why("Ann"))
    yield commands.AdvanceMarket(
        MarketTime(1_705_329_001),
        news=(NewsItem("Rates stay after all", "central bank", NewsOdds(20, 30, 50)),),
        signals=(
            SignalToRole("hedge_fund", VolatilityForecast("high", 140, 660_000)),
            SignalToRole("market_maker", TrackingError(520_000, "SPY_RICH", 1_300, 600_000)),
        ),
    )
    yield order(MAKER, "buy", 1, 900, PUT)
    yield commands.ContinueWork(500)
    yield commands.AdvanceMarket(MarketTime(1_705_348_800))
    yield commands.EndSession()
    yield commands.EndSession()
    yield commands.RevealSeed(b"short")
    yield commands.RevealSeed(key_hash("seed"))
    yield commands.RevealSeed(key_hash("seed"))
    yield commands.CommitSeed(key_hash("commitment of the next"))
    yield commands.SetPhase("continuous")


def _commitments() -> Iterator[Command]:
    """A seed is committed to, given up, and another one committed to."""
    yield commands.RevealSeed(key_hash("seed"))
    yield commands.WithdrawCommitment(commands.Why("Ann"))
    yield commands.CommitSeed(b"short")
    yield commands.CommitSeed(key_hash("commitment"))
    yield commands.CommitSeed(key_hash("another"))
    yield commands.WithdrawCommitment(commands.Why("Ann", "The seed is lost"))
    yield commands.CommitSeed(key_hash("another"))


def _mixed(chance: random.Random) -> Session:
    """Many commands that often meet; what stops trading is undone soon."""
    entered: dict[int, deque[int]] = defaultdict(lambda: deque(maxlen=5))
    for _ in range(MIXED):
        team = chance.choice((MAKER, MAKER, RIVAL, RIVAL, FUND, RETAIL, SIBLING))
        where = chance.choice((CALL, CALL, CALL, PUT, SPY))
        ticks = chance.randint(995, 1005)
        aim = chance.choice(entered[team] or [FIRST_ORDER_ID])
        dice = chance.random()
        if dice < 0.50:
            verdict = yield order(
                team,
                chance.choice(("buy", "sell")),
                chance.randint(1, 15),
                chance.choice((ticks, ticks, ticks, ticks, None)),
                where,
                time_in_force=chance.choice(("day", "day", "day", "day", "ioc", "fok")),
                post_only=chance.random() < 0.05,
                client_order_id=chance.choice((None, None, f"id-{chance.randint(0, 60)}")),
            )
            if isinstance(verdict, Accepted):
                entered[team].append(verdict.new_id)
        elif dice < 0.58:
            yield commands.CancelOrder(team, aim)
        elif dice < 0.72:
            yield commands.AmendOrder(team, aim, chance.randint(1, 15), chance.choice((Price(ticks), None)))
        elif dice < 0.84:
            spread = chance.randint(1, 3)
            near = quote(ticks - spread, spread, ticks + spread, spread + 1, where)
            elsewhere = chance.choice([each for each in INSTRUMENTS if each != where])
            yield commands.ReplaceQuotes(team, (near, quote(ticks - 4, 2, ticks + 4, 2, elsewhere)))
        elif dice < 0.87:
            yield commands.MassCancel(team, chance.choice((where, None)), chance.choice(("buy", "sell", None)))
        elif dice < 0.93:
            yield chance.choice((commands.HaltInstrument(PUT), *[commands.ResumeInstrument(PUT)] * 3))
        elif dice < 0.98:
            yield chance.choice((commands.SuspendTeam(RETAIL), *[commands.ReinstateTeam(RETAIL)] * 3))
        else:
            yield chance.choice((commands.SetPhase("closed"), *[commands.SetPhase("continuous")] * 3))


def _ending() -> Iterator[Command]:
    """A second session with a team that has no key and an instrument that is listed late. It ends with orders at work,
    timers running, a team suspended and a market halted.
    """
    yield commands.SetPhase("closed")
    yield order(MAKER, "buy", 1, 1000)
    yield commands.SetPhase("continuous")
    yield commands.ReplaceQuotes(MAKER, (quote(990, 3, 1010, 3), quote(900, 2, 1100, 2, PUT)))
    yield order(FUND, "buy", 2, 980, client_order_id="last")
    yield order(FUND, "sell", 1, 990)
    yield commands.RegisterTeam("House", "market_maker", commands.NO_KEY)
    yield order(HOUSE, "sell", 2, 1000, LATE)
    yield commands.ListInstrument(LISTED_LATE)
    yield commands.ListInstrument(LISTED_LATE)
    yield order(HOUSE, "sell", 2, 1000, LATE)
    yield order(FUND, "buy", 1, 1000, LATE)
    yield commands.SettleInstrument(LATE, 10**12)
    yield commands.ExpireInstrument(LATE, commands.Why("Ann"))
    yield order(FUND, "buy", 1, 1000, LATE)
    yield commands.HaltInstrument(LATE)
    yield commands.SettleInstrument(LATE, 1_050, Money(46_525_000))
    yield commands.SettleInstrument(LATE, 1_050)
    yield commands.ExpireInstrument(LATE)
    yield commands.RotateKey(HOUSE, key_hash("a key for the house"))
    yield commands.SetCancelAfter(MAKER, 60)
    yield commands.HaltInstrument(SPY)
    yield commands.SuspendTeam(RETAIL)
