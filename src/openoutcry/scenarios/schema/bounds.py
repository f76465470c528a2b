"""Names and rates as several tables of a scenario file have them."""

from typing import Annotated, Final

from msgspec import Meta

from openoutcry.scenarios.rules import NumberRange

MAX_RATE: Final = 1_000_000
"""Highest rate, and largest burst, of a token bucket; a limit this high is never reached."""

Name = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9_]{0,31}\Z",
        description="Short name: small letters, digits and `_`, a letter first, 32 characters at most.",
    ),
]
Burst = Annotated[int, Meta(ge=1, le=MAX_RATE)]
PerSecond: Final = NumberRange(0, MAX_RATE)
