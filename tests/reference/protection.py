"""Market-maker protection once more: every fill of a quote is kept, and counted when somebody asks."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from openoutcry.domain.day.quote_protection import ProtectionSettings

SECOND_US = 1_000_000


class QuoteFill(NamedTuple):
    """`bought`: contracts, negative if sold. `delta` and `vega` of one contract, by the mark of that moment."""

    moment: int
    bought: int
    delta: int
    vega: int


@dataclass(eq=False)
class Group:
    """The options on one underlying."""

    settings: ProtectionSettings
    fills: list[QuoteFill] = field(default_factory=list)
    """Since the counters were last set to 0."""
    frozen_until: float = 0
    """Infinite: until a reset."""

    def is_frozen(self, now: int) -> bool:
        return now < self.frozen_until

    def in_window(self, now: int) -> list[QuoteFill]:
        """The fills that count together now: a window opens at the first one outside the window before it."""
        window: list[QuoteFill] = []
        length = self.settings.interval_seconds * SECOND_US
        for fill in self.fills:
            if window and fill.moment >= window[0].moment + length:
                window = []
            window.append(fill)
        return window if window and now < window[0].moment + length else []

    def measured(self, now: int, per_index: int) -> dict[str, Fraction]:
        window = self.in_window(now)
        return {
            "quantity": Fraction(sum(abs(fill.bought) for fill in window)),
            "delta": abs(Fraction(sum(fill.bought * fill.delta for fill in window), per_index)),
            "vega": abs(Fraction(sum(fill.bought * fill.vega for fill in window))),
        }

    def limit_met(self, now: int, per_index: int) -> tuple[str, int, int] | None:
        settings = self.settings
        limits = {"quantity": settings.quantity, "delta": settings.delta, "vega": settings.vega}
        for name, measured in self.measured(now, per_index).items():
            if limits[name] and measured >= limits[name]:
                return name, int(measured), limits[name]
        return None

    def trigger(self, now: int) -> None:
        seconds = self.settings.frozen_seconds
        self.frozen_until = now + seconds * SECOND_US if seconds else float("inf")
        self.fills = []


@dataclass(eq=False)
class Protection:
    default: ProtectionSettings = field(default_factory=ProtectionSettings)
    groups: dict[str, Group] = field(default_factory=dict)

    def group(self, underlying: str) -> Group:
        return self.groups.setdefault(underlying, Group(self.default))

    def set(self, underlying: str | None, settings: ProtectionSettings) -> None:
        """Other settings count from 0; a freeze goes on. None: every group, and those that are not there yet."""
        if underlying is None:
            self.default = settings
        for group in self.groups.values() if underlying is None else [self.group(underlying)]:
            if group.settings != settings:
                group.settings, group.fills = settings, []

    def reset(self, underlying: str | None) -> None:
        for name, group in self.groups.items():
            if underlying in (None, name):
                group.frozen_until, group.fills = 0, []
