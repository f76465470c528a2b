"""What teams and organisers do in a trading day: calls, halts, ticks with marks, batches, duties."""

from typing import Final

from hypothesis import strategies as st
from msgspec import structs

from openoutcry.domain import commands
from openoutcry.domain.day.game_rules import (
    BalanceRules,
    BandRules,
    BatchRules,
    BreakerRules,
    CashRules,
    CoverageRules,
    DayRules,
    DeltaRules,
    GameRules,
    RoleDuties,
    SanctionRules,
)
from openoutcry.domain.day.marks import Mark, ScenarioValues, UnderlyingMark
from openoutcry.domain.day.news import NewsItem
from openoutcry.domain.simulation.signals import SignalToRole, TrackingError, VolatilityForecast
from openoutcry.domain.types import (
    MarketTime,
    Money,
    TeamId,
)
from reference.workload import (
    CALL,
    PUT,
    ROLES,
    SPY,
    amendments,
    cancels,
    everything,
    instrument_ids,
    mass_cancels,
    mostly,
    organiser,
    prices,
    protections,
    quote_replacements,
    submissions,
    team_ids,
    weighted,
)

# A session of calls, each of which ends in an auction sooner or later.
phases_of_calls: Final = st.sampled_from(
    [
        *[commands.SetPhase("pre_open")] * 2,
        *[commands.SetPhase("reopening_call")] * 2,
        *[commands.SetPhase("opening_auction")] * 4,
        *[commands.SetPhase("reopening_auction")] * 2,
        commands.SetPhase("halted"),
        commands.SetPhase("continuous"),
        commands.SetPhase("closed"),
    ]
)
calls: Final = weighted(
    (40, submissions),
    (5, cancels),
    (15, amendments),
    (1, mass_cancels),
    (6, quote_replacements),
    (3, protections),
    (3, organiser),
    (12, phases_of_calls),
)


NARROW_BANDS: Final = GameRules(
    band=BandRules(minimum_ticks=1, spot_instrument_ppm=20_000), index_ratio={"SPX": 1, "SPY": 10}
)
marks_near_prices: Final = st.integers(9_600, 10_300)
OPEN_DAY: Final = commands.StartSession(
    "2024-03-15",
    0,
    (
        commands.PhaseAt("continuous", MarketTime(0), MarketTime(0)),
        commands.PhaseAt("closed", MarketTime(19_800), MarketTime(19_800)),
    ),
    1_000,
    0,
)
SHORT_DAY: Final = GameRules(
    day=DayRules(
        halt_seconds=4,
        reopening_call_seconds=6,
        reopening_random_seconds=3,
        breaker=BreakerRules(move_ppm=10_000, window_seconds=3, most_halts=2, quiet_seconds=20),
    )
)


def short_day(number: int) -> commands.StartSession:
    begins = 1_000 * number
    timetable = (
        commands.PhaseAt("pre_open", MarketTime(begins), MarketTime(begins)),
        commands.PhaseAt("opening_auction", MarketTime(begins + 9), MarketTime(begins + 7)),
        commands.PhaseAt("closed", MarketTime(begins + 90), MarketTime(begins + 90)),
    )
    return commands.StartSession(f"2024-03-{number:02}", -14_400, timetable, 1_000, 2**63 + number)


