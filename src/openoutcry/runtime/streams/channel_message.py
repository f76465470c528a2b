"""A message of a public channel, encoded once for all of its readers."""

from msgspec import Struct

from openoutcry.protocol.channels import ChannelName


class ChannelMessage(Struct, frozen=True, gc=False):
    channel: ChannelName
    data: bytes
