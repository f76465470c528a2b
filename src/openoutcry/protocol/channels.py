"""Names of public channels: `book:<instrument>`, `book:*`, `top:...`, `trades:...`, `auction:...`, `market`."""

from typing import Final, Literal, get_args

from msgspec import Struct

from openoutcry.domain.types import InstrumentId

InstrumentChannelKind = Literal["book", "top", "trades", "auction"]
"""Channels that exist once per instrument."""

INSTRUMENT_CHANNEL_KINDS: Final[tuple[InstrumentChannelKind, ...]] = get_args(InstrumentChannelKind)
MARKET: Final = "market"

ChannelKind = InstrumentChannelKind | Literal["market"]
CHANNEL_KINDS: Final[tuple[ChannelKind, ...]] = (*INSTRUMENT_CHANNEL_KINDS, MARKET)
EVERY_INSTRUMENT: Final = "*"

CHANNELS_OFFERED: Final = (
    "book:<instrument or *>, top:<instrument or *>, trades:<instrument or *>, auction:<instrument or *>, market"
)


class ChannelName(Struct, frozen=True, gc=False):
    """A channel taken apart. `instrument_id` None: every instrument, or the market as a whole."""

    kind: ChannelKind
    instrument_id: InstrumentId | None = None


def parse_channel(text: str) -> ChannelName | None:
    """The channel that `text` names; None if there is no such kind of channel."""
    if text == MARKET:
        return ChannelName("market")
    kind, separator, instrument_id = text.partition(":")
    for known in INSTRUMENT_CHANNEL_KINDS:
        if kind == known and separator and instrument_id:
            return ChannelName(known, None if instrument_id == EVERY_INSTRUMENT else InstrumentId(instrument_id))
    return None
