"""When the session takes place."""

import datetime as dt
from typing import Annotated

from msgspec import Meta, Struct

from openoutcry.domain.rulebook import OpeningPhase
from openoutcry.scenarios.rules import TextRule, time_zone_problem


class SessionTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the session takes place."""

    date: Annotated[
        dt.date | None, Meta(description="Date of the first session, such as 2024-01-15. Default: today.")
    ] = None
    time_zone: Annotated[str, TextRule(time_zone_problem), Meta(description="IANA time zone of the session date.")] = (
        "America/New_York"
    )
    opening_phase: Annotated[
        OpeningPhase, Meta(description="Phase at the very first start: `continuous` (trading) or `closed`.")
    ] = "continuous"
