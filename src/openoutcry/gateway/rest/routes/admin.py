"""The organiser's routes."""

from typing import Annotated, Final

from litestar import Response
from litestar.openapi.spec import Example
from litestar.params import Body

from openoutcry.domain.reasons import ErrorCode
from openoutcry.gateway.rest.framework.endpoints import Asked, endpoint
from openoutcry.gateway.rest.routes.parameters import InstrumentPath, TeamPath
from openoutcry.gateway.rest.terms import Terms
from openoutcry.operations import organiser
from openoutcry.protocol.requests import PhaseRequest
from openoutcry.protocol.responses import ApiResponse, InstrumentsData, KeyData, MarketData, TeamData, TeamsData

_TAG: Final = "Organiser"
_ORGANISER: Final = Terms("organiser")
_NO_INSTRUMENT: Final = (ErrorCode.INVALID_INSTRUMENT,)
_NO_TEAM: Final = (ErrorCode.TEAM_NOT_FOUND,)

_PhaseBody = Annotated[PhaseRequest, Body(examples=[Example("Close", value={"phase": "closed"})])]


@endpoint("POST", "/admin/phase", _ORGANISER, _TAG, "Set phase", sequenced=True)
async def set_phase(asked: Asked, data: _PhaseBody) -> Response[ApiResponse[MarketData]]:
    """Move the session to `continuous` or `closed`. Closing cancels all orders; opening starts a trading session."""
    return asked.answer(organiser.set_phase, data)


@endpoint(
    "POST",
    "/admin/instruments/{instrument_id:str}/halt",
    _ORGANISER,
    _TAG,
    "Halt instrument",
    refusals=_NO_INSTRUMENT,
    sequenced=True,
)
async def halt_instrument(asked: Asked, instrument_id: InstrumentPath) -> Response[ApiResponse[InstrumentsData]]:
    """Stop trading in one instrument. Its orders stay and can be cancelled."""
    return asked.answer(organiser.halt_instrument, instrument_id)


@endpoint(
    "POST",
    "/admin/instruments/{instrument_id:str}/resume",
    _ORGANISER,
    _TAG,
    "Resume instrument",
    refusals=_NO_INSTRUMENT,
    sequenced=True,
)
async def resume_instrument(asked: Asked, instrument_id: InstrumentPath) -> Response[ApiResponse[InstrumentsData]]:
    """Let a halted instrument trade again."""
    return asked.answer(organiser.resume_instrument, instrument_id)


@endpoint(
    "POST",
    "/admin/teams/{team_id:str}/suspend",
    _ORGANISER,
    _TAG,
    "Suspend team",
    refusals=_NO_TEAM,
    sequenced=True,
)
async def suspend_team(asked: Asked, team_id: TeamPath) -> Response[ApiResponse[TeamData]]:
    """Cancel all of a team's orders and refuse its commands until it is reinstated."""
    return asked.answer(organiser.suspend_team, team_id)


@endpoint(
    "POST",
    "/admin/teams/{team_id:str}/reinstate",
    _ORGANISER,
    _TAG,
    "Reinstate team",
    refusals=_NO_TEAM,
    sequenced=True,
)
async def reinstate_team(asked: Asked, team_id: TeamPath) -> Response[ApiResponse[TeamData]]:
    """Let a suspended team trade again."""
    return asked.answer(organiser.reinstate_team, team_id)


@endpoint(
    "POST",
    "/admin/teams/{team_id:str}/rotate-key",
    _ORGANISER,
    _TAG,
    "Rotate team's key",
    refusals=_NO_TEAM,
    sequenced=True,
)
async def rotate_team_key(asked: Asked, team_id: TeamPath) -> Response[ApiResponse[KeyData]]:
    """A new key for a team that lost its own; the old key is no longer valid."""
    return asked.answer(organiser.rotate_team_key, team_id)


@endpoint("GET", "/admin/teams", _ORGANISER, _TAG, "List teams")
async def list_teams(asked: Asked) -> Response[ApiResponse[TeamsData]]:
    """All registered teams."""
    return asked.answer(organiser.list_teams)
