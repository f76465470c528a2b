"""What teams do, as hypothesis strategies: few prices, few teams and small limits, so that they often meet."""

from typing import Any, Final

from hypothesis import strategies as st
from msgspec import structs

from openoutcry.domain import commands
from openoutcry.domain.commands import Price
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
from openoutcry.domain.day.news import NewsOdds
from openoutcry.domain.day.quote_protection import ProtectionSettings
from openoutcry.domain.instruments import Instrument, parse_symbol
from openoutcry.domain.rulebook import HistoryLimits, RoleRules, Rulebook, SelfTradePrevention
from openoutcry.domain.types import (
    ClientOrderId,
    ConnectionId,
    InstrumentId,
    MarketTime,
    Money,
    OrderId,
    TeamId,
    Ticks,
    TimestampUs,
    TradeId,
)

CALL: Final = InstrumentId("SPX_CALL_4500_20240315")
PUT: Final = InstrumentId("SPX_PUT_4500_20240315")
SPY: Final = InstrumentId("SPY")


def instrument(symbol: str, *, tick_size: int = 100, multiplier: int = 100) -> Instrument:
    underlying, option = parse_symbol(symbol)
    return Instrument(
        instrument_id=InstrumentId(symbol),
        kind="spot" if option is None else "option",
        underlying=underlying,
        tick_size=Money(tick_size),
        multiplier=multiplier,
        option=option,
    )


LATER: Final = instrument("SPX_CALL_1_20240315", tick_size=5)
"""Not listed at first; orders for it are refused until it is."""
INSTRUMENTS: Final = (instrument(CALL), instrument(PUT, tick_size=7, multiplier=3), instrument(SPY))


def role(**changes: object) -> RoleRules:
    """Rules without a limit that anyone would notice, but for `changes`."""
    rules: dict[str, object] = {
        "maker_fee": Money(-200),
        "taker_fee": Money(300),
        "option_position_limit": 1_000_000,
        "spot_position_limit": 1_000_000,
        "total_option_exposure": 1_000_000,
        "maximum_order_size": 1_000_000,
        "maximum_open_orders": 100_000,
        "may_quote": True,
        "may_rest_both_sides": True,
        "starting_cash": Money(1_000_000_0000),
    }
    return RoleRules(**(rules | changes))  # type: ignore[arg-type]


ROLES: Final = {
    "maker": role(
        option_position_limit=20,
        spot_position_limit=15,
        total_option_exposure=30,
        maximum_order_size=14,
        maximum_open_orders=6,
    ),
    "fund": role(
        maker_fee=Money(-100),
        option_position_limit=12,
        total_option_exposure=16,
        maximum_order_size=12,
        maximum_open_orders=4,
        may_quote=False,
        may_rest_both_sides=False,
    ),
    "retail": role(
        maker_fee=Money(100),
        option_position_limit=6,
        spot_position_limit=0,
        total_option_exposure=6,
        maximum_order_size=6,
        maximum_open_orders=2,
        may_quote=False,
    ),
}
TEAMS: Final = (
    commands.RegisterTeam("ann", "maker", b"ann", "one person"),
    commands.RegisterTeam("bob", "fund", b"bob", "one person"),
    commands.RegisterTeam("cat", "maker", b"cat"),
    commands.RegisterTeam("dan", "retail", b"dan"),
)


def rulebook(
    self_trade_prevention: SelfTradePrevention,
    roles: dict[str, RoleRules] = ROLES,
    history: HistoryLimits = HistoryLimits(),  # noqa: B008 - it is frozen
    **terms: Any,
) -> Rulebook:
    return Rulebook(
        roles=roles,
        self_trade_prevention=self_trade_prevention,
        first_order_id=5,
        first_trade_id=3,
        history=history,
        **terms,
    )


