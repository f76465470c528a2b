"""What fields mean in the types where they mean something of their own."""

from typing import Final

from openoutcry.protocol.descriptions.fields_of_pnl import FIELDS_OF_PNL
from openoutcry.protocol.descriptions.fields_of_scores import FIELDS_OF_SCORES

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
    **FIELDS_OF_PNL,
    **FIELDS_OF_SCORES,
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
    "FindingInfo": {
        "kind": "`transfer`, `round_trips`, `pair_share`, `messages`, `layering` or `stuffing`.",
        "owners": "Whose teams they are. Where something goes from one to the other, who gives it is first.",
        "teams": "Ids of the teams that had a part in it.",
        "measure": "What was measured, in `unit`.",
        "threshold": "From this measure on it is a finding, once its kind's other thresholds are reached, too.",
        "unit": "The unit of `measure` and `threshold`.",
        "since": "Market time of the first event that it rests on.",
        "until": "Market time of the last one.",
        "trades": "Ids of trades that it rests on, the first 100 at most.",
        "trade_count": "How many trades it rests on.",
        "commands": "Sequence numbers of commands that it rests on, the first 100 at most.",
        "command_count": "How many commands it rests on.",
        "excludes": "Whether all trades between the owners leave the score.",
        "text": "The finding in a sentence.",
    },
    "ExcludedPairInfo": {
        "owners": "The two whose teams traded with each other.",
        "teams": "Ids of the teams of these trades.",
        "kinds": "The kinds of findings for which they are excluded.",
        "trades": "How many trades are excluded.",
        "contracts": "How many contracts and lots these trades were about.",
        "value": "What they were worth to the first owner a minute later, in currency; to the second as much less.",
    },
    "SurveillanceData": {
        "session_date": "The session's date; null before the first.",
        "findings": "What reached its thresholds, kind by kind.",
        "exclusions": "Trades that are in nobody's score.",
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
        "rates": "How many requests pass, by their kind: `orders`, `cancels`, `reads`.",
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
    "RateInfo": {
        "per_second": "Requests that pass in a second in the long run.",
        "burst": "Requests that pass at once after a pause.",
    },
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
    "HoldingInfo": {
        "average_price": "The average cost of the open position, per unit; null if there is none.",
        "realized_pnl": "Profit and loss of closed positions in this instrument, in currency, before fees.",
    },
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
        "pnl": "Realized and unrealized profit and loss since registration, after fees, in currency.",
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
