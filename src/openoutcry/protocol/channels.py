"""Names of public channels: `book:<instrument>`, `book:*`, `top:...`, `trades:...`, `auction:...`, `greeks:...`,
`market`, `underlyings`, `leaderboard`.
"""

from typing import Final, Literal, get_args

from msgspec import Struct

from openoutcry.domain.types import InstrumentId

InstrumentChannelKind = Literal["book", "top", "trades", "auction", "greeks"]
"""Channels that exist once per instrument."""

INSTRUMENT_CHANNEL_KINDS: Final[tuple[InstrumentChannelKind, ...]] = get_args(InstrumentChannelKind)

SingleChannelKind = Literal["market", "underlyings", "leaderboard"]
"""Channels of which there is one."""

SINGLE_CHANNEL_KINDS: Final[tuple[SingleChannelKind, ...]] = get_args(SingleChannelKind)

ChannelKind = InstrumentChannelKind | SingleChannelKind
CHANNEL_KINDS: Final[tuple[ChannelKind, ...]] = (*INSTRUMENT_CHANNEL_KINDS, *SINGLE_CHANNEL_KINDS)
EVERY_INSTRUMENT: Final = "*"

CHANNELS_OFFERED: Final = ", ".join(
    (*(f"{kind}:<instrument or {EVERY_INSTRUMENT}>" for kind in INSTRUMENT_CHANNEL_KINDS), *SINGLE_CHANNEL_KINDS)
)


class ChannelName(Struct, frozen=True, gc=False):
    """A channel taken apart. `instrument_id` None: every instrument, or a channel of which there is one."""

    kind: ChannelKind
    instrument_id: InstrumentId | None = None


def parse_channel(text: str) -> ChannelName | None:
    """The channel that `text` names; None if there is no such kind of channel."""
    for single in SINGLE_CHANNEL_KINDS:
        if text == single:
            return ChannelName(single)
    kind, separator, instrument_id = text.partition(":")
    for known in INSTRUMENT_CHANNEL_KINDS:
        if kind == known and separator and instrument_id:
            return ChannelName(known, None if instrument_id == EVERY_INSTRUMENT else InstrumentId(instrument_id))
    return None
