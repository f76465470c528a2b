"""Why something that a bot asked for was refused."""

from typing import Any

from msgspec import Struct

from openoutcry.client.bot.line import Question
from openoutcry.client.bot.order import Order


class Refusal(Struct, kw_only=True):
    """`code` and `details` are the exchange's; docs/writing-a-bot.md lists the codes.

    `NOT_CONNECTED`: the request never reached the exchange. `OUTCOME_UNKNOWN`: it may have, and its answer is lost; an
    event shows what came of it.
    """

    code: str
    message: str
    details: dict[str, Any] | None
    question: Question
    """What was asked for."""
    order: Order | None = None
    """The order that it is about."""
    instrument_id: str | None = None
    """The instrument of a quote, or of the order."""
