"""What a score consists of, by name."""

from typing import Literal

ComponentName = Literal[
    "pnl",
    "edge",
    "coverage",
    "inventory",
    "shift",
    "hedging",
    "convergence",
    "response",
    "duties",
    "sanctions",
    "drawdown",
    "worst_minutes",
]

Section = Literal["role", "compliance", "risk"]
"""Of the points: up to 40, 15 and 15 of them."""
