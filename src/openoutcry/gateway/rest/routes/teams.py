"""Registration, public facts of teams, keys."""

from typing import Annotated, Final

from litestar import Response
from litestar.openapi.spec import Example
from litestar.params import Body

from openoutcry.domain.reasons import ErrorCode
from openoutcry.gateway.rest.framework.endpoints import Asked, endpoint
from openoutcry.gateway.rest.routes.parameters import TeamPath
from openoutcry.gateway.rest.terms import Terms
from openoutcry.operations import teams
from openoutcry.protocol.requests import TeamRequest
from openoutcry.protocol.responses import ApiResponse, KeyData, RegisteredData, TeamData

_TAG: Final = "Teams"

_TeamBody = Annotated[TeamRequest, Body(examples=[Example("A team", value={"team_name": "Alpha"})])]


@endpoint(
    "POST",
    "/teams",
    Terms("public"),
    _TAG,
    "Register team",
    refusals=(
        ErrorCode.JOIN_CODE_INVALID,
        ErrorCode.ROLE_NOT_PERMITTED,
        ErrorCode.DUPLICATE_TEAM_NAME,
        ErrorCode.TEAM_LIMIT,
    ),
    sequenced=True,
)
async def register_team(asked: Asked, data: _TeamBody) -> Response[ApiResponse[RegisteredData]]:
    """Register a team, with the organiser's `join_code` unless registration is open. The key is shown once."""
    return asked.answer(teams.register_team, data)


@endpoint("GET", "/teams/{team_id:str}", Terms("team"), _TAG, "Get team", refusals=(ErrorCode.TEAM_NOT_FOUND,))
async def show_team(asked: Asked, team_id: TeamPath) -> Response[ApiResponse[TeamData]]:
    """Public facts of a team."""
    return asked.answer(teams.show_team, team_id)


@endpoint(
    "POST",
    "/teams/{team_id:str}/rotate-key",
    Terms("team", "orders"),
    _TAG,
    "Rotate own key",
    refusals=(ErrorCode.TEAM_NOT_FOUND, ErrorCode.ROLE_NOT_PERMITTED),
    sequenced=True,
)
async def rotate_key(asked: Asked, team_id: TeamPath) -> Response[ApiResponse[KeyData]]:
    """A new key for the team itself; the old key is no longer valid."""
    return asked.answer(teams.rotate_own_key, team_id)
