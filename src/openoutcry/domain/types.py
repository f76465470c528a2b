"""Identifiers, integer units and the named limits that keep every product below 2**62."""

from typing import Final, NewType

TeamId = NewType("TeamId", int)
OrderId = NewType("OrderId", int)
TradeId = NewType("TradeId", int)
NewsId = NewType("NewsId", int)
InstrumentId = NewType("InstrumentId", str)
ClientOrderId = NewType("ClientOrderId", str)

Sequence = NewType("Sequence", int)
"""Place of a command in the one sequence in which the exchange handles everything, from 1."""

TimestampUs = NewType("TimestampUs", int)
"""Microseconds since 1970-01-01 UTC."""

MarketTime = NewType("MarketTime", int)
"""Seconds of market time since 1970-01-01 UTC. It passes as fast as the session says, and only while that runs."""

ConnectionId = NewType("ConnectionId", str)
"""Names one WebSocket connection; never used again."""

Ticks = NewType("Ticks", int)
"""A price as a number of ticks of its instrument."""

Money = NewType("Money", int)
"""An amount of currency in units of 1e-4."""

MONEY_UNITS: Final = 10_000
"""Money units in one unit of currency."""

PPM: Final = 1_000_000
"""Millionths in a whole: the unit of fields that end in `_ppm` or `_micro`, and of deltas."""

MAX_QUANTITY: Final = 1_000_000
MAX_PRICE: Final = 1_000_000
"""Highest price, in currency per unit."""
MAX_MULTIPLIER: Final = 400
assert MAX_PRICE * MONEY_UNITS * MAX_QUANTITY * MAX_MULTIPLIER < 2**62  # noqa: S101 - a fact about constants

MAX_CLIENT_ORDER_IDS: Final = 100_000
"""Client order ids of one team that are remembered at once."""

MAX_QUOTES_PER_REQUEST: Final = 50

MAX_INSTRUMENTS: Final = 10_000
"""Instruments that can be listed in the life of one data directory."""

MAX_TEAMS: Final = 10_000
"""Teams that can register in the life of one data directory."""

BOOK_DEPTH: Final = 20
"""Levels on each side that market data shows and keeps up to date."""
