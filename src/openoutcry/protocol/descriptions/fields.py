"""What every field of every message means, in one place: the same name means the same everywhere.

A test checks that every field has a description, here or in its type.
"""

from typing import Final

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
    "holdings": "The cost of each of these positions, and what it has realized, by symbol.",
    "positions": "The net position in every instrument ever traded, by symbol; null while the connection is anonymous.",
    "cash": "The account's cash in currency.",
    "realized_pnl": "Profit and loss of closed positions, in currency, before fees.",
    "unrealized_pnl": (
        "Profit and loss of open positions, in currency, at marks: the theoretical values of a scenario with pricing;"
        " without pricing the median of best bid, best ask and last trade, those that exist, else cost."
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
