"""What a bot has done, in numbers."""

from collections import Counter

from msgspec import Struct, field


class Counts(Struct):
    messages: int = 0
    asked: int = 0
    fills: int = 0
    contracts: int = 0
    refusals: Counter[str] = field(default_factory=Counter[str])
    """By code."""
    failures: int = 0
    """How often a handler raised."""
    tracebacks: list[str] = []
    """Of the first failures."""
