"""Bots that note what they are told, and the end of one."""

import asyncio

from bot_stage import EXAMPLE
from msgspec import structs

from openoutcry import Bot
from openoutcry.client.bot.line import CancelAll
from openoutcry.protocol.stream import News

NEWS = EXAMPLE[News]


def news(headline):
    return structs.replace(NEWS, headline=headline)


class Noting(Bot):
    """Notes what it is told."""

    def __init__(self):
        self.noted = []


class Waiting(Noting):
    """Its handler of news waits for a second."""

    async def on_news(self, news):
        self.noted.append(news.headline)
        await asyncio.sleep(1)
        self.noted.append(f"after {news.headline}")

    def on_trade(self, trade):
        self.noted.append("trade")

    def on_stop(self):
        self.noted.append("stop")


def end_with_answers(acting):
    """End the bot on a line that answers the cancel of all orders."""
    with acting.line.loop.running():
        task = acting.line.loop.create_task(acting.run.end())
        acting.line.clock.run()
    while CancelAll() in acting.line.asked:
        acting.line.answer(of=acting.line.asked.index(CancelAll()))
    return task
