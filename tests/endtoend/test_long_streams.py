"""A stream of 200,000 events on a real server, read from its beginning while it grows: whole, and out of the disk."""

import socket
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import msgspec
import pytest
from client_stage import until
from served_exchange import ServedExchange

from openoutcry.client import AsyncClient
from openoutcry.client.events import private_seq

INSTRUMENTS = [f"S{number:02}" for number in range(50)]
EVENTS = 200_000
LATE = EVENTS - 20_000
"""Where a reader begins that has missed the end only."""
MEBIBYTE = 1 << 20
GROWTH = 16 * MEBIBYTE
"""Of a server's memory that reading may cause, whatever is read. The events alone have several times that size."""

SCENARIO = """
name = "many"
title = "Fifty instruments"

[session]
time_zone = "UTC"

[registration]
open = true
roles = ["maker"]
default_role = "maker"

[roles.maker]
maker_fee = 0
taker_fee = 0
option_position_limit = 0
spot_position_limit = 1000000
total_option_exposure = 0
maximum_order_size = 100
maximum_open_orders = 1000
may_quote = true
may_rest_both_sides = true
starting_cash = 0
orders_per_second = 1000000
orders_burst = 1000000

[rate_limits]
reads_per_second = 1000000
reads_burst = 1000000
""" + "".join(f'[[instruments]]\nsymbol = "{symbol}"\n' for symbol in INSTRUMENTS)


def quotes(number):
    """Other prices than those before: each of the 100 orders at work gives way to a new one, which makes 200 events."""
    bid = 100 + number % 2
    terms = {"bid_price": bid, "bid_quantity": 1, "ask_price": bid + 10, "ask_quantity": 1}
    return [{"instrument_id": symbol, **terms} for symbol in INSTRUMENTS]


class Maker:
    """Quotes, and so makes events of its own team's stream."""

    def __init__(self, api):
        self.api = api
        self.quoted = 0
        self.last_seq = 0

    async def quote(self):
        self.quoted += 1
        answer = await self.api.replace_quotes(quotes(self.quoted))
        assert answer.success, answer.error
        self.last_seq = answer.data["as_of_seq"]


def memory_peak(pid):
    """The most that the process has held since it was last forgotten, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def forget_memory_peak(pid):
    Path(f"/proc/{pid}/clear_refs").write_text("5")


@asynccontextmanager
async def line(served, api_key, after_seq):
    """A connection of the team's, without the client's help, that holds little of what nobody reads."""

    def small(address_info):
        family, kind, protocol, *_ = address_info
        connection = socket.socket(family, kind, protocol)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        return connection

    connector = aiohttp.TCPConnector(socket_factory=small)
    async with aiohttp.ClientSession(connector=connector) as session:
        address = f"{served.url}/ws?after_seq={after_seq}"
        async with session.ws_connect(address, headers={"X-API-Key": api_key}) as connection:
            assert msgspec.json.decode(await connection.receive_str())["type"] == "welcome"
            yield connection


async def events(connection, count):
    """The next `count` private events, as they came."""
    texts = []
    while len(texts) < count:
        text = await connection.receive_str(timeout=30)
        if msgspec.json.decode(text)["type"] != "heartbeat":
            texts.append(text)
    return texts


def seqs(texts):
    return [msgspec.json.decode(text)["seq"] for text in texts]


@pytest.mark.alone
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="asks Linux for the server's memory")
async def test_a_stream_of_200_000_events_is_read_from_any_place_while_it_grows_and_out_of_the_disk(tmp_path):
    scenario = tmp_path / "many.toml"
    scenario.write_text(SCENARIO)
    with ServedExchange(tmp_path / "data", scenario=str(scenario)) as served:
        async with await AsyncClient.register(served.url, "maker", timeout_seconds=60.0) as api:
            maker = Maker(api)
            while maker.last_seq < EVENTS:
                await maker.quote()

            forget_memory_peak(served.process.pid)
            before = memory_peak(served.process.pid)
            heard = []
            reader = AsyncClient(served.url, api.api_key)
            reader.on_message(lambda event: heard.append(private_seq(event)) if private_seq(event) else None)
            async with line(served, api.api_key, 0) as stalled, line(served, api.api_key, LATE) as late, reader:
                first = await events(stalled, 100)
                # From now on nobody reads that line, and the server waits for it.
                await reader.connect(after_seq=0)
                for _ in range(10):
                    await maker.quote()
                missed = await events(late, maker.last_seq - LATE)
                await until(lambda: heard and heard[-1] == maker.last_seq)
                rest = await events(stalled, 5_000)
            growth = memory_peak(served.process.pid) - before

            assert heard == list(range(1, maker.last_seq + 1))
            assert seqs(missed) == list(range(LATE + 1, maker.last_seq + 1))
            assert seqs(first + rest) == list(range(1, 5_101))
            assert sum(log.stat().st_size for log in (tmp_path / "data" / "events").iterdir()) > 2 * GROWTH
            assert growth < GROWTH
            api_key = api.api_key
        served.end()

    with ServedExchange(tmp_path / "data", scenario=str(scenario)) as served:
        async with line(served, api_key, 0) as connection:
            assert await events(connection, 5_100) == first + rest
