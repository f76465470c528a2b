"""From when on what teams do is brought before the organiser."""

from msgspec import Struct


class SurveillanceRules(Struct, frozen=True, kw_only=True):
    """Thresholds; what exceeds them is a finding."""
