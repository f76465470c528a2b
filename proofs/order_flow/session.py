"""One run against a server: teams registered, streams read, the flow sent, and everything gathered that came back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Final, TypeVar

import aiohttp
import msgspec
from msgspec import Struct

from openoutcry.domain.reasons import ErrorCode
from openoutcry.domain.types import TeamId
from openoutcry.protocol.responses import FillInfo, FillsData, OrderBookData, PositionsData
from openoutcry.scenarios.model import Scenario
from proofs.order_flow.participants import Participants, Unexpected
from proofs.order_flow.pipeline import PipelinedConnection
from proofs.order_flow.rows import Row
from proofs.order_flow.streams import DEPTH, PublicReader, TeamReader
from proofs.order_flow.twin import Exchanged
from proofs.report import Report
from proofs.server_process import HOST, ServerProcess

HANG_UP_EVERY: Final = 2_500
"""Events after which the last team, whose line is bad, loses its connection and resumes."""

FILLS_PER_PAGE: Final = 1_000

T = TypeVar("T")


class TeamAnswers(Struct, frozen=True):
    """What the exchange said of a team at the end, when asked."""

    positions: dict[str, int]
    as_of_seq: int
    fills: list[FillInfo]


class Session(Struct, frozen=True):
    """All that came back."""

    exchanged: list[Exchanged]
    readers: dict[TeamId, TeamReader]
    public: PublicReader
    answers: dict[TeamId, TeamAnswers]
    books: dict[str, OrderBookData]
    amends_become_cancels: int
    seconds: float
    """From the first row sent to the last answer."""
    seconds_to_last_event: float
    """From the first row sent to the last message on every stream."""
    state_hash: str
    """That the server told when it ended."""

    @property
    def refused(self) -> dict[ErrorCode, int]:
        counts: dict[ErrorCode, int] = {}
        for exchanged in self.exchanged:
            error = exchanged.answer.response.error
            if error is not None:
                counts[error.code] = counts.get(error.code, 0) + 1
        return counts


async def run_session(
    server: ServerProcess, scenario: Scenario, rows: list[Row], teams: int, report: Report, advance: Callable[[], None]
) -> Session:
    """Start `server`, drive `rows` through it, then end it: the streams are read until it closes them.

    Raises `ServerFailed`.
    """
    instrument_ids = [str(instrument.instrument_id) for instrument in scenario.instruments]
    in_order = report.check("private events: each once, seq without gap or repeat")
    contiguous = report.check("book channel: book_seq and prev_book_seq contiguous, checksums right")
    server.start()
    await server.is_up()
    connection = await PipelinedConnection.open(HOST, server.port)
    participants = Participants(connection)
    for number in range(1, teams + 1):
        await participants.register(f"Team {number}", scenario.registration.default_role)
    readers = {
        team.team_id: TeamReader(
            team.name,
            team.api_key,
            in_order,
            hang_up_every=HANG_UP_EVERY if team is participants.teams[-1] else None,
        )
        for team in participants.teams
    }
    public = PublicReader(instrument_ids, contiguous)
    async with _reading(server, readers, public):
        started = perf_counter()
        for row in rows:
            await participants.send(row)
            advance()
        exchanged = await participants.finish()
        seconds = perf_counter() - started
        queries = Queries(connection)
        answers = {team.team_id: await queries.team(team.api_key) for team in participants.teams}
        books = {instrument_id: await queries.book(instrument_id) for instrument_id in instrument_ids}
        for team_id, reader in readers.items():
            await reader.reached(answers[team_id].as_of_seq)
        for instrument_id, book in books.items():
            await public.reached(instrument_id, book.book_seq)
        fills = [fill for team in answers.values() for fill in team.fills]
        await public.printed(sum(fill.liquidity_type == "taker" for fill in fills))
        seconds_to_last_event = perf_counter() - started
        connection.close()
        state_hash = await server.end()
    return Session(
        exchanged,
        readers,
        public,
        answers,
        books,
        participants.amends_become_cancels,
        seconds,
        seconds_to_last_event,
        state_hash,
    )


class Queries:
    """Questions to the exchange over a connection that is there already."""

    def __init__(self, connection: PipelinedConnection) -> None:
        self._connection = connection

    async def team(self, api_key: str) -> TeamAnswers:
        positions = await self._get("/positions", PositionsData, api_key)
        fills: list[FillInfo] = []
        while True:
            after = f"&after={fills[-1].trade_id}" if fills else ""
            page = await self._get(f"/fills?limit={FILLS_PER_PAGE}{after}", FillsData, api_key)
            fills += page.fills
            if len(page.fills) < FILLS_PER_PAGE:
                return TeamAnswers(positions.positions, positions.as_of_seq, fills)

    async def book(self, instrument_id: str) -> OrderBookData:
        return await self._get(f"/orderbook/{instrument_id}?depth={DEPTH}", OrderBookData)

    async def _get(self, path: str, data: type[T], api_key: str | None = None) -> T:
        response = (await self._connection.request("GET", path, api_key)).response
        if response.data is None:
            raise Unexpected(f"GET {path}: {response.error}")
        return msgspec.convert(response.data, data)


@asynccontextmanager
async def _reading(
    server: ServerProcess, readers: dict[TeamId, TeamReader], public: PublicReader
) -> AsyncIterator[None]:
    """All streams connected, and read until the server has gone away; a reader that fails ends the run."""
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
        group.create_task(public.read(session, server.url))
        for reader in readers.values():
            group.create_task(reader.read(session, server.url))
        await public.subscribed()
        for reader in readers.values():
            await reader.connected()
        yield
