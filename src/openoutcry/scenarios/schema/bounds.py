"""Names, amounts and durations as several tables of a scenario file have them."""

from typing import Annotated, Final

from msgspec import Meta

from openoutcry.domain.types import MAX_QUANTITY
from openoutcry.scenarios.rules import Amount, DecimalRange, NumberRange

MAX_RATE: Final = 1_000_000
"""Highest rate, and largest burst, of a token bucket; a limit this high is never reached."""

MAX_SECONDS: Final = 86_400
"""Longest duration on market time."""

Name = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9_]{0,31}\Z",
        description="Short name: small letters, digits and `_`, a letter first, 32 characters at most.",
    ),
]
Burst = Annotated[int, Meta(ge=1, le=MAX_RATE)]
PerSecond: Final = NumberRange(0, MAX_RATE)
Seconds = Annotated[int, Meta(ge=1, le=MAX_SECONDS)]
SecondsOrNone = Annotated[int, Meta(ge=0, le=MAX_SECONDS)]
Limit = Annotated[int, Meta(ge=0, le=MAX_QUANTITY)]
Percent = Annotated[Amount, DecimalRange(0, 100)]
Points = Annotated[Amount, DecimalRange(0, 100, decimals=3)]
"""Volatility points: 1 is a hundredth of volatility."""
