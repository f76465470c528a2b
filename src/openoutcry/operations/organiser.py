"""The organiser's commands: phases, halts, suspensions, keys. They are sequenced and journaled like any other."""

from collections.abc import Callable
from typing import Final, TypeVar, get_args

import structlog

from openoutcry.access.caller import Caller
from openoutcry.access.refusals import malformed
from openoutcry.domain.commands import (
    Command,
    HaltInstrument,
    ReinstateTeam,
    ResumeInstrument,
    SetPhase,
    SuspendTeam,
)
from openoutcry.domain.identifiers import parse_team_id
from openoutcry.domain.phases import Phase
from openoutcry.domain.reasons import Reject
from openoutcry.domain.rulebook import OpeningPhase
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import InstrumentId
from openoutcry.operations.commands import accepted, perform, rejected
from openoutcry.operations.market import instrument_data, market_data
from openoutcry.operations.result import Result
from openoutcry.operations.teams import find_team, rotate_key
from openoutcry.protocol.requests import PhaseRequest
from openoutcry.protocol.responses import (
    InstrumentsData,
    KeyData,
    MarketData,
    TeamData,
    TeamsData,
)
from openoutcry.runtime.exchange import Exchange

T = TypeVar("T")

_log: Final = structlog.get_logger()

PHASES: Final[tuple[Phase, ...]] = get_args(OpeningPhase)


def set_phase(exchange: Exchange, _caller: Caller, request: PhaseRequest) -> Result[MarketData]:
    phase = next((phase for phase in PHASES if phase == request.phase), None)
    if phase is None:
        raise malformed(
            "phase",
            f"phase must be {' or '.join(PHASES)}, not {request.phase!r}",
            allowed=list(PHASES),
        )
    return _carry_out(
        exchange,
        SetPhase(phase),
        lambda sequenced: market_data(exchange, sequenced.time),
        "phase set",
        phase=phase,
    )


def halt_instrument(exchange: Exchange, _caller: Caller, instrument_id: str) -> Result[InstrumentsData]:
    """Stop trading in one instrument; halting it twice changes nothing."""
    command = HaltInstrument(InstrumentId(instrument_id))
    return _carry_out(
        exchange,
        command,
        lambda _: instrument_data(exchange, instrument_id),
        "instrument halted",
        instrument_id=instrument_id,
    )


def resume_instrument(exchange: Exchange, _caller: Caller, instrument_id: str) -> Result[InstrumentsData]:
    command = ResumeInstrument(InstrumentId(instrument_id))
    return _carry_out(
        exchange,
        command,
        lambda _: instrument_data(exchange, instrument_id),
        "instrument resumed",
        instrument_id=instrument_id,
    )


def suspend_team(exchange: Exchange, _caller: Caller, team_id: str) -> Result[TeamData]:
    """Cancel all of a team's orders and refuse its commands until it is reinstated."""
    command = SuspendTeam(parse_team_id(team_id))
    return _carry_out(exchange, command, lambda _: _team_data(exchange, team_id), "team suspended", team_id=team_id)


def reinstate_team(exchange: Exchange, _caller: Caller, team_id: str) -> Result[TeamData]:
    command = ReinstateTeam(parse_team_id(team_id))
    return _carry_out(exchange, command, lambda _: _team_data(exchange, team_id), "team reinstated", team_id=team_id)


def rotate_team_key(exchange: Exchange, _caller: Caller, team_id: str) -> Result[KeyData]:
    """A new key for a team that lost its own; the old one stops working."""
    return rotate_key(exchange, find_team(exchange, team_id).team_id)


def list_teams(exchange: Exchange, _caller: Caller) -> Result[TeamsData]:
    teams = exchange.sequencer.queries.teams()
    data = TeamsData([exchange.translator.team_info(team) for team in teams])
    return Result(exchange.clock.now(), data)


def _carry_out(
    exchange: Exchange,
    command: Command,
    show: Callable[[Sequenced], T],
    happened: str,
    **to_what: str,
) -> Result[T]:
    """Perform `command`; the result shows the state after it, and the log gets `happened`."""
    sequenced, _ = perform(exchange, command)
    if isinstance(sequenced.verdict, Reject):
        return rejected(sequenced, sequenced.verdict)
    _log.info(happened, **to_what)
    return accepted(sequenced, show(sequenced))


def _team_data(exchange: Exchange, team_id: str) -> TeamData:
    return TeamData(exchange.translator.team_info(find_team(exchange, team_id)))
