"""A handler of a live bot that does not return is named, with its line, while it does not."""

import logging
import threading

from client_stage import until

from openoutcry import Bot
from openoutcry.client import UnderlyingPrice


class Blocking(Bot):
    role = "hedge_fund"

    def __init__(self) -> None:
        self.is_named = threading.Event()
        self.has_returned = False

    def on_timer(self) -> None:
        self.is_named.wait(60)
        self.has_returned = True

    def on_underlying_price(self, _price: UnderlyingPrice) -> None:
        """Returns at once."""


class Told(logging.Handler):
    def __init__(self, told):
        super().__init__()
        self.told = told

    def emit(self, record):
        self.told(record.getMessage())


async def test_a_handler_that_does_not_return_is_named_with_its_line(living):
    bot, told = Blocking(), []
    handler = Told(lambda text: (told.append(text), bot.is_named.set()))
    log = logging.getLogger("openoutcry.bot")
    log.addHandler(handler)
    try:
        async with living(bot, handler_seconds=0.3):
            bot.every(0.1)
            await until(lambda: bot.has_returned)
    finally:
        log.removeHandler(handler)
    assert told[0].startswith("on_timer has not returned for 0.3 seconds: at ")
    assert "test_handlers_watched.py:20, in on_timer: self.is_named.wait(60)" in told[0]
    assert told[0].endswith("; until it does, the bot is told nothing else")
