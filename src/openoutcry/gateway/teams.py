"""Teams: registering, public facts, keys."""

from openoutcry.domain.commands import RegisterTeam, RotateKey
from openoutcry.domain.identifiers import format_team_id, parse_team_id
from openoutcry.domain.reasons import Accepted, ErrorCode, Reject
from openoutcry.domain.types import TeamId
from openoutcry.domain.views import TeamView
from openoutcry.gateway.answer import Answer
from openoutcry.gateway.answers import succeed
from openoutcry.gateway.credentials import same_secret, unauthenticated
from openoutcry.gateway.receipts import NO_TEAM, Receipt
from openoutcry.gateway.refusals import Refused, not_found
from openoutcry.gateway.sequencing import accepted, perform, rejected
from openoutcry.protocol.requests import TeamRequest
from openoutcry.protocol.responses import KeyData, RegisteredData, TeamData
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.keys import hash_key, new_key
from openoutcry.scenarios.model import Registration


def register_team(exchange: Exchange, receipt: Receipt, request: TeamRequest) -> Answer[RegisteredData]:
    """Let a team in and show its key, once."""
    registration = exchange.scenario.registration
    _check_join_code(registration, request.join_code)
    role = registration.default_role if request.role is None else request.role
    _check_role(registration, role)
    _check_owner(exchange, receipt, request.owner)
    api_key = new_key()
    sequenced, _ = perform(exchange, RegisterTeam(request.team_name, role, hash_key(api_key.encode()), request.owner))
    verdict = sequenced.verdict
    if isinstance(verdict, Reject):
        return rejected(receipt, sequenced, verdict)
    assert isinstance(verdict, Accepted), "a registration is never a duplicate"  # noqa: S101
    data = RegisteredData(
        team_id=format_team_id(TeamId(verdict.new_id)),
        team_name=request.team_name,
        role=role,
        api_key=api_key,
    )
    return accepted(receipt, sequenced, data)


def show_team(exchange: Exchange, receipt: Receipt, team_id: str) -> Answer[TeamData]:
    """Public facts of any team."""
    team = find_team(exchange, team_id)
    return succeed(receipt, exchange.clock.now(), TeamData(exchange.translator.team_info(team)))


def rotate_own_key(exchange: Exchange, receipt: Receipt, team_id: str) -> Answer[KeyData]:
    """A new key for the team that asks; the old one dies with the answer."""
    team = find_team(exchange, team_id)
    if team.team_id != receipt.team_id:
        raise Refused(
            ErrorCode.ROLE_NOT_PERMITTED,
            f"Only {team_id} itself, or the organiser, may rotate its key; the key sent belongs to"
            f" {format_team_id(receipt.team_id)}",
        )
    return rotate_key(exchange, receipt, team.team_id)


def rotate_key(exchange: Exchange, receipt: Receipt, team_id: TeamId) -> Answer[KeyData]:
    api_key = new_key()
    sequenced, _ = perform(exchange, RotateKey(team_id, hash_key(api_key.encode())))
    if isinstance(sequenced.verdict, Reject):
        return rejected(receipt, sequenced, sequenced.verdict)
    return accepted(receipt, sequenced, KeyData(api_key))


def find_team(exchange: Exchange, team_id: str) -> TeamView:
    """The team written as `team_id`. Raises `Refused` (404)."""
    team = exchange.sequencer.queries.team(parse_team_id(team_id))
    if team is None:
        raise not_found(
            ErrorCode.TEAM_NOT_FOUND, f"There is no team {team_id!r}; ids look like TEAM_1", team_id=team_id
        )
    return team


def _check_join_code(registration: Registration, given: str | None) -> None:
    expected = registration.join_code
    if expected is None or (given is not None and same_secret(given, expected)):
        return
    raise Refused(
        ErrorCode.JOIN_CODE_INVALID,
        "Registration needs the organiser's join_code"
        + ("; send it beside team_name" if given is None else ", and this is not it"),
    )


def _check_role(registration: Registration, role: str) -> None:
    if role not in registration.roles:
        raise Refused(
            ErrorCode.ROLE_NOT_PERMITTED,
            f"A team may not register as {role!r}; it may choose from {', '.join(registration.roles) or 'no role'}",
            {"role": role, "allowed": list(registration.roles)},
        )


def _check_owner(exchange: Exchange, receipt: Receipt, owner: str | None) -> None:
    """An owner who has teams is joined by a key of one of them.

    Whoever could name another's owner could have that one's orders expired: self-trade prevention goes by owner.
    """
    queries = exchange.sequencer.queries
    if owner is None or not queries.has_owner(owner):
        return
    if receipt.team_id == NO_TEAM or not queries.is_owned_by(receipt.team_id, owner):
        raise unauthenticated(
            f"The owner {owner!r} has teams already: send the key of one of them in X-API-Key, or leave owner out"
        )
