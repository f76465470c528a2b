"""The scenario file as a whole."""

from typing import Annotated

from msgspec import Meta, Struct

from openoutcry.domain.types import MAX_PRICE
from openoutcry.scenarios.rules import Amount, NumberRange
from openoutcry.scenarios.schema.bounds import Name
from openoutcry.scenarios.schema.instruments import InstrumentTable
from openoutcry.scenarios.schema.registration import RegistrationTable
from openoutcry.scenarios.schema.roles import RoleTable
from openoutcry.scenarios.schema.service import ConnectionsTable, RateLimitsTable
from openoutcry.scenarios.schema.session import SessionTable
from openoutcry.scenarios.schema.trading import HistoryTable, IdsTable, RulesTable


class ScenarioFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A scenario file."""

    name: Name
    title: Annotated[str, Meta(min_length=1, max_length=200, description="One line for people.")]
    session: SessionTable = SessionTable()
    registration: RegistrationTable
    rules: RulesTable = RulesTable()
    ids: IdsTable = IdsTable()
    history: HistoryTable = HistoryTable()
    instruments: Annotated[
        list[InstrumentTable],
        Meta(min_length=1, max_length=1_000, description="One table `[[instruments]]` for each instrument."),
    ]
    underlyings: Annotated[
        dict[str, Annotated[Amount, NumberRange(0, MAX_PRICE)]],
        Meta(description="Fixed prices of underlyings, in currency: `SPX = 4500`."),
    ] = {}
    roles: Annotated[
        dict[Name, RoleTable],
        Meta(
            min_length=1,
            max_length=50,
            description="One table `[roles.<name>]` for each role of your own, and for each of the game's to change.",
        ),
    ]
    rate_limits: RateLimitsTable = RateLimitsTable()
    connections: ConnectionsTable = ConnectionsTable()