def weighted(*choices: tuple[int, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """One of several strategies, each as often as its weight says (`one_of` knows no weights)."""
    return st.sampled_from([strategy for weight, strategy in choices for _ in range(weight)]).flatmap(
        lambda strategy: strategy
    )


def mostly(usual: st.SearchStrategy[Any], unusual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return weighted((24, usual), (1, unusual))


selves_prevented: Final[st.SearchStrategy[SelfTradePrevention]] = st.sampled_from(
    ("expire_taker", "expire_maker", "expire_both", "none")
)
histories: Final = st.sampled_from(
    [
        HistoryLimits(closed_orders=1, fills=1),
        HistoryLimits(closed_orders=2, fills=5),
        HistoryLimits(closed_orders=6, fills=2),
        HistoryLimits(),
    ]
)
team_ids: Final = st.sampled_from([TeamId(number) for number, _ in enumerate(TEAMS, start=1)])
instrument_ids: Final = st.sampled_from([*[CALL] * 16, *[PUT] * 6, *[SPY] * 6, LATER.instrument_id])
sides: Final = st.sampled_from([*["buy", "sell"] * 15, "Buy"])
quantities: Final = mostly(st.integers(1, 9), st.sampled_from([0, -1, 13, 16, 1_000_001]))
prices: Final = mostly(
    st.integers(98, 102).map(lambda ticks: Price(Ticks(ticks))),
    st.sampled_from([Price(Ticks(0)), Price(Ticks(100), "1.001"), Price(Ticks(10**11)), Price(Ticks(-5))]),
)
order_ids: Final = weighted(
    # Negative: one of the open orders, as `SideBySide` aims it.
    (7, st.integers(-12, -1).map(OrderId)),
    (1, st.integers(0, 40).map(OrderId)),
)

submissions: Final = st.builds(
    commands.SubmitOrder,
    team_id=team_ids,
    instrument_id=instrument_ids,
    side=sides,
    quantity=quantities,
    price=mostly(prices, st.none()),
    time_in_force=st.sampled_from([*["day"] * 18, *["ioc"] * 4, *["fok"] * 3, "gtc"]),
    post_only=st.sampled_from([False] * 5 + [True]),
    client_order_id=st.sampled_from([*[None] * 6, ClientOrderId("a"), ClientOrderId("b")]),
)
cancels: Final = st.builds(commands.CancelOrder, team_id=team_ids, order_id=order_ids)
amendments: Final = st.builds(
    commands.AmendOrder,
    team_id=team_ids,
    order_id=order_ids,
    quantity=st.none() | quantities,
    price=st.none() | prices,
)
mass_cancels: Final = st.builds(
    commands.MassCancel,
    team_id=team_ids,
    instrument_id=st.none() | instrument_ids,
    side=st.none() | sides,
)
quotes: Final = st.builds(
    commands.QuoteTerms,
    instrument_id=instrument_ids,
    bid_price=mostly(st.integers(96, 100).map(lambda ticks: Price(Ticks(ticks))), st.none() | prices),
    bid_quantity=quantities,
    ask_price=mostly(st.integers(100, 104).map(lambda ticks: Price(Ticks(ticks))), st.none() | prices),
    ask_quantity=quantities,
)
quote_replacements: Final = st.builds(
    commands.ReplaceQuotes,
    team_id=st.sampled_from([TeamId(1), TeamId(1), TeamId(3), TeamId(3), TeamId(4)]),
    quotes=st.lists(quotes, min_size=1, max_size=3, unique_by=lambda quote: quote.instrument_id).map(tuple),
)
protections: Final = weighted(
    (
        4,
        st.builds(
            commands.SetQuoteProtection,
            st.sampled_from([TeamId(1), TeamId(1), TeamId(3), TeamId(3), TeamId(4)]),
            st.sampled_from([None, "SPX", "SPX", "SPY"]),
            st.builds(
                ProtectionSettings,
                quantity=st.sampled_from([0, 0, 4, 12]),
                delta=st.sampled_from([0, 0, 400_000, 1_500_000]),
                vega=st.sampled_from([0, 0, 150, 500]),
                move_ppm=st.sampled_from([0, 100_000, 1_000_000]),
                interval_seconds=st.integers(1, 3),
                frozen_seconds=st.integers(0, 3),
            ),
        ),
    ),
    (
        2,
        st.builds(
            commands.ResetQuoteProtection,
            st.sampled_from([TeamId(1), TeamId(3)]),
            st.sampled_from([None, "SPX", "SPX", "SPY"]),
        ),
    ),
)
connection_ids: Final = st.sampled_from([*[ConnectionId("first")] * 3, ConnectionId("second")])
seconds: Final = st.integers(0, 2)
guarded_teams: Final = st.sampled_from([TeamId(1), TeamId(3)])
protection: Final = weighted(
    (2, st.builds(commands.SetCancelAfter, guarded_teams, seconds)),
    (4, st.builds(commands.GuardConnection, guarded_teams, connection_ids, seconds)),
    (1, st.builds(commands.UnguardConnection, guarded_teams, connection_ids)),
    (4, st.builds(commands.LoseConnection, guarded_teams, connection_ids)),
    # Negative: the time of the timer that is due first, as `SideBySide` aims it.
    (3, st.builds(commands.ElapseTimer, guarded_teams, st.none() | connection_ids, st.just(TimestampUs(-1)))),
    (1, st.builds(commands.ElapseTimer, guarded_teams, st.none() | connection_ids, st.just(TimestampUs(0)))),
)
key_hashes: Final = st.binary(min_size=32, max_size=32)
registrations: Final = st.builds(
    commands.RegisterTeam,
    st.sampled_from(["ann", "eve", "fay"]),
    st.sampled_from(["maker", "king"]),
    st.just(commands.NO_KEY) | key_hashes,
    st.none() | st.sampled_from(["one person", "bob", " bob"]),
)
busts: Final = st.builds(
    commands.BustTrade,
    # Negative: one of the public trades, as `SideBySide` aims it.
    mostly(st.integers(-12, -1), st.integers(0, 12)).map(TradeId),
    st.sampled_from([None, commands.Why("Ann", "A slip"), commands.Why()]),
)


def endings_of(ending: st.SearchStrategy[InstrumentId]) -> st.SearchStrategy[commands.Command]:
    """What ends instruments for good."""
    settlement_prices = mostly(st.integers(0, 200), st.sampled_from([-1, 10**11])).map(Ticks)
    underlying_prices = st.none() | st.integers(0, 100).map(Money)
    return weighted(
        (2, st.builds(commands.ExpireInstrument, ending)),
        (3, st.builds(commands.SettleInstrument, ending, settlement_prices, underlying_prices)),
    )


endings: Final = endings_of(instrument_ids)
rare_endings: Final = endings_of(st.sampled_from([PUT, SPY, LATER.instrument_id]))
# What stops trading is undone soon, so that most of the time there is some.
organiser: Final = weighted(
    (1, st.just(commands.SetPhase("closed"))),
    (6, st.just(commands.SetPhase("continuous"))),
    (1, st.builds(commands.ListInstrument, st.sampled_from([LATER, INSTRUMENTS[0]]))),
    (2, st.builds(commands.HaltInstrument, instrument_ids)),
    (5, st.builds(commands.ResumeInstrument, instrument_ids)),
    (1, st.sampled_from([commands.HaltInstrument(None), commands.SetPhase("halted")])),
    (4, st.just(commands.ResumeInstrument(None))),
    (1, st.builds(commands.SuspendTeam, team_ids)),
    (4, st.builds(commands.ReinstateTeam, team_ids)),
    (1, st.builds(commands.SkipIds, st.integers(0, 3))),
    (3, busts),
    (2, rare_endings),
    (1, st.builds(commands.PublishNews, st.just("Rates stay"), st.just("general"), st.just(NewsOdds()))),
    (1, st.just(commands.Announce("Lunch is served"))),
    (1, registrations),
    (
        1,
        st.builds(
            commands.RotateKey, st.sampled_from([TeamId(2), TeamId(5), TeamId(99)]), st.binary(min_size=32, max_size=32)
        ),
    ),
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
everything: Final = weighted(
    (45, submissions),
    (5, cancels),
    (15, amendments),
    (1, mass_cancels),
    (10, quote_replacements),
    (4, protections),
    (6, protection),
    (11, organiser),
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


def deep(low: int, high: int) -> st.SearchStrategy[commands.Command]:
    """Trading in one instrument between two far prices, by teams without limits."""
    far_prices = st.integers(low, high).map(lambda ticks: Price(Ticks(ticks)))
    submit = st.builds(
        commands.SubmitOrder,
        team_id=team_ids,
        instrument_id=st.just(CALL),
        side=st.sampled_from(["buy", "sell"]),
        quantity=st.integers(1, 40),
        price=mostly(far_prices, st.none()),
        time_in_force=st.sampled_from(["day", "day", "day", "ioc", "fok"]),
    )
    open_order = st.integers(-60, -1).map(OrderId)
    amend = st.builds(
        commands.AmendOrder,
        team_id=team_ids,
        order_id=open_order,
        quantity=st.none() | st.integers(1, 9),
        price=far_prices,
    )
    quote = st.builds(
        commands.QuoteTerms,
        instrument_id=st.just(CALL),
        bid_price=far_prices,
        bid_quantity=st.integers(1, 9),
        ask_price=far_prices,
        ask_quantity=st.integers(1, 9),
    )
    return weighted(
        (9, submit),
        (3, st.builds(commands.CancelOrder, team_id=team_ids, order_id=open_order)),
        (4, amend),
        (2, st.builds(commands.ReplaceQuotes, team_id=team_ids, quotes=st.tuples(quote))),
        (1, st.builds(commands.MassCancel, team_id=team_ids, side=st.sampled_from(["buy", "sell"]))),
    )
