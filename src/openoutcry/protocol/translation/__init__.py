"""From the exchange's integers to the wire's messages. Here, and only here, ticks and money become floats."""

from openoutcry.protocol.timestamps import format_timestamp
from openoutcry.protocol.translation.events import EventTranslator
from openoutcry.protocol.translation.views import ViewTranslator

__all__ = ["Translator", "format_timestamp"]


class Translator(EventTranslator, ViewTranslator):
    """Writes events and views as wire messages; knows the price grid of every instrument."""
