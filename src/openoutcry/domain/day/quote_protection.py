"""Market-maker protection: what a team asks for, and what of it was met.

Quotes are protected by group: the options of one underlying. Fills of a group's quotes are counted in a window that
opens at the first of them. Once a limit is met, all quotes of the group are cancelled, and new ones are refused.
"""

from typing import Final, Literal

from msgspec import Struct

from openoutcry.domain.types import MONEY_UNITS, TimestampUs

ProtectedLimit = Literal["quantity", "delta", "vega"]

LIMIT_UNITS: Final[dict[ProtectedLimit, int]] = {"quantity": 1, "delta": 1_000_000, "vega": MONEY_UNITS}
"""How many units of the settings make one: contract, contract of the index, unit of currency."""


PPM: Final = 1_000_000
"""Parts of a share."""


class ProtectionSettings(Struct, frozen=True, array_like=True, gc=False):
    """What protects the quotes of one group. A limit of 0 is none."""

    quantity: int = 0
    """Contracts, bought and sold together."""
    delta: int = 0
    """Size of the delta of what was bought and sold, in 1e-6 contracts of the index."""
    vega: int = 0
    """Size of its vega: 1e-4 of the currency per volatility point, per unit of the underlying, times contracts."""
    move_ppm: int = 0
    """A quote is pulled once its theoretical value has moved by more than this share of half its own spread; 0: never.
    """
    interval_seconds: int = 0
    """Market seconds in which fills are counted together, from the first one on. At least 1 beside a limit."""
    frozen_seconds: int = 0
    """Market seconds in which quotes are refused after a limit was met; 0: until the team resets its protection."""

    @property
    def has_limit(self) -> bool:
        return bool(self.quantity or self.delta or self.vega)


NO_PROTECTION: Final = ProtectionSettings()


class ProtectedGroupView(Struct, frozen=True):
    """One group as it stands. Counters and times as in the venue: `window_ends` None: nothing is counted;
    `frozen_until` None beside `is_frozen`: until it is reset.

    `delta` and `vega`: sizes, in the units of the settings. `utc_offset`: seconds, of market time; None: wall time.
    """

    group: str
    settings: ProtectionSettings
    quantity: int
    delta: int
    vega: int
    window_ends: TimestampUs | None
    is_frozen: bool
    frozen_until: TimestampUs | None
    utc_offset: int | None
