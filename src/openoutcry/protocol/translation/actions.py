"""An organiser's commands as `GET /admin/actions` shows them."""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from openoutcry.domain import commands
from openoutcry.domain.commands import Command, Why
from openoutcry.domain.identifiers import format_team_id, format_trade_id
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.reasons import Accepted, Reject
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import MONEY_UNITS, TeamId
from openoutcry.protocol.responses import ActionInfo
from openoutcry.protocol.timestamps import format_timestamp
from openoutcry.protocol.translation.errors import error_info

SHOWN: Final[dict[type[Command], tuple[str, ...]]] = {
    commands.SetPhase: ("phase",),
    commands.StartSession: ("date",),
    commands.PlanSession: ("at",),
    commands.SetSpeed: ("speed",),
    commands.EndSession: (),
    commands.HaltInstrument: ("instrument_id",),
    commands.ResumeInstrument: ("instrument_id",),
    commands.ExpireInstrument: ("instrument_id",),
    commands.SettleInstrument: ("instrument_id", "underlying_price"),
    commands.RegisterTeam: ("team_name", "role", "owner"),
    commands.RotateKey: ("team_id",),
    commands.SuspendTeam: ("team_id",),
    commands.ReinstateTeam: ("team_id",),
    commands.BustTrade: ("trade_id",),
    commands.PublishNews: ("headline", "category", "odds"),
    commands.Announce: ("text",),
    commands.Sanction: ("team_id", "level"),
    commands.Pardon: ("team_id",),
    commands.WithdrawCommitment: (),
}
"""The fields of each command that are shown as they are. Hashes of keys and random words are not."""

_PPM_OF_PERCENT: Final = 10_000

InstrumentOf = Callable[[str], Instrument | None]

_WRITTEN: Final[dict[str, Callable[[Any], Any]]] = {
    "team_id": format_team_id,
    "trade_id": format_trade_id,
    "at": format_timestamp,
    "underlying_price": lambda money: money / MONEY_UNITS,
    "speed": lambda thousandths: thousandths / 1_000,
    "odds": msgspec.structs.asdict,
}
"""By the name of a field, how its value is written; others are shown as they are."""


def action_info(sequenced: Sequenced, instrument_of: InstrumentOf) -> ActionInfo:
    """What an organiser did; the command has a `why`."""
    command, verdict = sequenced.command, sequenced.verdict
    why: Why = getattr(command, "why")  # noqa: B009 - most commands have none
    terms = {name: _written(name, getattr(command, name)) for name in SHOWN[type(command)]}
    if isinstance(command, commands.RegisterTeam) and isinstance(verdict, Accepted):
        terms["team_id"] = format_team_id(TeamId(verdict.new_id))
    elif isinstance(command, commands.PublishNews) and command.effect is not None:
        jump_ppm = command.effect.jump_ppm
        terms["regime"] = command.effect.regime
        terms["jump_percent"] = None if jump_ppm is None else jump_ppm / _PPM_OF_PERCENT
    elif isinstance(command, commands.SettleInstrument):
        instrument = instrument_of(command.instrument_id)
        terms["settlement_price"] = None if instrument is None else instrument.price_of(command.settlement_price)
    return ActionInfo(
        sequence=sequenced.sequence,
        timestamp=format_timestamp(sequenced.time),
        action=str(type(command).__struct_config__.tag),
        terms=terms,
        by=why.by,
        reason=why.reason,
        error=error_info(verdict) if isinstance(verdict, Reject) else None,
    )


def _written(name: str, value: Any) -> Any:
    write = _WRITTEN.get(name)
    return value if write is None or value is None else write(value)
