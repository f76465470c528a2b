"""A bot's questions on their way out of its process. Whatever it has put into one, the exchange gets to judge it."""

from typing import Any, Final

import msgspec

from openoutcry.client.bot.line import (
    Amend,
    Cancel,
    CancelAll,
    Protect,
    Question,
    Quote,
    ResetProtection,
    ShowMarket,
    Submit,
)
from openoutcry.protocol.requests import AmendRequest, OrderRequest, ProtectionRequest, QuoteRequest, QuotesRequest

_decode: Final = msgspec.msgpack.Decoder(Question).decode
_encode: Final = msgspec.msgpack.Encoder(enc_hook=repr).encode


def packed(question: Question) -> msgspec.Raw:
    """What msgpack does not know goes as the text that Python shows of it, and is refused."""
    return msgspec.Raw(_encode(question))


def unpacked(question: msgspec.Raw) -> Question:
    """The question, also one with values that its type does not allow, as a bot in the same process could ask it.

    Raises `msgspec.MsgspecError`, `TypeError`, `KeyError` or `AttributeError` if it is no question of any kind.
    """
    try:
        known: Question = _decode(question)
    except msgspec.ValidationError:
        return _unchecked(msgspec.msgpack.decode(question))
    return known


def _unchecked(fields: dict[str, Any]) -> Question:
    match fields.pop("type"):
        case "Submit":
            return Submit(OrderRequest(**fields["order"]))
        case "Amend":
            return Amend(fields["order_id"], AmendRequest(**fields["terms"]))
        case "Cancel":
            return Cancel(**fields)
        case "CancelAll":
            return CancelAll(**fields)
        case "Quote":
            return Quote(QuotesRequest(quotes=[QuoteRequest(**each) for each in fields["request"]["quotes"]]))
        case "Protect":
            return Protect(ProtectionRequest(**fields["request"]))
        case "ResetProtection":
            return ResetProtection(**fields)
        case "ShowMarket":
            return ShowMarket()
        case kind:
            raise TypeError(f"{kind} is no question")
