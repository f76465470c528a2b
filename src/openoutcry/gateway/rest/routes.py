"""Every route of the API, one row each. The router serves exactly these, and the OpenAPI document describes them."""

from typing import Any, Final

from openoutcry.domain.reasons import ErrorCode
from openoutcry.gateway.rest.examples import EXAMPLE_QUANTITY
from openoutcry.gateway.rest.organiser_routes import ORGANISER_ROUTES, UNKNOWN_INSTRUMENT, UNKNOWN_TEAM
from openoutcry.gateway.rest.route import Route
from openoutcry.operations import (
    fairness,
    health,
    leaderboard,
    market,
    marks,
    order_changes,
    order_entry,
    protection,
    quote_protection,
    quotes,
    teams,
)
from openoutcry.operations.own import account, orders, pnl, score
from openoutcry.protocol.queries import (
    DepthQuery,
    FillsQuery,
    MassCancelQuery,
    NewsQuery,
    OrdersQuery,
    PnlQuery,
    TradesQuery,
    UnderlyingPricesQuery,
)
from openoutcry.protocol.requests import (
    EXAMPLE_SYMBOL,
    AmendRequest,
    BatchRequest,
    CancelAfterRequest,
    OrderRequest,
    ProtectionRequest,
    ProtectionResetRequest,
    QuotesRequest,
    TeamRequest,
)
from openoutcry.protocol.responses import (
    AccountData,
    AmendData,
    BatchData,
    CancelAfterData,
    CancelledData,
    DuplicateData,
    FairnessData,
    FillsData,
    GreeksData,
    HealthData,
    InstrumentsData,
    KeyData,
    LeaderboardData,
    MarketData,
    NewsData,
    OrderBookData,
    OrderData,
    OrdersData,
    PnlData,
    PositionsData,
    ProtectionData,
    QuotesData,
    RegisteredData,
    ScoreData,
    TeamData,
    TradesData,
    UnderlyingPricesData,
)

ORDER_TERMS: Final = (
    ErrorCode.INVALID_SIDE,
    ErrorCode.INVALID_QUANTITY,
    ErrorCode.INVALID_PRICE,
    ErrorCode.INVALID_TIME_IN_FORCE,
    ErrorCode.MISSING_PRICE,
    ErrorCode.TEAM_SUSPENDED,
    ErrorCode.INVALID_INSTRUMENT,
    ErrorCode.MARKET_CLOSED,
    ErrorCode.INSTRUMENT_HALTED,
    ErrorCode.INSTRUMENT_EXPIRED,
    ErrorCode.POSITION_LIMIT_EXCEEDED,
    ErrorCode.TOTAL_POSITION_LIMIT_EXCEEDED,
    ErrorCode.ORDER_SIZE_EXCEEDED,
    ErrorCode.PRICE_OUT_OF_BAND,
    ErrorCode.POST_ONLY_WOULD_TRADE,
    ErrorCode.TWO_SIDED_QUOTING_NOT_ALLOWED,
    ErrorCode.DELTA_LIMIT_EXCEEDED,
    ErrorCode.REDUCE_ONLY,
    ErrorCode.INSUFFICIENT_CASH,
)
ENTRY: Final = (
    *ORDER_TERMS,
    ErrorCode.DUPLICATE_CLIENT_ORDER_ID,
    ErrorCode.OPEN_ORDER_LIMIT_EXCEEDED,
    ErrorCode.CLIENT_ORDER_ID_LIMIT,
    ErrorCode.ORDER_TYPE_NOT_ALLOWED,
    ErrorCode.SELF_TRADE_NOT_ALLOWED,
)
AMENDING: Final = (*ORDER_TERMS, ErrorCode.AMEND_FAILED)
CANCELLING: Final = (ErrorCode.CANCEL_FAILED, ErrorCode.TEAM_SUSPENDED)
NARROWING: Final = (ErrorCode.INVALID_SIDE, ErrorCode.INVALID_INSTRUMENT, ErrorCode.TEAM_SUSPENDED)
PROTECTING: Final = (ErrorCode.ROLE_NOT_PERMITTED, ErrorCode.TEAM_SUSPENDED, ErrorCode.INVALID_INSTRUMENT)
QUOTING: Final = (ErrorCode.ROLE_NOT_PERMITTED, ErrorCode.TEAM_SUSPENDED, ErrorCode.MARKET_CLOSED)
REGISTERING: Final = (
    ErrorCode.JOIN_CODE_INVALID,
    ErrorCode.ROLE_NOT_PERMITTED,
    ErrorCode.DUPLICATE_TEAM_NAME,
    ErrorCode.TEAM_LIMIT,
)
SUSPENDED: Final = (ErrorCode.TEAM_SUSPENDED,)
NO_ORDER: Final = (ErrorCode.ORDER_NOT_FOUND,)
NO_SCORES: Final = (ErrorCode.NO_SCORES,)
EXPLAINING: Final = (ErrorCode.NO_SCORES, ErrorCode.INVALID_INSTRUMENT)
NOT_ONES_OWN: Final = (ErrorCode.TEAM_NOT_FOUND, ErrorCode.ROLE_NOT_PERMITTED)

