"""What the exchange answers to those who ask it at a moment: the data of its routes, encoded."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from openoutcry.access.caller import Caller
from openoutcry.access.refusals import Refused
from openoutcry.domain.types import TeamId
from openoutcry.operations import leaderboard, market
from openoutcry.operations.organiser import overview, surveillance
from openoutcry.operations.own import account, pnl, score
from openoutcry.operations.result import Result
from openoutcry.protocol.queries import MAX_PAGE, MAX_TEAMS_PAGE, NewsQuery, PnlQuery, TeamsQuery
from openoutcry.protocol.responses import TeamsData
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.sequencing.unavailable import Unavailable

_Ask = Callable[[Exchange, Caller], Result[Any]]


def _all_teams(exchange: Exchange, caller: Caller) -> Result[TeamsData]:
    """All pages as one."""
    result = overview.list_teams(exchange, caller, TeamsQuery(limit=MAX_TEAMS_PAGE))
    while result.data is not None and result.data.omitted:
        last = result.data.teams[-1].team_id
        more = overview.list_teams(exchange, caller, TeamsQuery(after=last, limit=MAX_TEAMS_PAGE)).data
        assert more is not None  # noqa: S101 - only refusals have no data, and they are raised
        result = Result(result.time, TeamsData([*result.data.teams, *more.teams], more.omitted, more.roles))
    return result


OF_EVERYBODY: Final[Mapping[str, _Ask]] = {
    "GET /market": market.show_market,
    "GET /instruments": market.list_instruments,
    "GET /news": lambda exchange, caller: market.list_news(exchange, caller, NewsQuery(limit=MAX_PAGE)),
    "GET /leaderboard": leaderboard.show_leaderboard,
    "GET /admin/surveillance": surveillance.list_findings,
    "GET /admin/teams": _all_teams,
}
"""By the route that gives the same to a client."""

OF_TEAM: Final[Mapping[str, _Ask]] = {
    "GET /account": account.show_account,
    "GET /account/pnl": lambda exchange, caller: pnl.show_pnl(exchange, caller, PnlQuery()),
    "GET /account/score": score.show_score,
    "GET /positions": account.show_positions,
}

OF_ORGANISER: Final = frozenset(route for route in OF_EVERYBODY if "/admin/" in route)
"""Of these, the routes that answer an organiser only."""

_NOTHING: Final = b"null"
_encode: Final = msgspec.json.Encoder().encode


def answers_now(exchange: Exchange, team_id: TeamId | None) -> dict[str, bytes]:
    """Of each of these routes, those of the team or those of everybody, the data in JSON; `null` if it refuses."""
    asked, caller = (OF_EVERYBODY, Caller()) if team_id is None else (OF_TEAM, Caller(team_id))
    return {route: _answer(exchange, caller, ask) for route, ask in asked.items()}


def no_answers(team_id: TeamId | None) -> dict[str, bytes]:
    """As if all routes refused, those of the team too: it may not be registered yet."""
    return dict.fromkeys((*OF_EVERYBODY, *(() if team_id is None else OF_TEAM)), _NOTHING)


def _answer(exchange: Exchange, caller: Caller, ask: _Ask) -> bytes:
    try:
        return _encode(ask(exchange, caller).data)
    except (Refused, Unavailable):
        return _NOTHING
