"""The last queries, made at rest: each team's whole stream and all queries about itself."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final, NamedTuple

import msgspec

from openoutcry.client import AsyncClient, Response
from openoutcry.client.settings import ClientSettings
from openoutcry.client.stream.connection import ConnectionEnded
from openoutcry.domain.rulebook import HOUSE_ROLE
from openoutcry.protocol.stream import PrivateMessage, ServerMessage
from proofs.chaos.machine.server import ORGANISER, Server
from proofs.chaos.network.http_lane import SimulatedTransport
from proofs.chaos.network.stream_lane import StreamLines
from proofs.chaos.network.wires import Network
from proofs.chaos.parties.bot import ADDRESS, Bot
from proofs.chaos.parties.observer import Observer
from proofs.chaos.world import World

PAGE: Final = 500
SILENCE_SECONDS: Final = 20.0
DEPTH: Final = 50
"""As many levels of a book as can be asked for."""


class NotAnswered(Exception):  # noqa: N818 - what happened, named
    """One of the last queries was refused, although there are no more faults."""


class TeamTruth(NamedTuple):
    """The exchange's final answers about a team."""

    bot: str
    role: str
    events: list[PrivateMessage]
    open_orders: list[dict[str, Any]]
    closed_orders: list[dict[str, Any]]
    fills: list[dict[str, Any]]
    positions: dict[str, int]
    account: dict[str, Any]
    as_of_seq: int


class House(NamedTuple):
    """The exchange's own team, which nobody trades for; all zero where there is none."""

    positions: dict[str, int]
    equity: float


class Truth(NamedTuple):
    teams: list[TeamTruth]
    house: House
    books: dict[str, dict[str, Any]]
    trades: dict[str, list[dict[str, Any]]]


class Examiner:
    """Asks over a network without faults. Raises `NotAnswered`."""

    def __init__(self, world: World, network: Network, server: Server, observer: Observer) -> None:
        self._world = world
        self._network = network
        self._server = server
        self._observer = observer
        self._settings = ClientSettings(entropy=world.chance.stream("examiner").randbytes)

    async def ask(self, bots: list[Bot], instrument_ids: Iterable[str]) -> Truth:
        async with AsyncClient(ADDRESS, transport=self._transport("public"), settings=self._settings) as public:
            books: dict[str, dict[str, Any]] = {}
            trades: dict[str, list[dict[str, Any]]] = {}
            for name in instrument_ids:
                books[name] = _data(await public.get_order_book(name, depth=DEPTH))
                trades[name] = _data(await public.get_trades(name))["trades"]
        return Truth([await self._ask_about(bot) for bot in bots], await self._house(), books, trades)

    async def _house(self) -> House:
        """As the organiser sees it."""
        answer = await self._transport("organiser").request("GET", "/admin/teams", ORGANISER, None)
        for team in msgspec.json.decode(answer.body)["data"]["teams"]:
            if team["role"] == HOUSE_ROLE:
                return House(team["positions"], team["equity"])
        return House({}, 0.0)

    async def _ask_about(self, bot: Bot) -> TeamTruth:
        api_key = bot.memory.api_key
        async with AsyncClient(
            ADDRESS, api_key, transport=self._transport(bot.name), settings=self._settings
        ) as client:
            positions = _data(await client.get_positions())
            as_of_seq = positions["as_of_seq"]
            return TeamTruth(
                bot.name,
                bot.role,
                await self._whole_stream(bot, api_key or "", as_of_seq),
                _data(await client.get_open_orders())["orders"],
                await self._closed_orders(client),
                await self._fills(client),
                positions["positions"],
                _data(await client.get_account())["account"],
                as_of_seq,
            )

    async def _whole_stream(self, bot: Bot, api_key: str, last_seq: int) -> list[PrivateMessage]:
        """A message that cannot be read here was already found by the check of the connection."""
        events: list[PrivateMessage] = []
        lines = StreamLines(self._world, self._network, self._server, f"{bot.name}/end", self._observer)
        async with lines.open("?after_seq=0", {"X-API-Key": api_key}) as line:
            with suppress(ConnectionEnded):
                while not events or events[-1].seq < last_seq:
                    text = await line.next_text(SILENCE_SECONDS)
                    with suppress(msgspec.MsgspecError):
                        message = msgspec.json.decode(text, type=ServerMessage)
                        if isinstance(message, PrivateMessage):
                            events.append(message)
        return events

    @staticmethod
    async def _closed_orders(client: AsyncClient) -> list[dict[str, Any]]:
        orders: list[dict[str, Any]] = []
        while True:
            before = orders[-1]["order_id"] if orders else None
            page = _data(await client.get_closed_orders(limit=PAGE, before=before))["orders"]
            orders += page
            if len(page) < PAGE:
                return orders

    @staticmethod
    async def _fills(client: AsyncClient) -> list[dict[str, Any]]:
        fills: list[dict[str, Any]] = []
        while True:
            after = fills[-1]["trade_id"] if fills else None
            page = _data(await client.get_fills(after=after, limit=PAGE))["fills"]
            fills += page
            if len(page) < PAGE:
                return fills

    def _transport(self, client: str) -> SimulatedTransport:
        return SimulatedTransport(self._world, self._network, self._server, client, self._observer)


def _data(response: Response) -> dict[str, Any]:
    if not response.success:
        raise NotAnswered(str(response.error))
    return response.data or {}
