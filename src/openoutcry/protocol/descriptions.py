"""What every field of every message means, in one place: the same name means the same everywhere.

The OpenAPI and the AsyncAPI document take their descriptions from here and from the types. A test checks that every
field has one.
"""

from collections.abc import Iterator
from inspect import cleandoc
from typing import Any, Final

FIELDS: Final[dict[str, str]] = {
    # Who and what.
    "type": "The message's name.",
    "op": "What the client asks for, or what is answered.",
    "request_id": "The id that the client gave the request, else one that the exchange made. Repeated in the answer.",
    "order_id": "The exchange's id of the order, never used again.",
    "client_order_id": "The client's own id of the order; null if it gave none.",
    "trade_id": "The id of the trade, the same for both sides, never used again.",
    "team_id": "The team's id.",
    "team_name": "The team's name.",
    "role": "The team's role, which sets its fees, limits and rates.",
    "api_key": "The team's key. Anyone who has it can act as the team.",
    "join_code": "The organiser's code for registering a team; not needed if registration is open.",
    "owner": "Whose team it is; teams of one owner do not trade with each other. Null: nobody else's.",
    "nonce": "The team's part in the seeds of sessions. Null: it takes no part.",
    "has_key": "Whether bots can act as the team. The exchange itself acts for one without a key.",
    "suspended": "Whether the organiser has suspended the team: its commands are refused.",
    "instrument_id": "The instrument's symbol.",
    # When, and in which order.
    "timestamp": ("When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time."),
    "sequence": (
        "The sequence number of the command that caused it. The exchange numbers all commands in the order in which it"
        " handles them."
    ),
    "seq": (
        "The event's place in the team's private stream: from 1, without a gap. To resume, send the last one"
        " as `after_seq`."
    ),
    "as_of_seq": "The last event of the team's private stream that this reflects; 0 before the first.",
    "next_seq": "The `seq` of the team's next private event; everything else here is the state before that event.",
    "after_seq": "The last private event that the client has: the stream goes on with the one after it.",
    "epoch": "One more after each unclean stop of the exchange.",
    "submitted_at": "When the order was accepted: ISO 8601 UTC with microseconds.",
    # Orders and fills.
    "side": "`buy` or `sell`.",
    "price": "Currency per unit; null for a market order.",
    "quantity": "Contracts or lots in all.",
    "remaining_quantity": "The unfilled quantity; for a cancelled order, what was unfilled at its end.",
    "cumulative_quantity": "How much of the order is filled so far, this fill included.",
    "cancelled_quantity": "What was still unfilled when the order left the book.",
    "average_price": "The mean price, weighted by quantity.",
    "order_status": "`partially_filled`, or `filled` with the last fill.",
    "status": "`open`, `partially_filled`, `filled` or `cancelled`.",
    "liquidity_type": "`maker`: the order was in the book. `taker`: it came later. `auction`: both met in an auction.",
    "fees": "What this fill cost in currency: above 0 it was paid, below 0 it is a rebate.",
    "time_in_force": (
        "`day`: rests in the book. `ioc`: what does not fill at once is cancelled. `fok`: all at once or nothing."
    ),
    "post_only": "Refuse the order if it would trade at once.",
    "kept_priority": (
        "Whether the order kept its place in the queue: the price is the same and the quantity is not larger."
    ),
    "aggressor_side": "The side of the order that came later; null in an auction.",
    "volume": "What would trade at that price.",
    "imbalance": "What would be left over at that price, of those who accept it.",
    "imbalance_side": "Whose side that is; null if nothing would be left.",
    "bid_order_id": "The open order that is the quote's bid; null if there is none.",
    "ask_order_id": "The open order that is the quote's ask; null if there is none.",
    # Market-maker protection.
    "group": "The underlying of the options that are protected together.",
    "groups": "Each group, as it stands.",
    "interval_seconds": "Market seconds in which fills of quotes count together, from the first one on.",
    "frozen_seconds": "Market seconds in which quotes are refused after a limit was met; 0: until the team resets it.",
    "counted_quantity": "Contracts that quotes have bought and sold in the window.",
    "counted_delta": "The size of the delta of what they have bought and sold in it, in contracts of the index.",
    "counted_vega": "The size of its vega: per volatility point and unit, times contracts.",
    "window_ends": "When the window closes, in market time; null if none is open.",
    "frozen": "Whether quotes in the group are refused now.",
    "frozen_until": "When they are no longer, in market time; null: not frozen, or until the team resets it.",
    "measured": "What was counted, in the unit of the limit.",
    "limit_value": "The limit that it met.",
    # Books.
    "book_seq": (
        "The book's own counter: one more with each change of its 20 best levels a side. Not the private `seq`."
    ),
    "prev_book_seq": (
        "The `book_seq` that this change follows. If the reader has another, it has missed one: subscribe again."
    ),
    "bids": "Levels of the buy side, best first.",
    "asks": "Levels of the sell side, best first.",
    "checksum": (
        "CRC-32 of the book's ten best asks, then its ten best bids, after this message, best first: of"
        " each level the price"
        " in ticks (price / tick_size, rounded), then the quantity, in decimal, with nothing between them."
    ),
    "bid_price": "The best bid; null if there is none.",
    "bid_quantity": "The quantity bid at the best price; 0 if there is none.",
    "ask_price": "The best ask; null if there is none.",
    "ask_quantity": "The quantity offered at the best price; 0 if there is none.",
    # Positions and money.
    "position": "The net position: above 0 long, below 0 short.",
    "positions": "The net position in every instrument ever traded, by symbol; null while the connection is anonymous.",
    "cash": "The account's cash in currency.",
    "realized_pnl": "Profit and loss of closed positions, in currency, before fees.",
    "unrealized_pnl": (
        "Profit and loss of open positions, in currency: at the middle of the book, else the last trade, else cost."
    ),
    "fees_paid": "All fees of the account less its rebates, in currency.",
    "account": "Money, limits, and how much of them is used.",
    "open_orders": "Number of the team's open orders.",
    "maximum_open_orders": "The most open orders that the team may have.",
    "maximum_order_size": "The largest quantity of one order.",
    "maximum_order_sizes": "The largest quantity of one order, by role.",
    "position_limits": "The largest position either way, by role.",
    "total_option_exposure": "The sum over all options of the worst case, working orders included.",
    "total_option_exposure_limit": "The limit on `total_option_exposure`.",
    "exposure": "How much of each instrument's position limit is used, by symbol.",
    "open_buy_quantity": "The quantity that the team's open buy orders could still add.",
    "open_sell_quantity": "The quantity that its open sell orders could still take away.",
    "limit": "The largest position either way, with all working orders of that side filled.",
    "may_quote": "Whether the role may use `PUT /quotes`.",
    "may_rest_both_sides": "Whether the role may have orders on both sides of a book.",
    "sanctions": "The team's place on the ladder of sanctions.",
    "duties": "The duties of the team's role, as they were last found.",
    "reduce_only": "Whether the team may only enter orders that make its positions smaller.",
    # Lists.
    "order": "The order.",
    "orders": "Orders, oldest first; closed ones newest first.",
    "fills": "Fills, oldest first.",
    "trades": "Public trades, oldest first.",
    "omitted": "How many more open orders come after these; ask again with `after`. 0 for closed orders.",
    "orders_omitted": "How many more open orders there are; `GET /orders?after=` goes on from the last of `orders`.",
    "forgotten": "How many older entries are no longer kept.",
    "results": "The result of each, in the order of the request.",
    "cancelled": "Ids of the orders that were cancelled.",
    "cancel_at": "When all orders are cancelled unless the timer is renewed: ISO 8601 UTC; null when it is off.",
    "duplicate": "True: an order with this client order id and these terms was accepted before; nothing was submitted.",
    "instruments": "Reference data of each instrument.",
    "quotes": "One quote for each instrument; instruments that are not named keep theirs.",
    "team": "Public facts of the team.",
    "teams": "Public facts of each team.",
    # Reference data.
    "kind": "`option` or `spot`.",
    "underlying": "The option's underlying; for a spot instrument its own symbol.",
    "option_type": "`call` or `put`; null for a spot instrument.",
    "strike": "The option's strike in currency; null for a spot instrument.",
    "expiry": "The option's last day, ISO 8601; null for a spot instrument.",
    "tick_size": "The step between prices, in currency; every price is a whole multiple of it.",
    "multiplier": "Units of the underlying in one contract: a fill's value is price × quantity × multiplier.",
    "underlyings": "The last price of each underlying, by symbol.",
    # Notices.
    "news": "The news, oldest first.",
    "news_id": "The exchange's id of the headline, never used again.",
    "headline": "The headline.",
    "category": "What the headline is about.",
    "odds": "Chances of each effect in percent; which of them the headline has is not told.",
    "regime_shift": "That volatility changes to another regime.",
    "price_jump": "That prices jump.",
    "no_effect": "That nothing happens.",
    "text": "What the organiser says.",
    # Fair play.
    "commitment": (
        "Of the session under way or last: the SHA-256, in hexadecimal, of its seed and of `scenario_hash` as it is"
        " written; null if no seed was committed to."
    ),
    "nonces": "What each team brought to the session's seed, by team id; empty before the session's start.",
    "seed": "The session's seed, 32 bytes in hexadecimal; null until its end.",
    "world_digest": "SHA-256, in hexadecimal, of the session's simulated world; null if it has none.",
    "scenario_hash": "SHA-256, in hexadecimal, of the rules that the exchange judges and draws by.",
    "next_commitment": "The commitment that waits for the next session; null while there is none.",
    "withdrawn": "How many commitments were given up before their sessions: the seed was lost, or came from a number.",
    # The session.
    "phase": (
        "`continuous`: orders trade. `pre_open`, `reopening_call`: they wait for the auction. `halted`: they can only"
        " be cancelled. `opening_auction`, `reopening_auction`, `closed`: they can be neither entered nor cancelled."
    ),
    "previous_phase": "The phase before.",
    "trading_session": "How many times the market has opened; client order ids are unique within one.",
    "session_date": "The session's date in the exchange's time zone, ISO 8601.",
    "settlement_price": "What positions are paid out at, in currency per unit.",
    "market_time": "The market's clock, ISO 8601.",
    "symbol": "The underlying's symbol.",
    "theoretical": "The theoretical value, in currency per unit.",
    "implied_volatility": "The volatility of the theoretical value, annual, as a fraction: 0.2 is 20 %. Null: none.",
    "implied_volatility_reason": "Why there is no implied volatility; null if there is one.",
    "delta": "How much the value moves with the underlying, per unit.",
    "gamma": "How much delta moves with the underlying, per unit squared.",
    "vega": "How much the value moves with a volatility point (0.01), in currency per unit.",
    "theta": "How much the value moves with a session (1/252 year), in currency per unit.",
    "underlying_price": "The price on which the value rests: of the index, or a share of it for its tracker's options.",
    "greeks": "By instrument: the theoretical value and Greeks of each option.",
    "as_of": "The market time of what is shown, ISO 8601; null before the first session.",
    "prices": "Prices of the underlying, oldest first.",
    "next_phase": "The phase that comes next; null if phases change by hand.",
    "next_at": "The earliest instant, in market time, at which it begins; a call ends at a random one after that.",
    "next_transition": "The same as `next_at`.",
    "starts_at": "When the planned session starts, in wall time; null if none is planned.",
    "speed": "Market seconds in a second of wall time.",
    "instrument_phases": "Phases of the instruments that are in another one than the session.",
    "action": "`start` a session, or `end` the one that is under way or planned.",
    "halted": "Whether trading in the instrument is halted: orders can only be cancelled.",
    # The connection.
    "session_id": "The connection's id, for the organiser's log.",
    "heartbeat_seconds": "Seconds of silence after which the exchange sends a `heartbeat`.",
    "channels": "The channels that were subscribed or unsubscribed; null in any other answer.",
    "enabled": "True: cancel the team's orders when this connection is lost. False: do not.",
    "grace_seconds": (
        "Seconds after the loss of the connection at which the orders are cancelled, unless the bot is back by then."
    ),
    # Answers.
    "success": "Whether it was done. If not, `error` says why, and nothing was changed.",
    "data": "The data that was asked for; null if there is none.",
    "error": "Why it was not done; null if it was.",
    "code": "The reason as a fixed word, for programs.",
    "message": "The reason in words: the rule, and what is allowed.",
    "details": "What the code depends on: the field, the limit, the nearest value that is allowed.",
    # The exchange itself.
    "version": "The exchange's version.",
    "uptime_seconds": "How long it has been running.",
    "journal_lag_commands": "Commands that are written and not yet synced to the disk.",
}
"""By the name of a field: what it means."""

