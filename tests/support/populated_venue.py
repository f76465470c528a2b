"""The state of a venue in which everything that it can hold has a value of its own."""

from msgspec import structs

from openoutcry.domain import commands
from openoutcry.domain.commands import AmendOrder, CancelOrder, PhaseAt, Price, QuoteTerms, ReplaceQuotes, SubmitOrder
from openoutcry.domain.day.game_rules import (
    BandRules,
    CashRules,
    CoverageRules,
    DayRules,
    GameRules,
    RoleDuties,
    SanctionRules,
)
from openoutcry.domain.day.marks import Mark, ScenarioValues, UnderlyingMark
from openoutcry.domain.day.news import NewsOdds
from openoutcry.domain.day.quote_protection import ProtectionSettings
from openoutcry.domain.day.tasks import CancelOrders
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.rulebook import HistoryLimits
from openoutcry.domain.simulation.headlines import NewsEffect
from openoutcry.venue.venue import Venue
from reference.workload import CALL, INSTRUMENTS, LATER, PUT, TEAMS, instrument, role, rulebook

RULES = structs.replace(
    rulebook(
        "expire_taker",
        {name: role() for name in ("maker", "fund", "retail")},
        HistoryLimits(closed_orders=30, fills=3),
    ),
    opening_phase="closed",
    game=GameRules(
        day=DayRules(),
        band=BandRules(),
        roles={"retail": RoleDuties(coverage=CoverageRules())},
        sanctions=SanctionRules(),
        cash=CashRules(spot_moves_ppm=(0,), volatility_moves_micro=(0,)),
    ),
)


