"""What a team's protection of its quotes counts, and whether a limit is met. See `domain.quote_protection`.

Moments are microseconds of market time; without a day, of the wall. A window and a freeze end at their moment by
themselves: whoever looks, looks at one.
"""

from typing import Final

from openoutcry.domain.day.quote_protection import NO_PROTECTION, ProtectedLimit, ProtectionSettings
from openoutcry.domain.types import TimestampUs

SECOND_US: Final = 1_000_000


class ProtectedGroup:
    """The options of one underlying: settings, counters of the fills of quotes, freeze.

    `delta` and `vega` are sums over fills of contracts bought less contracts sold, times the mark's delta and vega.
    """

    __slots__ = (
        "delta",
        "frozen_until",
        "is_frozen",
        "is_to_be_judged",
        "quantity",
        "settings",
        "vega",
        "window_ends",
    )

    def __init__(self, settings: ProtectionSettings) -> None:
        self.settings = settings
        self.quantity = 0
        self.delta = 0
        self.vega = 0
        self.window_ends: TimestampUs | None = None
        self.is_frozen = False
        self.frozen_until: TimestampUs | None = None
        """None beside `is_frozen`: until it is reset."""
        self.is_to_be_judged = False
        """Whether fills were counted, and the command or the auction that filled has not ended."""

    def is_counting_at(self, now: TimestampUs) -> bool:
        """Whether the window is open, and the counters say what was filled in it."""
        return self.window_ends is not None and now < self.window_ends

    def is_frozen_at(self, now: TimestampUs) -> bool:
        return self.is_frozen and (self.frozen_until is None or now < self.frozen_until)

    def count(self, now: TimestampUs, bought: int, delta: int, vega: int) -> None:
        """Count one fill. `bought`: contracts, negative if sold; `delta` and `vega` of one of them, by its mark."""
        if not self.is_counting_at(now):
            self.start_anew()
            self.window_ends = TimestampUs(now + self.settings.interval_seconds * SECOND_US)
        self.quantity += abs(bought)
        self.delta += bought * delta
        self.vega += bought * vega

    def limit_met(self, per_index: int) -> tuple[ProtectedLimit, int, int] | None:
        """The first limit that is met: its name, what was measured, and the limit.

        `per_index`: units of the underlying in one of the index. Compared exactly; measured is rounded down.
        """
        settings = self.settings
        if settings.quantity and self.quantity >= settings.quantity:
            return "quantity", self.quantity, settings.quantity
        if settings.delta and abs(self.delta) >= settings.delta * per_index:
            return "delta", abs(self.delta) // per_index, settings.delta
        if settings.vega and abs(self.vega) >= settings.vega:
            return "vega", abs(self.vega), settings.vega
        return None

    def start_anew(self) -> None:
        """Forget what was counted. The next fill opens a window."""
        self.quantity = self.delta = self.vega = 0
        self.window_ends = None

    def freeze(self, now: TimestampUs) -> None:
        seconds = self.settings.frozen_seconds
        self.is_frozen = True
        self.frozen_until = TimestampUs(now + seconds * SECOND_US) if seconds else None
        self.start_anew()

    def reset(self) -> None:
        """End the freeze and forget what was counted."""
        self.is_frozen = False
        self.frozen_until = None
        self.start_anew()


class QuoteProtection:
    """One team's protection: groups by their underlying. A group that is not here yet has the settings `default`."""

    __slots__ = ("default", "groups")

    def __init__(self) -> None:
        self.default: ProtectionSettings = NO_PROTECTION
        self.groups: dict[str, ProtectedGroup] = {}

    def begin_session(self) -> None:
        """Market time of a new session may be any: no window and no freeze goes on in it."""
        for group in self.groups.values():
            group.reset()

    def group(self, underlying: str) -> ProtectedGroup:
        """The group, made at first use."""
        group = self.groups.get(underlying)
        if group is None:
            group = self.groups[underlying] = ProtectedGroup(self.default)
        return group

    def settings_of(self, underlying: str) -> ProtectionSettings:
        group = self.groups.get(underlying)
        return self.default if group is None else group.settings

    def is_frozen_at(self, now: TimestampUs) -> bool:
        """Whether quotes of any group are frozen."""
        return any(group.is_frozen_at(now) for group in self.groups.values())

    @property
    def pulls(self) -> bool:
        """Whether quotes of any group are pulled when their value moves."""
        return bool(self.default.move_ppm) or any(group.settings.move_ppm for group in self.groups.values())
