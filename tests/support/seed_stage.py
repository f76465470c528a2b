"""A bot as the document has it, on plain HTTP and a plain WebSocket: what it reads is what the wire carried."""

import asyncio
import json
from contextlib import asynccontextmanager

import aiohttp

CALL = "SPX_CALL_4500_20240315"
PUT = "SPX_PUT_4500_20240315"
ANSWER_SECONDS = 30


class Bot:
    """One team, or with no key nobody."""

    def __init__(self, session, address, api_key=None, socket=None):
        self._session = session
        self._address = address
        self._headers = {} if api_key is None else {"X-API-Key": api_key}
        self._socket = socket

    async def request(self, method, path, body=None):
        """The status and the JSON of the answer."""
        call = self._session.request(method, self._address + path, json=body, headers=self._headers)
        async with call as answer:
            return answer.status, await answer.json()

    async def submit_order(self, order):
        _, answer = await self.request("POST", "/orders", order)
        return answer

    async def accepted(self, side, quantity, price, instrument_id=CALL):
        """The id of an order that must be accepted."""
        order = {"instrument_id": instrument_id, "side": side, "quantity": quantity, "price": price}
        answer = await self.submit_order(order)
        assert answer["success"], answer
        return answer["order_id"]

    async def get(self, path):
        _, answer = await self.request("GET", path)
        return answer

    @asynccontextmanager
    async def connected(self, query=""):
        """This bot with its WebSocket open, `welcome` read."""
        url = f"{self._address}/ws{query}"
        async with self._session.ws_connect(url, headers=self._headers) as socket:
            bot = Bot(self._session, self._address, self._headers.get("X-API-Key"), socket)
            assert (await bot.event())["type"] == "welcome"
            yield bot

    async def subscribe(self, *channels):
        """Subscribe, and read until the exchange has said yes and shown every book asked for."""
        await self._socket.send_json({"op": "subscribe", "channels": channels})
        books = sum(channel.startswith("book:") for channel in channels)
        messages = [await self.event() for _ in range(1 + books)]
        assert [message["type"] for message in messages] == ["ack"] + ["book_snapshot"] * books, messages

    async def event(self):
        """The next message on the WebSocket."""
        async with asyncio.timeout(ANSWER_SECONDS):
            return json.loads(await self._socket.receive_str())

    async def events(self, count):
        return [await self.event() for _ in range(count)]


class Floor:
    """Bots of one exchange, each registered under a name of its own."""

    def __init__(self, session, address):
        self._session = session
        self.address = address

    async def register(self, team_name, role="retail"):
        nobody = Bot(self._session, self.address)
        status, answer = await nobody.request("POST", "/teams", {"team_name": team_name, "role": role})
        assert status == 200, answer
        return Bot(self._session, self.address, answer["data"]["api_key"])

    def anonymous(self):
        return Bot(self._session, self.address)


@asynccontextmanager
async def open_floor(address):
    async with aiohttp.ClientSession() as session:
        yield Floor(session, address)
