"""The session: the organiser moves it from phase to phase."""

from typing import Final, get_args

from openoutcry.access.caller import Caller
from openoutcry.access.refusals import malformed
from openoutcry.domain.commands import SetPhase
from openoutcry.domain.phases import Phase
from openoutcry.domain.rulebook import OpeningPhase
from openoutcry.operations.market import market_data
from openoutcry.operations.organiser.acting import carry_out, why
from openoutcry.operations.result import Result
from openoutcry.protocol.requests import PhaseRequest
from openoutcry.protocol.responses import MarketData
from openoutcry.runtime.exchange import Exchange

PHASES: Final[tuple[Phase, ...]] = get_args(OpeningPhase)


def set_phase(exchange: Exchange, caller: Caller, request: PhaseRequest) -> Result[MarketData]:
    phase = next((phase for phase in PHASES if phase == request.phase), None)
    if phase is None:
        raise malformed(
            "phase",
            f"phase must be {' or '.join(PHASES)}, not {request.phase!r}",
            allowed=list(PHASES),
        )
    return carry_out(
        exchange,
        SetPhase(phase, why(caller, request)),
        lambda sequenced: market_data(exchange, sequenced.time),
        "phase set",
        phase=phase,
    )
