"""What fields of scores mean."""

from typing import Final

_INSTANT: Final = {
    "frozen": "Whether nothing newer is shown before the close.",
    "final": "Whether it is the session's result: it has ended, and all that expired with it is settled.",
    "session_date": "The date of the session that it is about.",
    "as_of": "The market time of what is shown, ISO 8601.",
}

_BOARD: Final = _INSTANT | {
    "teams": "Every team's score, role by role and best first.",
    "exclusions": "Trades that are in nobody's score, because of what surveillance has found.",
}

_NONE_YET: Final = {
    "as_of": "The market time of what is shown, ISO 8601; null before the first.",
    "session_date": "The date of the session that it is about; null before the first.",
}

_LEFT_OUT: Final = "null on the leaderboard until it is final."

FIELDS_OF_SCORES: Final[dict[str, dict[str, str]]] = {
    "LeaderboardData": _BOARD | _NONE_YET,
    "Leaderboard": _BOARD,
    "ScoreData": _INSTANT
    | _NONE_YET
    | {
        "score": "The team's score; null before the first, and for a team that was not there yet.",
        "inputs": "What the score is made from; null where there is none.",
    },
    "TeamScoreInfo": {
        "score": "Points, 70 at most: those of the role, of compliance and of risk.",
        "pnl": "Equity at the newest theoretical values less what the session began with, in currency.",
        "rank": "Among the teams of its role, from 1; equal scores share one.",
        "role_points": f"Points for what the role is there for, 40 at most; {_LEFT_OUT}",
        "compliance": f"Points for keeping to the role's duties, 15 at most; {_LEFT_OUT}",
        "risk": f"Points for little risk, 15 at most; {_LEFT_OUT}",
        "components": "What the points are made of; empty on the leaderboard until it is final.",
        "inactive": "Why the team has no points for want of trading; null: it has.",
        "excluded_trades": "The team's trades that are left out of the score, because of what surveillance has found.",
        "excluded_value": "What those were worth to the team, in currency; it is no part of `pnl`.",
    },
    "ComponentInfo": {
        "name": "The component's name.",
        "section": "`role`, `compliance` or `risk`: which points it is a part of.",
        "value": "What was measured: currency, a fraction or a number.",
        "share": "From 0 to 1: the standing among the active teams of the role, or what the value alone gives.",
        "points": "What it gives: `share` times `of`; for `sanctions` what they take.",
        "of": "The most points that it can give.",
    },
    "ExclusionInfo": {
        "teams": "Ids of the teams that traded with each other.",
        "kinds": "What was found: `transfer`, `round_trips`.",
        "trades": "How many of their trades are in nobody's score.",
        "contracts": "Contracts or lots of those trades.",
        "value": "What went from one side to the other, in currency.",
    },
    "ScoreInputs": {
        "is_active": "Whether the team has reached the activity floor of its role, or there is none.",
        "contracts": "Contracts or lots traded with others than the owner's own teams.",
        "active_seconds": "Of the session's seconds, those in hours in which the floor was reached.",
        "session_seconds": "How many seconds the session has had so far.",
        "pnl": "Equity at the newest theoretical values less what the session began with, in currency.",
        "maker_edge": "Edge of the fills as maker, in currency.",
        "edge": "Edge of all fills, in currency.",
        "fees": "Fees of the session less rebates, in currency.",
        "excluded_value": "What trades that are left out were worth to the team, in currency.",
        "excluded_trades": "How many trades are left out.",
        "coverage_sum_ppm": "Sum over samples of its quotes of what was covered of what counted, in 1e-6.",
        "coverage_samples": "How many samples those were.",
        "delta_sum_milli": "Sum over seconds of the size of the net delta, in 1e-3 contracts of the index.",
        "vega_sum": (
            "Sum over seconds of the size of the net vega: currency per volatility point and unit, times contracts."
        ),
        "inventory_seconds": "How many seconds those were.",
        "shift": "P&L in the windows after changes of regime, in currency.",
        "net_delta_squares": "Sum over seconds of the square of the net delta, in 1e-3 contracts of the index.",
        "gross_delta_squares": "Sum over seconds of the square of the sum of the sizes of the options' deltas.",
        "convergence": "What the balanced position earned from the tracker's error, without edge, in currency.",
        "response_ppb_ppm": "Sum over signals of the size of the error, in 1e-9, times the response, in 1e-6.",
        "signalled_ppb": "Sum over signals of the size of the error, in 1e-9.",
        "judged_seconds": "Seconds in which a duty counted.",
        "outside_seconds": "Those of them outside a duty.",
        "levels_reached": "How often level 2 or 3 of sanctions was reached.",
        "drawdown": "The largest fall of equity from one full minute to a later one, in currency.",
        "tail": "The mean of the worst changes of equity from minute to minute, in currency.",
    },
}
