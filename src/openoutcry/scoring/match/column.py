"""An instrument as the ledger has it."""

from msgspec import Struct

from openoutcry.domain.types import InstrumentId, Money


class Column(Struct, frozen=True, kw_only=True):
    number: int
    """Its place in the ledger's arrays."""
    place: int
    """Its place among the listed instruments, as marks name it."""
    instrument_id: InstrumentId
    is_option: bool
    expiry: str | None
    """`YYYYMMDD`, of an option."""
    multiplier: int
    tick_size: Money
    index: str
    """The underlying by whose price it goes."""
    ratio: int
    """What that price is divided by: 1, or 10 for what is on the tracker."""