seconds_of_halts: Final = st.builds(
    commands.AdvanceMarket,
    # Negative: so many market seconds from now, as `SideBySide` aims it.
    market_time=st.sampled_from([-1, -1, -1, -1, -2, -5, -40]).map(MarketTime),
    underlyings=st.sampled_from([10_000, 10_000, 10_000, 10_050, 10_100]).map(
        lambda price: (UnderlyingMark("SPX", price),)
    ),
)
halts: Final = weighted(
    (20, seconds_of_halts),
    (12, submissions),
    (2, cancels),
    (3, amendments),
    (1, mass_cancels),
    (2, quote_replacements),
    (2, st.builds(commands.HaltInstrument, instrument_ids)),
    (4, st.builds(commands.ResumeInstrument, instrument_ids)),
    (1, st.just(commands.HaltInstrument(None))),
    (3, st.just(commands.ResumeInstrument(None))),
    (1, phases_of_calls),
    (1, st.integers(1, 9).map(short_day)),
    (1, st.builds(commands.EndSession)),
)
marks: Final = st.builds(
    Mark,
    place=st.integers(0, 2),
    value=st.integers(9_600, 10_300) | st.integers(650, 750) | st.integers(0, 300),
    volatility=st.just(200_000),
    delta=st.integers(-1_000_000, 1_000_000),
    gamma=st.just(0),
    vega=st.integers(0, 120),
    theta=st.just(0),
)
market_orders: Final = st.builds(
    commands.SubmitOrder,
    team_id=team_ids,
    instrument_id=st.sampled_from([CALL, PUT, SPY]),
    side=st.sampled_from(["buy", "sell"]),
    quantity=st.integers(1, 9),
    time_in_force=st.sampled_from(["day", "ioc", "fok"]),
)
market_seconds: Final = st.builds(
    commands.AdvanceMarket,
    # Negative: the next market second, as `SideBySide` aims it.
    market_time=mostly(st.just(MarketTime(-1)), st.just(MarketTime(0))),
    underlyings=st.lists(
        st.builds(UnderlyingMark, st.sampled_from(["SPX", "SPY"]), st.integers(0, 500_000)), max_size=2
    ).map(tuple),
    marks=st.lists(marks, max_size=3).map(tuple),
    news=st.lists(st.just(NewsItem("Rates rise", "central bank")), max_size=1).map(tuple),
    signals=st.lists(
        st.builds(
            SignalToRole,
            st.sampled_from(["maker", "fund", "nobody"]),
            st.sampled_from([VolatilityForecast("high", 90, 660_000), TrackingError(-5, "SPY_CHEAP", -1_200, 600_000)]),
        ),
        max_size=2,
    ).map(tuple),
)
BATCHES: Final = GameRules(batch=BatchRules(interval_seconds=2))
batches: Final = weighted(
    (40, submissions),
    (4, cancels),
    (12, amendments),
    (4, quote_replacements),
    (2, organiser),
    (14, market_seconds),
)
swept: Final = weighted(
    # Makers who protect themselves, and takers who go through their quotes.
    (5, quote_replacements),
    (3, protections),
    (
        6,
        st.builds(
            commands.SubmitOrder,
            team_id=team_ids,
            instrument_id=st.sampled_from([CALL, CALL, PUT, SPY]),
            side=st.sampled_from(["buy", "sell"]),
            quantity=st.integers(1, 12),
            price=st.none() | prices,
            time_in_force=st.sampled_from(["day", "ioc", "ioc", "fok"]),
        ),
    ),
    (2, market_seconds),
    (1, amendments),
    (1, st.sampled_from([commands.SetPhase("closed"), *[commands.SetPhase("continuous")] * 3])),
)


DUTIES: Final = {
    "maker": RoleDuties(
        coverage=CoverageRules(
            minimum_quantity=3,
            sample_seconds=2,
            window_seconds=8,
            judged_from_seconds=4,
            news_exempt_seconds=2,
            protection_exempt_seconds=2,
            protection_exempt_window_seconds=6,
        )
    ),
    "fund": RoleDuties(delta=DeltaRules(limit=3)),
    "retail": RoleDuties(balance=BalanceRules(measured_from=1)),
}
JUDGED: Final = GameRules(
    roles=DUTIES,
    sanctions=SanctionRules(breach_seconds=3, reduce_only_seconds=4, decay_seconds=6),
    cash=CashRules(spot_moves_ppm=(-1, 0, 1), volatility_moves_micro=(0,)),
    index_ratio={"SPX": 1, "SPY": 10},
)
poorer: Final = {name: structs.replace(rules, starting_cash=Money(80_000_000)) for name, rules in ROLES.items()}
judged: Final = weighted(
    (3, everything),
    (4, market_seconds),
    (1, market_orders),
    (2, quote_replacements),
    (
        1,
        st.builds(
            commands.TakeScenarioValues,
            st.lists(
                st.builds(
                    ScenarioValues, st.integers(0, 2), st.tuples(*[st.integers(0, 100_000) | marks_near_prices] * 3)
                ),
                max_size=3,
            ).map(tuple),
        ),
    ),
    (1, st.builds(commands.Sanction, team_ids, st.integers(0, 4))),
    (1, st.builds(commands.Pardon, team_ids | st.just(TeamId(99)))),
)
