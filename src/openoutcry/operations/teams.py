"""Teams: registering, public facts, keys."""

from typing import Final, TypeVar

import structlog

from openoutcry.access.caller import NO_TEAM, Caller
from openoutcry.access.credentials import same_secret, unauthenticated
from openoutcry.access.echoes import echo
from openoutcry.access.keys import hash_key, new_key
from openoutcry.access.refusals import Refused, malformed, not_found
from openoutcry.domain.commands import RegisterTeam, RotateKey, Why
from openoutcry.domain.identifiers import NO_ID, format_team_id, parse_team_id
from openoutcry.domain.reasons import Accepted, ErrorCode, Reject
from openoutcry.domain.types import TeamId
from openoutcry.domain.views import TeamView
from openoutcry.operations.commands import accepted, perform, refusal, rejected
from openoutcry.operations.result import Result
from openoutcry.protocol.requests import MAX_NAME, TeamRequest
from openoutcry.protocol.responses import KeyData, RegisteredData, TeamData
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.taken_names import stored_form
from openoutcry.scenarios.model import Registration

Name = TypeVar("Name", str, str | None)

_log: Final = structlog.get_logger()


def register_team(exchange: Exchange, caller: Caller, request: TeamRequest) -> Result[RegisteredData]:
    """Register a team and show its key, once."""
    registration = exchange.scenario.registration
    role = _role_asked(registration, request)
    _check_join_code(registration, role, request.join_code)
    _check_role(registration, role)
    owner = stored(request.owner, "owner")
    _check_owner(exchange, caller, owner)
    return register(exchange, request.team_name, role, owner, request.nonce)


def register(
    exchange: Exchange, name: str, role: str, owner: str | None, nonce: str | None, why: Why | None = None
) -> Result[RegisteredData]:
    """Register a team that may have this role and this owner. `why`: an organiser does it."""
    team_name = stored(name, "team_name")
    _check_name(exchange, team_name)
    api_key = new_key(exchange.entropy)
    command = RegisterTeam(team_name, role, hash_key(api_key.encode()), owner, nonce, why)
    refused = refusal(exchange, command)
    if refused is not None:
        return refused
    sequenced, _ = perform(exchange, command)
    verdict = sequenced.verdict
    assert isinstance(verdict, Accepted), "nothing has happened since, and a registration is never a duplicate"  # noqa: S101
    team_id = format_team_id(TeamId(verdict.new_id))
    _log.info("team registered", team_id=team_id, team_name=team_name, role=role)
    data = RegisteredData(
        team_id=team_id,
        team_name=team_name,
        role=role,
        api_key=api_key,
    )
    return accepted(sequenced, data)


def show_team(exchange: Exchange, _caller: Caller, team_id: str) -> Result[TeamData]:
    """Public facts of any team."""
    team = find_team(exchange, team_id)
    return Result(exchange.clock.now(), TeamData(exchange.translator.team_info(team)))


def rotate_own_key(exchange: Exchange, caller: Caller, team_id: str) -> Result[KeyData]:
    """A new key for the team that asks; the old one stops working with the result."""
    team = find_team(exchange, team_id)
    if team.team_id != caller.team_id:
        raise Refused(
            ErrorCode.ROLE_NOT_PERMITTED,
            f"Only {team_id} itself, or the organiser, may rotate its key; the key sent belongs to"
            f" {format_team_id(caller.team_id)}",
        )
    return rotate_key(exchange, team.team_id)


def rotate_key(exchange: Exchange, team_id: TeamId, why: Why | None = None) -> Result[KeyData]:
    """Give a team a new key. `why`: an organiser does it."""
    api_key = new_key(exchange.entropy)
    sequenced, _ = perform(exchange, RotateKey(team_id, hash_key(api_key.encode()), why))
    if isinstance(sequenced.verdict, Reject):
        return rejected(sequenced, sequenced.verdict)
    _log.info("key rotated", team_id=format_team_id(team_id))
    return accepted(sequenced, KeyData(api_key))


def find_team(exchange: Exchange, team_id: str) -> TeamView:
    """The team written as `team_id`. Raises `Refused` (404)."""
    team = exchange.sequencer.queries.team(named_team(team_id))
    if team is None:
        raise _no_team(team_id)
    return team


def named_team(team_id: str) -> TeamId:
    """The id written as `team_id`, whether there is such a team or not. Raises `Refused` (404) if it is none."""
    parsed = parse_team_id(team_id)
    if parsed == NO_ID:
        raise _no_team(team_id)
    return parsed


def _no_team(team_id: str) -> Refused:
    return not_found(
        ErrorCode.TEAM_NOT_FOUND, f"There is no team {echo(team_id)!r}; ids look like TEAM_1", team_id=echo(team_id)
    )


def _role_asked(registration: Registration, request: TeamRequest) -> str:
    """The role that is named; if none is, the one whose own code was given, else the default one."""
    if request.role is not None:
        return request.role
    given = request.join_code
    if given is not None:
        for role, code in registration.role_codes.items():
            if same_secret(given, code):
                return role
    return registration.default_role


def _check_join_code(registration: Registration, role: str, given: str | None) -> None:
    expected = registration.role_codes.get(role, registration.join_code)
    if expected is None or (given is not None and same_secret(given, expected)):
        return
    raise Refused(
        ErrorCode.JOIN_CODE_INVALID,
        "Registration needs the organiser's join_code"
        + (f" for the role {role!r}" if role in registration.role_codes else "")
        + ("; send it beside team_name" if given is None else ", and this is not it"),
    )


def _check_role(registration: Registration, role: str) -> None:
    if role not in registration.roles:
        raise Refused(
            ErrorCode.ROLE_NOT_PERMITTED,
            f"A team may not register as {role!r}; it may choose from {', '.join(registration.roles) or 'no role'}",
            {"role": role, "allowed": list(registration.roles)},
        )


def stored(name: Name, field: str) -> Name:
    """`name` as it is kept. Raises `Refused` if it is too long in that form."""
    if name is None:
        return None
    kept = stored_form(name)
    if len(kept) > MAX_NAME:
        raise malformed(
            field, f"{field}: has {len(kept)} characters in Unicode's form NFC; at most {MAX_NAME} are allowed"
        )
    return kept


def _check_name(exchange: Exchange, name: str) -> None:
    """Refuse a name that looks like another; the venue refuses an identical one."""
    taken = exchange.taken_names.team_like(name)
    if taken is not None and taken != name:
        raise Refused(
            ErrorCode.DUPLICATE_TEAM_NAME,
            f"The name {name!r} looks like {taken!r}, which is registered already; choose a name that nobody mistakes"
            " for it",
            {"team_name": name, "resembles": taken},
        )


def _check_owner(exchange: Exchange, caller: Caller, owner: str | None) -> None:
    """A new team of an owner with teams must show the key of one of them.

    Otherwise anyone could name that owner and make its orders expire, because self-trade prevention works by owner.
    """
    if owner is None:
        return
    taken = exchange.taken_names.owner_like(owner)
    if taken is None:
        return
    if taken != owner:
        raise unauthenticated(
            f"The owner {owner!r} looks like {taken!r}, who has teams already: write {taken!r} and send the key of one"
            " of them in X-API-Key, or choose a name that nobody mistakes for it"
        )
    if caller.team_id == NO_TEAM or not exchange.sequencer.queries.is_owned_by(caller.team_id, owner):
        raise unauthenticated(
            f"The owner {owner!r} has teams already: send the key of one of them in X-API-Key, or leave owner out"
        )
