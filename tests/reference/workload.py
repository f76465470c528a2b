"""What teams do, as hypothesis strategies: few prices, few teams and small limits, so that they often meet."""

from typing import Any, Final

from hypothesis import strategies as st

from openoutcry.domain import commands
from openoutcry.domain.commands import Price
from openoutcry.domain.day.news import NewsOdds
from openoutcry.domain.day.quote_protection import ProtectionSettings
from openoutcry.domain.instruments import Instrument, parse_symbol
from openoutcry.domain.rulebook import HistoryLimits, RoleRules, Rulebook, SelfTradePrevention
from openoutcry.domain.simulation.headlines import NewsEffect
from openoutcry.domain.types import (
    ClientOrderId,
    ConnectionId,
    InstrumentId,
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
    st.none() | st.just("our part"),
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
    (
        1,
        st.builds(
            commands.PublishNews,
            st.just("Rates stay"),
            st.just("general"),
            st.just(NewsOdds()),
            st.sampled_from([None, NewsEffect("high"), NewsEffect(None, -5_000)]),
        ),
    ),
    (1, st.just(commands.Announce("Lunch is served"))),
    (1, registrations),
    (
        1,
        st.builds(
            commands.RotateKey, st.sampled_from([TeamId(2), TeamId(5), TeamId(99)]), st.binary(min_size=32, max_size=32)
        ),
    ),
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
