"""A loss of power while the disk has stalled, so that the lost part is known: what each durability promises."""

import asyncio
from contextlib import asynccontextmanager

import aiohttp
import msgspec
import pytest
from client_stage import CALL, PATIENCE_SECONDS, until

from openoutcry.bootstrap.server import IDS_SKIPPED
from openoutcry.client import AsyncClient, RetryPolicy
from openoutcry.domain.identifiers import parse_order_id
from proofs.server_process import ServerProcess, reserved_port
from proofs.torture.campaign import SCENARIO
from proofs.torture.power import Power, watched
from proofs.torture.watched_server import stalled

BUY = {"instrument_id": CALL, "side": "buy", "quantity": 1, "price": 40.0}
PATIENT = RetryPolicy(attempts=1_000)


class Machine:
    """A server, its disk, which can be made to stall, and the power, which can be lost."""

    def __init__(self, directory, server):
        ledger = directory / "ledger"
        self.server = server
        self._stalled = stalled(ledger)
        self._power = Power(directory / "data", ledger)

    async def start(self):
        self.server.start()
        await self.server.is_up()

    def stall_disk(self):
        self._stalled.touch()

    async def lose_power_and_start(self):
        self.server.lose_machine()
        self._power.lose()
        self._stalled.unlink(missing_ok=True)
        await self.start()


@pytest.fixture
def machine(tmp_path):
    @asynccontextmanager
    async def machine(durability):
        launcher = watched(tmp_path / "ledger")
        with (
            reserved_port() as port,
            ServerProcess(SCENARIO, tmp_path / "data", port, durability, launcher=launcher) as server,
        ):
            machine = Machine(tmp_path, server)
            await machine.start()
            yield machine

    return machine


async def until_journal_lags(api, commands):
    """Ask until so many commands wait for the disk."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await api.get_health()).data["journal_lag_commands"] != commands:
            pass


async def test_by_default_a_bot_that_lost_events_is_told_and_goes_on(machine):
    async with machine("os") as there:
        url = there.server.url
        async with await AsyncClient.register(url, "bot", retry=PATIENT) as api:
            acks, resets, welcomes = [], [], []
            api.on_new_order_ack(acks.append)
            api.on_stream_reset(resets.append)
            api.on_welcome(welcomes.append)
            await api.connect()
            kept = await api.submit_order(BUY, client_order_id="kept")
            await until_journal_lags(api, 0)
            there.stall_disk()
            lost = [await api.submit_order(BUY, client_order_id=f"lost-{number}") for number in range(1, 6)]
            assert all(answer.success for answer in lost)
            await until(lambda: len(acks) == 6)
            await there.lose_power_and_start()

            # The events that were lost are taken back in as many words, and the bot stands where the exchange stands.
            await until(lambda: resets)
            assert (resets[0].after_seq, resets[0].welcome.next_seq) == (6, 2)
            assert welcomes[-1].epoch == welcomes[0].epoch + 1
            assert [order.order_id for order in resets[0].welcome.orders] == [kept.order_id]
            assert {order.client_order_id for order in api.orders.open_orders()} == {"kept"}
            # It goes on: the same client order id is a new order, whose id was never given to anybody.
            again = await api.submit_order(BUY, client_order_id="lost-1")
            await until(lambda: len(acks) == 7)
            assert (acks[-1].seq, acks[-1].order_id) == (2, again.order_id)
            assert parse_order_id(again.order_id) > parse_order_id(lost[-1].order_id) + IDS_SKIPPED // 2
            assert len(resets) == 1


async def test_by_default_a_resume_beyond_the_end_says_so(machine):
    async with machine("os") as there:
        url = there.server.url
        async with await AsyncClient.register(url, "bot") as api:
            await until_journal_lags(api, 0)
            there.stall_disk()
            for _ in range(3):
                assert (await api.submit_order(BUY)).success
            await there.lose_power_and_start()

            async with aiohttp.ClientSession() as session:
                address, headers = f"{url}/ws?after_seq=3", {"X-API-Key": api.api_key}
                async with session.ws_connect(address, headers=headers) as connection:
                    welcome, error = [msgspec.json.decode(await connection.receive_str()) for _ in range(2)]
            assert (welcome["type"], welcome["next_seq"], welcome["epoch"]) == ("welcome", 1, 2)
            assert (error["type"], error["code"]) == ("error", "RESUME_AHEAD")


async def test_by_default_a_bot_that_lost_nothing_sees_only_the_new_epoch(machine):
    async with machine("os") as there:
        url = there.server.url
        async with (
            await AsyncClient.register(url, "bystander") as bystander,
            await AsyncClient.register(url, "bot") as bot,
        ):
            heard = []
            bystander.on_message(heard.append)
            await bystander.connect()
            assert (await bystander.submit_order(BUY)).success
            await until(lambda: bystander.last_seq == 1)
            await until_journal_lags(bystander, 0)
            there.stall_disk()
            assert (await bot.submit_order(BUY)).success
            await there.lose_power_and_start()
            await until(lambda: heard[-1].type == "welcome" and len(heard) > 3)

            assert [event.type for event in heard] == ["welcome", "new_order_ack", "disconnected", "welcome"]
            assert heard[-1].epoch == heard[0].epoch + 1


async def test_on_disk_durability_what_the_disk_never_took_was_never_told(machine):
    async with machine("disk") as there:
        url = there.server.url
        async with await AsyncClient.register(url, "bot", retry=PATIENT) as api:
            heard = []
            api.on_message(heard.append)
            await api.connect()
            there.stall_disk()
            submitting = asyncio.ensure_future(api.submit_order(BUY))
            await until_journal_lags(api, 1)
            assert not submitting.done()
            assert [event.type for event in heard] == ["welcome"]
            await there.lose_power_and_start()

            # The client asks again by itself; the order is in the book once, and its one event comes once.
            answer = await submitting
            assert (answer.success, answer.attempts > 1) == (True, True)
            await until(lambda: heard[-1].type == "new_order_ack")
            assert [event.type for event in heard] == ["welcome", "disconnected", "welcome", "new_order_ack"]
            assert heard[-1].order_id == answer.order_id
            orders = (await api.get_open_orders()).data["orders"]
            assert [order["order_id"] for order in orders] == [answer.order_id]
