"""Teams: the organiser creates, suspends, sanctions and pardons them, gives them new keys, and sees all of them."""

from openoutcry.access.caller import Caller
from openoutcry.access.refusals import Refused, malformed
from openoutcry.domain.commands import Pardon, ReinstateTeam, Sanction, SuspendTeam
from openoutcry.domain.reasons import ErrorCode
from openoutcry.domain.rulebook import OWN_ROLES
from openoutcry.operations.organiser.acting import carry_out, why
from openoutcry.operations.result import Result
from openoutcry.operations.teams import find_team, named_team, register, rotate_key, stored
from openoutcry.protocol.requests import CreateTeamRequest, ReasonRequest, SanctionRequest
from openoutcry.protocol.responses import KeyData, RegisteredData, StandingData, TeamData
from openoutcry.runtime.exchange import Exchange


def create_team(exchange: Exchange, caller: Caller, request: CreateTeamRequest) -> Result[RegisteredData]:
    """Register a team for any owner, in any role but the exchange's own; the exchange makes its key."""
    if request.role in OWN_ROLES:
        allowed = sorted(exchange.scenario.rulebook.roles.keys() - OWN_ROLES)
        raise Refused(
            ErrorCode.ROLE_NOT_PERMITTED,
            f"{request.role!r} is a role of the exchange's own teams, without limits; choose one of"
            f" {', '.join(allowed)}",
            {"role": request.role, "allowed": allowed},
        )
    owner = stored(request.owner, "owner")
    taken = None if owner is None else exchange.taken_names.owner_like(owner)
    if taken not in (None, owner):
        raise malformed("owner", f"owner: {owner!r} looks like {taken!r}, who has teams already; write {taken!r}")
    return register(exchange, request.team_name, request.role, owner, request.nonce, why(caller, request))


def suspend_team(exchange: Exchange, caller: Caller, team_id: str, request: ReasonRequest) -> Result[TeamData]:
    """Cancel all of a team's orders and refuse its commands until it is reinstated."""
    command = SuspendTeam(named_team(team_id), why(caller, request))
    return carry_out(exchange, command, lambda _: _team_data(exchange, team_id), "team suspended", team_id=team_id)


def reinstate_team(exchange: Exchange, caller: Caller, team_id: str, request: ReasonRequest) -> Result[TeamData]:
    command = ReinstateTeam(named_team(team_id), why(caller, request))
    return carry_out(exchange, command, lambda _: _team_data(exchange, team_id), "team reinstated", team_id=team_id)


def rotate_team_key(exchange: Exchange, caller: Caller, team_id: str, request: ReasonRequest) -> Result[KeyData]:
    """A new key for a team that lost its own; the old one stops working."""
    return rotate_key(exchange, find_team(exchange, team_id).team_id, why(caller, request))


def sanction_team(exchange: Exchange, caller: Caller, team_id: str, request: SanctionRequest) -> Result[StandingData]:
    """Put a team on the ladder of sanctions, at the level asked for."""
    command = Sanction(named_team(team_id), request.level, why(caller, request))
    return carry_out(
        exchange,
        command,
        lambda _: _standing_data(exchange, team_id),
        "team sanctioned",
        team_id=team_id,
        level=str(request.level),
    )


def pardon_team(exchange: Exchange, caller: Caller, team_id: str, request: ReasonRequest) -> Result[StandingData]:
    """Take a team off the ladder of sanctions."""
    command = Pardon(named_team(team_id), why(caller, request))
    return carry_out(exchange, command, lambda _: _standing_data(exchange, team_id), "team pardoned", team_id=team_id)


def _standing_data(exchange: Exchange, team_id: str) -> StandingData:
    team = find_team(exchange, team_id)
    return exchange.translator.standing_data(team.team_id, exchange.sequencer.queries.standing(team.team_id))


def _team_data(exchange: Exchange, team_id: str) -> TeamData:
    return TeamData(exchange.translator.team_info(find_team(exchange, team_id)))
