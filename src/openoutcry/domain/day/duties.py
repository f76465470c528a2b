"""Words of duties and sanctions, and the units in which they are told."""

from typing import Final, Literal

Duty = Literal["quote_coverage", "portfolio_delta", "spx_spy_balance"]

DutyState = Literal["met", "breached", "exempt"]
"""As of the last market second that was looked at. `exempt`: that second does not count."""

REDUCE_ONLY_LEVEL: Final = 3
"""The highest level of sanctions: 0 none, 1 warned, 2 points off, 3 reduce-only."""

DUTY_UNITS: Final = 1_000_000
"""Measures and what is required: a share, or contracts of the index, in 1e-6."""