_DUTY: Final = {
    "duty": "The duty: `quote_coverage`, `portfolio_delta` or `spx_spy_balance`.",
    "state": (
        "`met`; `breached`; or `exempt`: seconds do not count now, such as in a halt, just after news, or while the"
        " team is reduce-only."
    ),
    "measured": "What was measured last: a share, or contracts of the index; null if nothing was.",
    "required": "The least share that is covered, or the most of the others.",
    "since": "Market time at which the state began; null before the first.",
}

FIELDS_OF_TYPES: Final[dict[str, dict[str, str]]] = {
    "ActionInfo": {
        "sequence": "The sequence number of the command.",
        "action": "The command's name, such as `halt_instrument`.",
        "terms": "What the command was about: its fields by name.",
        "by": "Who gave it, from the header `X-Admin-Name`; null if it was not told.",
        "reason": "The reason given; null if there was none.",
        "error": "Why it was refused; null if it was carried out.",
    },
    "ActionsData": {
        "actions": "What the organisers did, oldest first.",
        "omitted": "How many more come after these; ask again with `after`.",
    },
    "UnderlyingPrice": {"price": "Currency per unit."},
    "UnderlyingPriceInfo": {"price": "Currency per unit."},
    "UnderlyingPricesData": {
        "omitted": "How many more come after these; ask again with `after`.",
        "forgotten": "How many older ones are no longer kept.",
    },
    "NewsData": {"omitted": "How many more come after these; ask again with `after`."},
    "ApiResponse": {"order_id": "The order that the request was about; null if it was about none."},
    "AccountInfo": {
        "delta": "The delta of all positions, in contracts of the index, at the newest theoretical values.",
        "equity": "Cash and all positions at their theoretical values, in currency.",
        "requirement": (
            "What equity must cover, in currency: the loss in the worst scenario; null if the exchange does not check"
            " it."
        ),
        "limits": "The limits on the whole account, by name; those on one instrument stand in `exposure`.",
        "realized_pnl": "Profit and loss of closed positions in all instruments, in currency, before fees.",
    },
    "BookUpdate": {
        "bids": "Changed levels of the buy side; the quantity is the new one, 0 removes the level.",
        "asks": "Changed levels of the sell side; the quantity is the new one, 0 removes the level.",
    },
    "ExecutionReport": {
        "price": "The price of this fill, in currency per unit.",
        "quantity": "Contracts or lots of this fill.",
        "average_price": "The mean price of the order's fills so far.",
    },
    "FillInfo": {
        "price": "The price of this fill, in currency per unit.",
        "quantity": "Contracts or lots of this fill.",
        "busted": "Whether the organiser undid the trade: its money, fees and position are back.",
    },
    "HealthData": {
        "status": (
            "`ok`; `degraded`: passes by itself, unless `failed_projections` names any; `stopped`: lasts until the"
            " exchange is restarted."
        ),
        "reason": "Why the status is not `ok`; null if it is.",
        "sequence": "The sequence number of the last command.",
        "failed_projections": (
            "Sums over the session, such as scores, that failed: by name, the sequence number"
            " at which each was dropped. Trading goes on."
        ),
    },
    "DutyInfo": _DUTY,
    "DutyStatus": _DUTY
    | {
        "duty": "The duty: `quote_coverage`, `portfolio_delta`, `spx_spy_balance`; null: the role has none.",
        "level": "The team's level of sanctions now: 0 none, 1 warned, 2 points off, 3 reduce-only.",
    },
    "SanctionsInfo": {
        "level": "0 none, 1 warned, 2 points off, 3 reduce-only.",
        "since": "Market time of the last change; null if there was none.",
    },
    "SanctionRequest": {"level": "1 warned, 2 points off, 3 reduce-only."},
    "Signal": {
        "signal_type": "`volatility_forecast` or `tracking_error`.",
        "forecast_regime": "The regime of volatility that may come: `low`, `medium` or `high`.",
        "seconds_until_change": "Market seconds until then, about.",
        "error_percent": "By how much the tracker is off its index, in percent of it; above 0 it is rich.",
        "direction": "`SPY_RICH` or `SPY_CHEAP`.",
        "z_score": "The error in standard deviations.",
        "confidence": (
            "How often such a signal is right, as a fraction: the regime comes; or half of the error is gone within 300"
            " market seconds."
        ),
    },
    "LimitInfo": {"used": "How much of the limit is used.", "limit": "The limit."},
    "Heartbeat": {"seq": "The last event of the team's private stream; null while the connection is anonymous."},
    "LevelInfo": {"price": "Currency per unit.", "quantity": "The total quantity of all orders at this price."},
    "MarketData": {"halted": "Symbols of the instruments in which trading is halted."},
    "PublishedData": {"news": "The headline as it was published."},
    "OrderAmended": {
        "price": "The order's price from now on.",
        "quantity": "The order's total from now on, filled part included.",
    },
    "OrderCancelled": {
        "reason": (
            "Why the order left: asked for (`user_requested`, `mass_cancel`, `quote_replaced`), its own terms"
            " (`ioc_remainder`, `fok_not_fillable`, `market_remainder`), it would have traded with its own owner"
            " (`self_trade_prevention`), its bot was gone (`cancel_on_disconnect`, `cancel_after`), the team's"
            " protection of its quotes (`market_maker_protection`), the organiser (`session_close`, `team_suspended`),"
            " the team may only reduce its positions now (`reduce_only`), its equity is below 0"
            " (`insufficient_cash`), or its instrument was at its end (`instrument_expired`)."
        )
    },
    "ProtectedGroupInfo": {
        "quantity": "The limit on contracts bought and sold; null: none.",
        "delta": "The limit on the size of their delta, in contracts of the index; null: none.",
        "vega": "The limit on the size of their vega; null: none.",
        "move": "The share of half its spread by which a quote's value may move before it is pulled; null: any.",
    },
    "ProtectionTriggered": {"limit": "The limit that was met: `quantity`, `delta` or `vega`."},
    "PositionUpdate": {
        "average_price": "The average cost of the open position, per unit; null if there is none.",
        "realized_pnl": "Profit and loss of closed positions in this instrument, in currency, before fees.",
    },
    "Settlement": {
        "underlying_price": "The price of the underlying that the settlement price follows from; null if there is none."
    },
    "SettleRequest": {
        "underlying_price": "The price of the underlying that the settlement price follows from; null if there is none."
    },
    "InstrumentInfo": {
        "status": "`listed`, `halted` (it will trade again), `expired`, or `settled` (its positions are paid out).",
        "settlement_price": "What it was settled at, in currency per unit; null until then.",
    },
    "InstrumentListed": {"instrument": "The instrument as `GET /instruments` shows it."},
    "SessionStatus": {
        "instrument_id": "The instrument that is in another phase; null: the session is.",
        "halted": "Whether that phase is a halt.",
        "reason": "Why the phase began: `schedule`, `organiser` or `circuit_breaker`.",
    },
    "StreamError": {"op": "The operation that was asked for; null if it could not be read."},
    "BustedData": {"price": "Currency per unit.", "quantity": "Contracts or lots that had been traded."},
    "TradeBusted": {
        "seq": "In the private stream, the event's place in it. A reader of `trades` gets the message without it.",
        "reason": "What the organiser gave as the reason; null if nothing.",
        "price": "Currency per unit.",
        "quantity": "Contracts or lots that were traded.",
    },
    "Trade": {"price": "Currency per unit.", "quantity": "Contracts or lots that were traded."},
    "TradeInfo": {"price": "Currency per unit.", "quantity": "Contracts or lots that were traded."},
    "TeamOverviewInfo": {
        "connections": "How many streams the team has open.",
        "last_seen": "When the team last asked for anything: ISO 8601 UTC; null if not since the server started.",
        "orders": "How many orders of the team were accepted so far.",
        "refusals": "How often the team was refused since the server started, by code, the most frequent first.",
        "positions": "Net positions that are not zero, by symbol.",
        "limits": (
            "Limits on the whole account; under `position` the one on an instrument of which most is used, and under"
            " `requirement` how much of the equity is bound."
        ),
        "equity": "Cash and all positions at their theoretical values, in currency.",
    },
    "TeamsData": {
        "teams": "Teams in the order of their registration.",
        "omitted": "How many more come after these; ask again with `after`.",
        "roles": "The scenario's roles.",
    },
    "Welcome": {
        "team_id": "The team's id; null while the connection is anonymous.",
        "next_seq": (
            "The `seq` of the team's next private event; everything else here is the state before that event."
            " Null while the connection is anonymous."
        ),
        "account": "Money, limits, and how much of them is used; null while the connection is anonymous.",
        "orders": "The team's open orders, the 1,000 oldest, oldest first; null while the connection is anonymous.",
    },
}
"""By the name of a type: meanings of its fields that differ from the general ones."""


def describe(schemas: dict[str, Any]) -> None:
    """Give each field of `schemas`, by their names, its description, unless the field's type has one.

    Descriptions that are docstrings lose their indentation, which Python before 3.13 keeps.
    """
    for whole in schemas.values():
        if "description" in whole:
            whole["description"] = cleandoc(whole["description"])
    for name, field, schema in fields_of(schemas):
        description = FIELDS_OF_TYPES.get(name, {}).get(field) or FIELDS.get(field)
        if description is not None and not is_described(schema):
            schema["description"] = description


def fields_of(schemas: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every field: the name of its type without type arguments, its own name, its schema."""
    for name, schema in schemas.items():
        for field, field_schema in schema.get("properties", {}).items():
            yield name.partition("_")[0], field, field_schema


def is_described(schema: dict[str, Any]) -> bool:
    """Whether a field's schema, or one of its alternatives, has a description."""
    return "description" in schema or any("description" in inner for inner in schema.get("anyOf", ()))
