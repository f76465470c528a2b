"""Messages that clients send."""

from typing import Annotated

from msgspec import Meta, Struct

from openoutcry.protocol.channels import CHANNELS_OFFERED
from openoutcry.protocol.requests import MAX_TIMER_SECONDS
from openoutcry.protocol.stream.limits import MAX_CHANNEL_LENGTH, MAX_SUBSCRIPTIONS

StreamRequestId = Annotated[str, Meta(max_length=128)]

Channel = Annotated[
    str,
    Meta(
        max_length=MAX_CHANNEL_LENGTH,
        description=f"One of {CHANNELS_OFFERED}.",
        examples=["book:SPX_CALL_4500_20240315"],
    ),
]

Channels = Annotated[list[Channel], Meta(min_length=1, max_length=MAX_SUBSCRIPTIONS)]


class Login(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="op", tag="login"):
    """Make this the team's connection. Answered by `welcome`, then `ack`, then the private stream."""

    api_key: Annotated[str, Meta(max_length=128)]
    after_seq: Annotated[int, Meta(ge=0, le=2**53 - 1)] | None = None
    request_id: StreamRequestId | None = None


class Resume(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="op", tag="resume"):
    """Replay the private stream from `after_seq` + 1, then go live."""

    after_seq: Annotated[int, Meta(ge=0, le=2**53 - 1)]
    request_id: StreamRequestId | None = None


class Subscribe(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="op", tag="subscribe"):
    """Subscribe to public channels: to all of these, or (with an `error`) to none.

    A book begins with a snapshot, also when it is subscribed again.
    """

    channels: Channels
    request_id: StreamRequestId | None = None


class Unsubscribe(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="op", tag="unsubscribe"):
    """Stop reading these channels."""

    channels: Channels
    request_id: StreamRequestId | None = None


class CancelOnDisconnect(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="op", tag="cancel_on_disconnect"):
    """Cancel all of the team's orders `grace_seconds` after this connection is lost; with `enabled` false, do not.

    Enabling it stops the grace of an earlier connection of the team that was lost.
    """

    enabled: bool
    grace_seconds: Annotated[int, Meta(ge=0, le=MAX_TIMER_SECONDS)] = 0
    request_id: StreamRequestId | None = None


class Ping(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="op", tag="ping"):
    """Ask for an `ack`, to check the connection."""

    request_id: StreamRequestId | None = None


ClientMessage = Login | Resume | Subscribe | Unsubscribe | CancelOnDisconnect | Ping