LIMIT_ORDER: Final[dict[str, Any]] = {
    "instrument_id": EXAMPLE_SYMBOL,
    "side": "buy",
    "quantity": EXAMPLE_QUANTITY,
    "price": 100.0,
}
MARKET_ORDER: Final[dict[str, Any]] = {
    "instrument_id": EXAMPLE_SYMBOL,
    "side": "sell",
    "quantity": 3,
    "order_type": "market",
}
QUOTE: Final[dict[str, Any]] = {
    "instrument_id": EXAMPLE_SYMBOL,
    "bid_price": 99.5,
    "bid_quantity": 10,
    "ask_price": 100.5,
    "ask_quantity": 10,
}

PROTECTION: Final[dict[str, Any]] = {
    "group": None,
    "quantity": 50,
    "delta": 20.0,
    "vega": 100.0,
    "interval_seconds": 5,
    "frozen_seconds": 30,
}

# A row begins: method, path, access, pays, operation, takes, gives, refuses.
# fmt: off
ROUTES: Final[tuple[Route, ...]] = (
    Route("POST", "/orders", "team", "orders", order_entry.submit_order, OrderRequest, DuplicateData, ENTRY,
          sequenced=True, tag="Orders", summary="Submit order", examples=(LIMIT_ORDER, MARKET_ORDER), text="""
    Submit one order. The answer is the validator's verdict; acks and fills come on the WebSocket.

    `data` is null. It says `duplicate` if the same `client_order_id` with the same terms was accepted before.
    """),
    Route("POST", "/orders/batch", "team", "orders", order_entry.submit_batch, BatchRequest, BatchData, ENTRY,
          sequenced=True, tag="Orders", summary="Submit orders", examples=({"orders": [LIMIT_ORDER, MARKET_ORDER]},),
          text="""
    Submit orders one after the other. The batch is not atomic. `results` holds the answer to each order, in order.

    A batch of n costs n tokens; if the team has fewer, nothing is submitted.
    """),
    Route("POST", "/orders/validate", "team", "reads", order_entry.validate_order, OrderRequest, None, ENTRY,
          tag="Orders", summary="Validate order", examples=(LIMIT_ORDER, MARKET_ORDER), text="""
    Validate an order in full against the current state. Nothing is submitted.
    """),
    Route("PATCH", "/orders/{order_id}", "team", "orders", order_changes.amend_order, AmendRequest, AmendData, AMENDING,
          sequenced=True, tag="Orders", summary="Amend order", examples=({"quantity": 5},), text="""
    Change the terms of an open order. The order keeps its id. It keeps its place if only the quantity falls.

    `quantity` is the new total and includes the filled part. A new price that crosses trades at once. If the order
    would first meet an order of the same owner, and self-trade prevention would cancel it, the answer is
    `AMEND_FAILED` with `details.own_order_id`, and the order stays as it was. Terms that the order already has change
    nothing: there is no event and no `X-Sequence`.
    """),
    Route("DELETE", "/orders/{order_id}", "team", "cancels", order_changes.cancel_order, None, None, CANCELLING,
          sequenced=True, tag="Orders", summary="Cancel order", text="""
    Cancel one open order.
    """),
    Route("DELETE", "/orders/by-client-id/{client_order_id}", "team", "cancels", order_changes.cancel_by_client_id,
          None, None, CANCELLING, sequenced=True, tag="Orders", summary="Cancel order by client id", text="""
    Cancel one open order by the client's own id.
    """),
    Route("DELETE", "/orders", "team", "cancels", order_changes.mass_cancel, None, CancelledData, NARROWING,
          asks=MassCancelQuery, sequenced=True, tag="Orders", summary="Cancel orders", text="""
    Cancel all open orders, or those in one instrument, or on one side. The answer lists their ids.
    """),
    Route("POST", "/orders/cancel-after", "team", "cancels", protection.set_cancel_after,
          CancelAfterRequest, CancelAfterData, SUSPENDED, sequenced=True, tag="Orders", summary="Cancel after",
          examples=({"seconds": 10},), text="""
    Set the dead-man timer: all open orders are cancelled after so many seconds unless it is renewed. 0 switches it off.
    """),
    Route("PUT", "/quotes", "team", "orders", quotes.replace_quotes, QuotesRequest, QuotesData, QUOTING,
          sequenced=True, tag="Orders", summary="Replace quotes", examples=({"quotes": [QUOTE]},), text="""
    Replace two-sided quotes in up to 50 instruments, each instrument at once. Only market makers can quote.

    A side that does not change keeps its order and its place. The request costs one token, plus 0.05 (or what
    the scenario says) for each side that changes or is refused. If the bucket has less, it owes the rest. A refused
    side does not affect the others; its instrument's result shows the refusal. If nothing changes, the answer has no
    `X-Sequence`. In a call, and with batch auctions, quotes wait for the auction as day orders do.
    """),
    Route("PUT", "/quotes/protection", "team", "orders", quote_protection.set_protection,
          ProtectionRequest, ProtectionData, PROTECTING, sequenced=True, tag="Orders", summary="Set quote protection",
          examples=(PROTECTION, {"group": "SPX", "move": 0.5}), text="""
    Market-maker protection. A group is the options of one underlying; `group` null stands for every group, those to
    come too.

    The first fill of a quote opens a window of `interval_seconds` of market time. Fills in it add up: contracts, and
    the sizes of their delta and vega. If a limit is met, all the group's quotes are cancelled at the end of the command
    that filled, and `protection_triggered` is on the private stream. Quotes in the group are then `QUOTES_FROZEN` for
    `frozen_seconds`, or until a reset. Only quotes count and are cancelled, not single orders. `move` pulls a quote
    whose theoretical value has moved since it was entered; it also looks at quotes in the underlying itself.

    These settings replace all that the group had. Its counters start at 0 again; a freeze goes on.
    """),
    Route("GET", "/quotes/protection", "team", "reads", quote_protection.show_protection, None, ProtectionData, (),
          tag="Orders", summary="Get quote protection", text="""
    How the team's quotes are protected, what is counted in the open windows, and what is frozen.
    """),
    Route("POST", "/quotes/protection/reset", "team", "orders", quote_protection.reset_protection,
          ProtectionResetRequest, ProtectionData, PROTECTING, sequenced=True, tag="Orders",
          summary="Reset quote protection", examples=({"group": "SPX"},), text="""
    End a freeze, and set the counters to 0.
    """),

    Route("GET", "/orders", "team", "reads", orders.list_orders, None, OrdersData, (),
          asks=OrdersQuery, tag="Account", summary="List orders", text="""
    Open orders, oldest first, paged by `limit` and `after`. `omitted` is the number of orders after this page.

    With `status=closed`: closed orders, newest first, paged by `limit` and `before`. Changes between two pages
    are on the private stream, after the first page's `as_of_seq`.
    """),
    Route("GET", "/orders/{order_id}", "team", "reads", orders.show_order, None, OrderData, NO_ORDER,
          tag="Account", summary="Get order", text="""
    One of the team's own orders, open or closed, with its fills.
    """),
    Route("GET", "/orders/by-client-id/{client_order_id}", "team", "reads", orders.show_order_by_client_id,
          None, OrderData, NO_ORDER, tag="Account", summary="Get order by client id", text="""
    One of the team's own orders of this trading session. After a lost answer, ask here whether the order was placed.
    """),
    Route("GET", "/positions", "team", "reads", account.show_positions, None, PositionsData, (),
          tag="Account", summary="Get positions", text="""
    The net position in every instrument that the team has ever traded, what it cost, and what was realized.
    """),
    Route("GET", "/account", "team", "reads", account.show_account, None, AccountData, (),
          tag="Account", summary="Get account", text="""
    Cash, profit and loss, fees, equity and what it must cover, use of limits, role, permissions, duties, sanctions.
    """),
    Route("GET", "/account/score", "team", "reads", score.show_score, None, ScoreData, NO_SCORES,
          tag="Account", summary="Get own score", text="""
    The team's score in the session, with its components and what they are made from. It is as of the instant that the
    leaderboard shows. `NO_SCORES` if the scenario is not scored.
    """),
    Route("GET", "/account/pnl", "team", "reads", pnl.show_pnl, None, PnlData, EXPLAINING,
          asks=PnlQuery, tag="Account", summary="Explain own P&L", text="""
    Where the team's P&L of the session comes from: delta, gamma, theta, vega, edge at its fills, fees, settlement, and
    the rest. By instrument and by market hour; with `instrument_id`, that instrument's alone. It is as of now.
    `NO_SCORES` if the scenario is not scored.
    """),
    Route("GET", "/fills", "team", "reads", orders.list_fills, None, FillsData, (),
          asks=FillsQuery, tag="Account", summary="List fills", text="""
    The team's fills, oldest first.

    If a team traded with itself, both fills of that trade are on one page, which may exceed `limit`.
    """),

    Route("POST", "/teams", "public", "reads", teams.register_team, TeamRequest, RegisteredData, REGISTERING,
          sequenced=True, tag="Teams", summary="Register team", examples=({"team_name": "Alpha"},), text="""
    Register a team. The organiser's `join_code` is needed unless registration is open. The key is shown once.
    """),
    Route("GET", "/teams/{team_id}", "team", "reads", teams.show_team, None, TeamData, UNKNOWN_TEAM,
          tag="Teams", summary="Get team", text="""
    Public facts of a team.
    """),
    Route("POST", "/teams/{team_id}/rotate-key", "team", "orders", teams.rotate_own_key, None, KeyData, NOT_ONES_OWN,
          sequenced=True, tag="Teams", summary="Rotate own key", text="""
    A new key for the team itself. The old key is no longer valid.
    """),

    Route("GET", "/instruments", "public", "reads", market.list_instruments, None, InstrumentsData, (),
          tag="Market", summary="List instruments", text="""
    Reference data: kind, underlying, strike, expiry, tick, multiplier, limits.
    """),
    Route("GET", "/instruments/{instrument_id}", "public", "reads", market.show_instrument,
          None, InstrumentsData, UNKNOWN_INSTRUMENT, tag="Market", summary="Get instrument", text="""
    Reference data of one instrument, in the shape of the list.
    """),
    Route("GET", "/orderbook/{instrument_id}", "public", "reads", market.show_order_book,
          None, OrderBookData, UNKNOWN_INSTRUMENT, asks=DepthQuery, tag="Market", summary="Get order book", text="""
    Depth aggregated by price, best price first, with the book's own counter, `book_seq`.
    """),
    Route("GET", "/trades/{instrument_id}", "public", "reads", market.list_trades, None, TradesData, UNKNOWN_INSTRUMENT,
          asks=TradesQuery, tag="Market", summary="List trades", text="""
    The most recent public trades, oldest first.
    """),
    Route("GET", "/market", "public", "reads", market.show_market, None, MarketData, (),
          tag="Market", summary="Get market", text="""
    Phase, market clock, next transition, and the last prices of the underlyings.
    """),
    Route("GET", "/fairness", "public", "reads", fairness.show_fairness, None, FairnessData, (),
          tag="Market", summary="Get fairness", text="""
    What is committed to before a session of a simulated market, and revealed after it. `nonces` are told from the
    session's start on, `seed` after its end. All are null or empty in a scenario without a simulated market.
    """),
    Route("GET", "/news", "public", "reads", market.list_news, None, NewsData, (),
          asks=NewsQuery, tag="Market", summary="List news", text="""
    The news so far, oldest first, paged by `after` and `limit`. The newest also comes on the channel `market`.
    """),
    Route("GET", "/greeks", "public", "reads", marks.list_greeks, None, GreeksData, (),
          tag="Market", summary="List greeks", text="""
    Theoretical value, implied volatility and Greeks of every option, as of the newest market second.
    """),
    Route("GET", "/underlyings/{symbol}", "public", "reads", marks.list_underlying_prices,
          None, UnderlyingPricesData, UNKNOWN_INSTRUMENT, asks=UnderlyingPricesQuery, tag="Market",
          summary="List prices of underlying", text="""
    The price of an underlying at each market second, oldest first, paged by `limit` and `after`.
    """),
    Route("GET", "/leaderboard", "public", "reads", leaderboard.show_leaderboard, None, LeaderboardData, NO_SCORES,
          tag="Market", summary="Get leaderboard", text="""
    Every team's score in the session, role by role. While the session runs it is some minutes old, and for a time
    before the close it is not shown anew (`frozen`). After the close it is the result, `final` once all is settled. The
    channel `leaderboard` tells each new one. `NO_SCORES` if the scenario is not scored, or shows no leaderboard.
    """),
    Route("GET", "/health", "anybody", None, health.show_health, None, HealthData, (),
          gives_at=(503,), tag="Market", summary="Get health", text="""
    Liveness and readiness, version, uptime, journal lag. 503 with the same `data` while the exchange takes no command.
    """),
    *ORGANISER_ROUTES,
)
# fmt: on
