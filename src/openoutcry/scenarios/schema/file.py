"""The scenario file as a whole."""

from typing import Annotated

from msgspec import Meta, Struct

from openoutcry.domain.types import MAX_PRICE
from openoutcry.scenarios.rules import Amount, NumberRange
from openoutcry.scenarios.schema.bounds import Name
from openoutcry.scenarios.schema.duties import ProtectionTable, SanctionsTable
from openoutcry.scenarios.schema.flow import HouseTable, RetailFlowTable
from openoutcry.scenarios.schema.instruments import ChainTable, IndexTable, InstrumentTable, SettlementTable
from openoutcry.scenarios.schema.market import HeadlineTable, SignalsTable, WorldTable
from openoutcry.scenarios.schema.pricing import BandsTable, CashTable, PricingTable
from openoutcry.scenarios.schema.registration import RegistrationTable
from openoutcry.scenarios.schema.roles import RoleTable
from openoutcry.scenarios.schema.scoring import LeaderboardTable, ScoringTable
from openoutcry.scenarios.schema.service import ConnectionsTable, RateLimitsTable
from openoutcry.scenarios.schema.session import BreakerTable, CallsTable, MatchingTable, ScheduleTable, SessionTable
from openoutcry.scenarios.schema.surveillance import SurveillanceTable
from openoutcry.scenarios.schema.trading import HistoryTable, IdsTable, RulesTable


class ScenarioFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A scenario file."""

    name: Name
    title: Annotated[str, Meta(min_length=1, max_length=200, description="One line for people.")]
    session: SessionTable = SessionTable()
    schedule: ScheduleTable | None = None
    registration: RegistrationTable
    rules: RulesTable = RulesTable()
    ids: IdsTable = IdsTable()
    history: HistoryTable = HistoryTable()
    instruments: Annotated[
        list[InstrumentTable],
        Meta(
            min_length=1,
            max_length=1_000,
            description="One table `[[instruments]]` for each instrument. May be left out where there is a `[chain]`.",
        ),
    ] = []
    index: IndexTable = IndexTable()
    chain: ChainTable | None = None
    underlyings: Annotated[
        dict[str, Annotated[Amount, NumberRange(0, MAX_PRICE)]],
        Meta(
            description="Prices of underlyings at the start, in currency: `SPX = 4500`. Without `[pricing]` they stay."
        ),
    ] = {}
    pricing: PricingTable | None = None
    world: WorldTable | None = None
    headlines: Annotated[
        tuple[HeadlineTable, ...] | None,
        Meta(description="One table `[[headlines]]` for each. Default: the about 20 that come with openoutcry."),
    ] = None
    signals: SignalsTable | None = None
    house: HouseTable | None = None
    retail_flow: RetailFlowTable | None = None
    matching: MatchingTable = MatchingTable()
    calls: CallsTable | None = None
    breaker: BreakerTable | None = None
    settlement: SettlementTable | None = None
    bands: BandsTable | None = None
    cash: CashTable | None = None
    sanctions: SanctionsTable | None = None
    protection: ProtectionTable = ProtectionTable()
    scoring: ScoringTable | None = None
    leaderboard: LeaderboardTable | None = None
    surveillance: SurveillanceTable | None = None
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