def populated():
    """A venue in which every field of the state has a value that a new one has not."""
    venue = Venue(RULES, INSTRUMENTS)
    history = [
        commands.CommitSeed(bytes(32)),
        commands.WithdrawCommitment(),
        commands.CommitSeed(bytes([1]) * 32),
        commands.StartSession(
            "2024-01-15",
            -18_000,
            (PhaseAt("continuous", 100, 90), PhaseAt("closed", 9_000, 9_000)),
            2_000,
            77,
        ),
        *TEAMS,
        commands.ListInstrument(LATER),
        commands.AdvanceMarket(
            101,
            (UnderlyingMark("SPX", 45_000_000),),
            (Mark(0, 100, 2, 1_000_000, 4, 5, 6), Mark(3, 200, 2, 1_000_000, 4, 5, 6)),
        ),
        commands.TakeScenarioValues((ScenarioValues(0, (7,)),)),
        SubmitOrder(1, LATER.instrument_id, "buy", 2, Price(40)),
        SubmitOrder(3, LATER.instrument_id, "sell", 1, Price(40)),
        *(SubmitOrder(1, CALL, "buy", 1, Price(70 + level)) for level in range(25)),
        *(SubmitOrder(3, CALL, "sell", 1, Price(110 + level)) for level in range(25)),
        SubmitOrder(4, CALL, "sell", 3, Price(110), client_order_id="mine"),
        SubmitOrder(2, CALL, "buy", 2, Price(110), "ioc", post_only=False, client_order_id="yours"),
        SubmitOrder(4, CALL, "sell", 3, Price(112), post_only=True),
        AmendOrder(3, 7, 5, None),
        ReplaceQuotes(3, (QuoteTerms(PUT, Price(90), 4, Price(95), 4),)),
        SubmitOrder(2, PUT, "buy", 1, Price(95)),
        ReplaceQuotes(3, (QuoteTerms(PUT, Price(90), 4, Price(95), 2),)),
        CancelOrder(1, 5),
        commands.PublishNews("Rates stay", "general", NewsOdds()),
        commands.HaltInstrument(PUT),
        commands.SuspendTeam(2),
        commands.SetPhase("closed"),
        commands.ResumeInstrument(PUT),
        commands.CommitSeed(bytes([2]) * 32),
        commands.StartSession(
            "2024-01-16",
            -18_000,
            (PhaseAt("continuous", 10_000, 10_000), PhaseAt("closed", 19_000, 19_000)),
            2_000,
            77,
            "ab" * 32,
        ),
        commands.PlanSession(1_000_000),
        commands.PublishNews("Rates rise", "general", NewsOdds(), NewsEffect("high")),
        SubmitOrder(1, CALL, "buy", 2, Price(80), client_order_id="mine"),
        SubmitOrder(3, CALL, "sell", 1, Price(80)),
        SubmitOrder(3, CALL, "sell", 5, Price(60)),
        *(SubmitOrder(1, CALL, "buy", 1, Price(50 + level)) for level in range(25)),
        *(SubmitOrder(3, CALL, "sell", 1, Price(110 + level)) for level in range(25)),
        ReplaceQuotes(3, (QuoteTerms(PUT, Price(90), 4, Price(95), 4),)),
        commands.HaltInstrument(PUT),
        SubmitOrder(1, CALL, "buy", 4, Price(85)),
        SubmitOrder(3, CALL, "sell", 4, Price(85)),
        SubmitOrder(1, CALL, "sell", 1, Price(100)),
        SubmitOrder(3, CALL, "buy", 1, Price(100)),
        commands.SetQuoteProtection(3, None, ProtectionSettings(move_ppm=500_000)),
        commands.SetQuoteProtection(3, "SPX", ProtectionSettings(quantity=100, interval_seconds=60)),
        ReplaceQuotes(3, (QuoteTerms(LATER.instrument_id, Price(38), 4, Price(45), 4),)),
        SubmitOrder(1, LATER.instrument_id, "buy", 2, Price(45), "ioc"),
        commands.SetQuoteProtection(1, "SPX", ProtectionSettings(quantity=1, interval_seconds=5, frozen_seconds=60)),
        ReplaceQuotes(1, (QuoteTerms(LATER.instrument_id, Price(40), 4),)),
        SubmitOrder(4, LATER.instrument_id, "sell", 1, Price(40), "ioc"),
        commands.BustTrade(5),
        commands.ListInstrument(instrument("SPX_PUT_1_20240315")),
        commands.SettleInstrument("SPX_PUT_1_20240315", 45, 90_000),
        commands.AdvanceMarket(10_001, (UnderlyingMark("SPX", 45_000_000),)),
        commands.AdvanceMarket(10_400, (UnderlyingMark("SPX", 40_000_000),)),
        commands.SetPhase("reopening_call"),
        SubmitOrder(1, CALL, "buy", 2, Price(300)),
        SubmitOrder(3, CALL, "sell", 1, Price(300)),
        commands.SuspendTeam(4),
        commands.SetCancelAfter(1, 30),
        commands.GuardConnection(1, "lost", 5),
        commands.LoseConnection(1, "lost"),
        commands.GuardConnection(2, "stands", 7),
    ]
    for number, command in enumerate(history, start=1):
        if type(venue.validate(command)) is Accepted:
            venue.execute(number, 1_000 * number, command)
    venue._state.day.tasks.append(CancelOrders(3))
    # Only between two sessions is there all of this.
    fairness = venue._state.fairness
    fairness.next_commitment, fairness.seed = bytes([3]) * 32, bytes([4]) * 32
    venue._state.teams[3].nonce = "our part"
    standing = venue._state.teams[3].standing
    standing.level, standing.level_since, standing.level_seconds, standing.clean_seconds = 2, 90, 11, 12
    standing.shares.append((7, 10))
    standing.excused.append((95, 1))
    standing.is_short, standing.barred_session = True, 1
    record = standing.duties[0]
    record.state, record.measured, record.since, record.outside_seconds = "breached", 700_000, 95, 6
    venue._state.groups_to_judge.append((3, "SPX"))
    venue._state.team(3).protection.group("SPX").is_to_be_judged = True
    return venue._state
