"""What a page is told to begin with, by a real exchange amid a day of the default game: taken down once, then kept."""

import asyncio
from pathlib import Path
from typing import Any, Final

import aiohttp
from msgspec import Struct, json

from openoutcry.cli.admin.asking import Organiser
from openoutcry.runtime.data_directory import DataDirectory
from proofs.live_lab.proof import scenario_at
from proofs.server_process import ServerProcess, reserved_port

SPEED: Final = 300
"""At which the call before the opening passes."""
MARKET_SECONDS: Final = 600
"""Of trading, before it is taken down."""
LOOK_SECONDS: Final = 0.1
ORDERS: Final = 12
FILLS: Final = 6
PATHS: Final = (
    *("/market", "/instruments", "/news", "/leaderboard", "/greeks", "/fairness"),
    *("/account", "/account/pnl", "/account/score", "/positions", "/orders", "/fills"),
)
PAGED: Final = ("/underlyings/SPX", "/underlyings/SPY")
CHANNELS: Final = ["top:*", "greeks:*", "book:*", "underlyings"]

Told = dict[str, Any]


class Recorded(Struct, frozen=True):
    """Answers by path; `welcome` to a team with orders and positions; the newest message of each instrument."""

    answers: dict[str, Told]
    welcome: Told
    tops: dict[str, Told]
    greeks: dict[str, Told]
    books: dict[str, Told]
    underlyings: dict[str, Told]


async def record(folder: Path) -> Recorded:
    """Play the morning of a day in the directory `folder`. Raises `ServerFailed`."""
    with (
        reserved_port() as port,
        ServerProcess(scenario_at(SPEED, folder), folder / "data", port, "os", "--seed", "7") as server,
    ):
        server.start()
        await server.is_up()
        organiser = Organiser(server.url, DataDirectory(folder / "data").admin_key)
        async with aiohttp.ClientSession(server.url) as session:
            await asyncio.to_thread(organiser.post, "/admin/session", action="start")
            await _until_traded(session)
            await asyncio.to_thread(organiser.post, "/admin/speed", speed=1)
            team = await _ask(session, "POST", "/teams", json={"team_name": "Floor", "role": "hedge_fund"})
            session.headers["X-API-Key"] = team["data"]["api_key"]
            return await _take_down(session)


async def _until_traded(session: aiohttp.ClientSession) -> None:
    """Wait for a while after the opening."""
    while (await _ask(session, "GET", "/market"))["data"]["phase"] != "continuous":  # noqa: ASYNC110
        await asyncio.sleep(LOOK_SECONDS)
    await asyncio.sleep(MARKET_SECONDS / SPEED)


async def _take_down(session: aiohttp.ClientSession) -> Recorded:
    listed = (await _ask(session, "GET", "/instruments"))["data"]["instruments"]
    options = [each["instrument_id"] for each in listed if each["expiry"] is not None]
    tops: dict[str, Told] = {}
    greeks: dict[str, Told] = {}
    books: dict[str, Told] = {}
    underlyings: dict[str, Told] = {}
    kept = {"top_of_book": tops, "greeks": greeks, "book_snapshot": books}
    async with session.ws_connect("/ws") as stream:
        await stream.send_json({"op": "subscribe", "channels": CHANNELS})
        while len(tops) < len(listed) or len(greeks) < len(options) or len(underlyings) < 2:
            message = await stream.receive_json()
            if message["type"] in kept:
                kept[message["type"]].setdefault(message["instrument_id"], message)
            elif message["type"] == "underlying_price":
                underlyings[message["symbol"]] = message
    for place, option in enumerate(options[:ORDERS]):
        top, takes = tops[option], place < FILLS
        price = top["ask_price" if takes else "bid_price"] or 1.0
        body = {"instrument_id": option, "side": "buy", "quantity": 1, "order_type": "limit", "price": price}
        await session.post("/orders", json=body)
    async with session.ws_connect("/ws") as stream:
        welcome = await stream.receive_json()
    answers = {path: await _ask(session, "GET", path) for path in PATHS}
    answers |= {path: await _ask_all(session, path) for path in PAGED}
    return Recorded(answers, welcome, tops, greeks, books, underlyings)


async def _ask(session: aiohttp.ClientSession, method: str, path: str, **options: Any) -> Told:
    async with session.request(method, path, **options) as answer:
        told: Told = json.decode(await answer.read())
        return told


async def _ask_all(session: aiohttp.ClientSession, path: str) -> Told:
    """The prices of an underlying in one answer, though an exchange gives them in several."""
    whole = page = await _ask(session, "GET", path)
    while page["data"]["omitted"]:
        page = await _ask(session, "GET", path, params={"after": page["data"]["prices"][-1]["market_time"]})
        whole["data"]["prices"] += page["data"]["prices"]
    whole["data"]["omitted"] = 0
    return whole
