"""Bots on a real exchange, each in a life that a test can look into."""

import asyncio
import logging
from contextlib import asynccontextmanager

import pytest
from client_stage import until

from openoutcry.client.bot.live.joining import Team, join
from openoutcry.client.bot.live.life import Life
from openoutcry.client.bot.live.running import chance


@pytest.fixture
def living(exchange, tmp_path, team_name):
    """`async with living(bot, url) as life`: the bot has begun; at the end of the block it is stopped and has ended."""

    @asynccontextmanager
    async def living(bot, url=None, *, name=None, **options):
        name = name or team_name()
        team = Team(name=name, role=bot.role, key_file=tmp_path / f"{name}.key")
        client = await join(url or exchange.url, team)
        try:
            life = Life(bot, client, chance(), logging.getLogger("openoutcry.bot"))
            task = asyncio.create_task(life.live(**options))
            await until(lambda: life.run.is_running or task.done())
            life.task, life.client = task, client
            try:
                yield life
            finally:
                life.stop("the test is over")
                life.ended = await task
        finally:
            await client.close()

    return living
