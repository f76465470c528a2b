"""A bot through a session: phases, market time, what is listed while it is away, and the end of the day."""

import asyncio

import pytest
from client_stage import until
from day_stage import DAY
from flaky_proxy import FlakyProxy
from served_exchange import ServedExchange

from openoutcry import Bot
from openoutcry.client import Disconnected, SessionStatus, Welcome

HOURS = "call = 09:00:00\nopening = 09:10:00\nclose = 09:40:00"


class Watching(Bot):
    def __init__(self) -> None:
        self.phases: list[str] = []
        self.losses = self.welcomes = self.rings = 0

    def on_start(self) -> None:
        self.every(60)

    def on_timer(self) -> None:
        self.rings += 1

    def on_session_status(self, status: SessionStatus) -> None:
        if not self.phases or self.phases[-1] != status.phase:
            self.phases.append(status.phase)

    def on_disconnected(self, disconnected: Disconnected) -> None:
        self.losses += 1

    def on_welcome(self, welcome: Welcome) -> None:
        self.welcomes += 1


@pytest.fixture(scope="module")
def exchange(tmp_path_factory):
    """One whose session is started by hand, and lasts about three seconds."""
    folder = tmp_path_factory.mktemp("day")
    scenario = folder / "day.toml"
    scenario.write_text(DAY.format(date="2024-03-14", speed=1000, schedule=HOURS, more=""), encoding="utf-8")
    with ServedExchange(folder / "data", scenario=str(scenario)) as served:
        yield served


async def test_a_bot_lives_through_a_session_and_ends_with_it(living, exchange):
    organiser = {"X-Admin-Key": (exchange.data / "admin.key").read_text().strip()}
    bot = Watching()
    with FlakyProxy(exchange.url) as proxy:
        async with living(bot, proxy.url, until_close=True) as life:
            assert (bot.phase, bot.market_time, bot.instruments) == ("closed", None, {})
            proxy.refuse_connections()
            await until(lambda: bot.losses == 1)
            await asyncio.to_thread(exchange.ask, "POST", "/admin/session", {"action": "start"}, **organiser)
            proxy.listen()
            await until(lambda: bot.welcomes == 2 and bot.instruments)
            assert {info.underlying for info in bot.instruments.values()} >= {"SPX"}
            await life.task
    assert life.ended == "the session has ended"
    assert bot.phases[-2:] == ["continuous", "closed"]
    assert bot.market_time is not None
    assert 0 < bot.rings <= 40
