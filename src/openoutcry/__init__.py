"""Open Outcry: an exchange for trading bots.

`Bot` is the class to derive a bot from; `Order` and `Refusal` are what it is handed. `run` runs one on an exchange.
Messages are those of `openoutcry.client`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openoutcry.client.bot.asking.refusal import Refusal
    from openoutcry.client.bot.bot import Bot
    from openoutcry.client.bot.live.running import run, run_async
    from openoutcry.client.bot.order import Asked, Order

__all__ = ["Asked", "Bot", "Order", "Refusal", "run", "run_async"]

__version__ = "0.1.0"

_FOUND_IN = {
    "Asked": "openoutcry.client.bot.order",
    "Bot": "openoutcry.client.bot.bot",
    "Order": "openoutcry.client.bot.order",
    "Refusal": "openoutcry.client.bot.asking.refusal",
    "run": "openoutcry.client.bot.live.running",
    "run_async": "openoutcry.client.bot.live.running",
}


def __getattr__(name: str) -> Any:
    """What bots are made of is imported when it is asked for: a server needs none of it."""
    if name not in _FOUND_IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - only bots need it

    return getattr(import_module(_FOUND_IN[name]), name)
