"""What fields of P&L explained mean."""

from typing import Final

_PARTS: Final = {
    "pnl": "Equity at the newest theoretical values less what the session began with, in currency.",
    "delta": "By moves of the underlying, at the delta of each second's start; a spot instrument's only part.",
    "gamma": "By the squares of those moves.",
    "theta": "By the time that passed.",
    "vega": "By changes of implied volatility.",
    "edge": "What fills brought against the theoretical values of their moments, before fees.",
    "fees": "Rebates less fees: below 0 it was paid on balance.",
    "settlement": "What settled instruments were paid out at, against their last theoretical values.",
    "rest": "What the other parts leave of `pnl`.",
}

FIELDS_OF_PNL: Final[dict[str, dict[str, str]]] = {
    "PnlInfo": _PARTS,
    "InstrumentPnlInfo": _PARTS,
    "HourPnlInfo": _PARTS | {"begins_at": "The hour's first instant in market time, ISO 8601; the first has the call."},
    "PnlData": {
        "as_of": "The market time of the newest values, ISO 8601; null before the first session.",
        "session_date": "The date of the session that it is about; null before the first.",
        "total": "The whole P&L, or that of the instrument that was asked for.",
        "instruments": "What the team has held or traded in the session.",
        "hours": "The session's market hours so far, counted from the opening.",
    },
}
