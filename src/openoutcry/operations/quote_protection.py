"""Market-maker protection: a team's settings, what is counted, and the end of a freeze."""

from openoutcry.access.caller import Caller
from openoutcry.domain.commands import ResetQuoteProtection, SetQuoteProtection
from openoutcry.domain.day.quote_protection import LIMIT_UNITS, PPM, ProtectionSettings
from openoutcry.domain.reasons import Reject
from openoutcry.operations.commands import accepted, change, rejected
from openoutcry.operations.result import Result
from openoutcry.protocol.requests import ProtectionRequest, ProtectionResetRequest
from openoutcry.protocol.responses import ProtectionData
from openoutcry.runtime.exchange import Exchange


def set_protection(exchange: Exchange, caller: Caller, request: ProtectionRequest) -> Result[ProtectionData]:
    """Protect quotes by these settings in place of those before; says how every group then stands."""
    command = SetQuoteProtection(caller.team_id, request.group, _settings(request))
    sequenced, _ = change(exchange, command)
    if isinstance(sequenced.verdict, Reject):
        return rejected(sequenced, sequenced.verdict)
    return accepted(sequenced, _data(exchange, caller))


def show_protection(exchange: Exchange, caller: Caller) -> Result[ProtectionData]:
    """How every group's quotes are protected, and what is counted now."""
    return Result(exchange.clock.now(), _data(exchange, caller))


def reset_protection(exchange: Exchange, caller: Caller, request: ProtectionResetRequest) -> Result[ProtectionData]:
    """End a freeze, and set counters to 0; says how every group then stands."""
    sequenced, _ = change(exchange, ResetQuoteProtection(caller.team_id, request.group))
    if isinstance(sequenced.verdict, Reject):
        return rejected(sequenced, sequenced.verdict)
    return accepted(sequenced, _data(exchange, caller))


def _data(exchange: Exchange, caller: Caller) -> ProtectionData:
    queries = exchange.sequencer.queries
    groups = queries.quote_protection(caller.team_id, exchange.clock.now())
    infos = [exchange.translator.protected_group_info(group) for group in groups]
    return ProtectionData(infos, queries.last_seq(caller.team_id))


def _settings(request: ProtectionRequest) -> ProtectionSettings:
    """In the venue's units. What is not 0 does not become 0 by rounding."""
    return ProtectionSettings(
        quantity=request.quantity or 0,
        delta=_in_units(LIMIT_UNITS["delta"], request.delta),
        vega=_in_units(LIMIT_UNITS["vega"], request.vega),
        move_ppm=_in_units(PPM, request.move),
        interval_seconds=request.interval_seconds or 0,
        frozen_seconds=request.frozen_seconds or 0,
    )


def _in_units(unit: int, value: float | None) -> int:
    return max(1, round(value * unit)) if value else 0
