"""Teams: the organiser suspends and reinstates them, gives them new keys, and sees all of them."""

from openoutcry.access.caller import Caller
from openoutcry.domain.commands import ReinstateTeam, SuspendTeam
from openoutcry.domain.identifiers import parse_team_id
from openoutcry.operations.organiser.acting import carry_out, why
from openoutcry.operations.result import Result
from openoutcry.operations.teams import find_team, rotate_key
from openoutcry.protocol.requests import ReasonRequest
from openoutcry.protocol.responses import KeyData, TeamData, TeamsData
from openoutcry.runtime.exchange import Exchange


def suspend_team(exchange: Exchange, caller: Caller, team_id: str, request: ReasonRequest) -> Result[TeamData]:
    """Cancel all of a team's orders and refuse its commands until it is reinstated."""
    command = SuspendTeam(parse_team_id(team_id), why(caller, request))
    return carry_out(exchange, command, lambda _: _team_data(exchange, team_id), "team suspended", team_id=team_id)


def reinstate_team(exchange: Exchange, caller: Caller, team_id: str, request: ReasonRequest) -> Result[TeamData]:
    command = ReinstateTeam(parse_team_id(team_id), why(caller, request))
    return carry_out(exchange, command, lambda _: _team_data(exchange, team_id), "team reinstated", team_id=team_id)


def rotate_team_key(exchange: Exchange, caller: Caller, team_id: str, request: ReasonRequest) -> Result[KeyData]:
    """A new key for a team that lost its own; the old one stops working."""
    return rotate_key(exchange, find_team(exchange, team_id).team_id, why(caller, request))


def list_teams(exchange: Exchange, _caller: Caller) -> Result[TeamsData]:
    teams = exchange.sequencer.queries.teams()
    data = TeamsData([exchange.translator.team_info(team) for team in teams])
    return Result(exchange.clock.now(), data)


def _team_data(exchange: Exchange, team_id: str) -> TeamData:
    return TeamData(exchange.translator.team_info(find_team(exchange, team_id)))
