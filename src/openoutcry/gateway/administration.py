"""The organiser's commands: phases, halts, suspensions, keys. They are sequenced and journaled like any other."""

from collections.abc import Callable
from typing import Final, TypeVar, get_args

import structlog

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
from openoutcry.domain.reasons import Reject
from openoutcry.domain.rulebook import Phase
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import InstrumentId
from openoutcry.gateway.http.answer import Answer
from openoutcry.gateway.http.answers import succeed
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.gateway.market_data import instrument_data, market_data
from openoutcry.gateway.sequencing import accepted, perform, rejected
from openoutcry.gateway.teams import find_team, rotate_key
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

PHASES: Final[tuple[Phase, ...]] = get_args(Phase)


def set_phase(exchange: Exchange, receipt: Receipt, request: PhaseRequest) -> Answer[MarketData]:
    phase = next((phase for phase in PHASES if phase == request.phase), None)
    if phase is None:
        raise malformed(
            "phase",
            f"phase must be {' or '.join(PHASES)}, not {request.phase!r}",
            allowed=list(PHASES),
        )
    return _carry_out(
        exchange,
        receipt,
        SetPhase(phase),
        lambda sequenced: market_data(exchange, sequenced.time),
        "phase set",
        phase=phase,
    )


def halt_instrument(exchange: Exchange, receipt: Receipt, instrument_id: str) -> Answer[InstrumentsData]:
    """Stop trading in one instrument; halting it twice changes nothing."""
    command = HaltInstrument(InstrumentId(instrument_id))
    return _carry_out(
        exchange,
        receipt,
        command,
        lambda _: instrument_data(exchange, instrument_id),
        "instrument halted",
        instrument_id=instrument_id,
    )


def resume_instrument(exchange: Exchange, receipt: Receipt, instrument_id: str) -> Answer[InstrumentsData]:
    command = ResumeInstrument(InstrumentId(instrument_id))
    return _carry_out(
        exchange,
        receipt,
        command,
        lambda _: instrument_data(exchange, instrument_id),
        "instrument resumed",
        instrument_id=instrument_id,
    )


def suspend_team(exchange: Exchange, receipt: Receipt, team_id: str) -> Answer[TeamData]:
    """Cancel all of a team's orders and refuse its commands until it is reinstated."""
    command = SuspendTeam(parse_team_id(team_id))
    return _carry_out(
        exchange, receipt, command, lambda _: _team_data(exchange, team_id), "team suspended", team_id=team_id
    )


def reinstate_team(exchange: Exchange, receipt: Receipt, team_id: str) -> Answer[TeamData]:
    command = ReinstateTeam(parse_team_id(team_id))
    return _carry_out(
        exchange, receipt, command, lambda _: _team_data(exchange, team_id), "team reinstated", team_id=team_id
    )


def rotate_team_key(exchange: Exchange, receipt: Receipt, team_id: str) -> Answer[KeyData]:
    """A new key for a team that lost its own; the old one dies."""
    return rotate_key(exchange, receipt, find_team(exchange, team_id).team_id)


def list_teams(exchange: Exchange, receipt: Receipt) -> Answer[TeamsData]:
    teams = exchange.sequencer.queries.teams()
    data = TeamsData([exchange.translator.team_info(team) for team in teams])
    return succeed(receipt, exchange.clock.now(), data)


def _carry_out(
    exchange: Exchange,
    receipt: Receipt,
    command: Command,
    show: Callable[[Sequenced], T],
    happened: str,
    **to_what: str,
) -> Answer[T]:
    """Perform `command`; the answer shows what it left behind, the log tells what `happened`."""
    sequenced, _ = perform(exchange, command)
    if isinstance(sequenced.verdict, Reject):
        return rejected(receipt, sequenced, sequenced.verdict)
    _log.info(happened, **to_what)
    return accepted(receipt, sequenced, show(sequenced))


def _team_data(exchange: Exchange, team_id: str) -> TeamData:
    return TeamData(exchange.translator.team_info(find_team(exchange, team_id)))
