"""The recorded orders as the orders of several teams, sent in the sequence of the file."""

import asyncio
import hashlib
from typing import Any, Final

import msgspec
from msgspec import Struct

from openoutcry.domain.commands import AmendOrder, CancelOrder, Price, RegisterTeam, SubmitOrder
from openoutcry.domain.identifiers import parse_order_id, parse_team_id
from openoutcry.domain.reasons import ErrorCode
from openoutcry.domain.types import ClientOrderId, InstrumentId, OrderId, TeamId, Ticks
from openoutcry.protocol.responses import RegisteredData
from proofs.order_flow.pipeline import Answer, PipelinedConnection
from proofs.order_flow.rows import Amend, Cancel, Insert, Row
from proofs.order_flow.twin import Exchanged

INSTRUMENT_PREFIX: Final = "FLOW"
"""The file's instruments are 0 and 1; the scenario `orderflow` calls them FLOW0 and FLOW1."""

_encode: Final = msgspec.json.Encoder().encode


class Unexpected(Exception):  # noqa: N818 - what happened, named
    """An answer after which the proof cannot continue; the text holds the answer."""


class Participant(Struct, frozen=True):
    """A team with its key."""

    team_id: TeamId
    name: str
    api_key: str


class Participants:
    """Sends rows over one pipelined connection, each as the request of the team that the order is assigned to.

    Order n belongs to team n mod the number of teams. `exchanged` gives every command with its answer, in the order in
    which the commands were sent; `finish` completes it.
    """

    def __init__(self, connection: PipelinedConnection) -> None:
        self.teams: list[Participant] = []
        self.amends_become_cancels = 0
        self._connection = connection
        self._sent: list[tuple[RegisterTeam | SubmitOrder | AmendOrder | CancelOrder, asyncio.Future[Answer]]] = []
        self._entered: dict[int, asyncio.Future[Answer]] = {}
        self._totals: dict[int, int] = {}

    async def register(self, name: str, role: str) -> Participant:
        answering = await self._connection.send("POST", "/teams", body=_encode({"team_name": name, "role": role}))
        answer = await answering
        if not answer.response.success or answer.response.data is None:
            raise Unexpected(f"{name} cannot register: {answer.response.error}")
        registered = msgspec.convert(answer.response.data, RegisteredData)
        key_hash = hashlib.sha256(registered.api_key.encode()).digest()
        self._sent.append((RegisterTeam(name, role, key_hash), answering))
        participant = Participant(parse_team_id(registered.team_id), name, registered.api_key)
        self.teams.append(participant)
        return participant

    async def send(self, row: Row) -> None:
        """Send what the row asks for. Waits for earlier answers only where the row depends on them."""
        match row:
            case Insert():
                await self._insert(row)
            case Amend():
                await self._amend(row)
            case Cancel():
                await self._cancel(row.order)

    async def finish(self) -> list[Exchanged]:
        """Every command with its answer, once all answers are there."""
        await asyncio.gather(*(answering for _, answering in self._sent))
        return [Exchanged(command, answering.result()) for command, answering in self._sent]

    def _team_of(self, order: int) -> Participant:
        return self.teams[order % len(self.teams)]

    async def _insert(self, row: Insert) -> None:
        team = self._team_of(row.order)
        terms = {
            "instrument_id": INSTRUMENT_PREFIX + row.instrument,
            "side": row.side,
            "quantity": row.volume,
            "price": row.price,
            "time_in_force": "day" if row.is_day else "ioc",
            "client_order_id": str(row.order),
        }
        answering = await self._connection.send("POST", "/orders", team.api_key, _encode(terms))
        command = SubmitOrder(
            team.team_id,
            InstrumentId(INSTRUMENT_PREFIX + row.instrument),
            row.side,
            row.volume,
            Price(Ticks(row.price)),
            "day" if row.is_day else "ioc",
            client_order_id=ClientOrderId(str(row.order)),
        )
        self._sent.append((command, answering))
        self._entered[row.order] = answering
        self._totals[row.order] = row.volume

    async def _amend(self, row: Amend) -> None:
        """Make the order smaller; if that much is filled already, cancel the rest."""
        total = self._totals[row.order] + row.change
        if total <= 0:
            await self._cancel(row.order)
            self.amends_become_cancels += 1
            return
        team, order_id = self._team_of(row.order), await self._order_id(row.order)
        path, body = f"/orders/{order_id}", _encode({"quantity": total})
        answering = await self._connection.send("PATCH", path, team.api_key, body)
        self._sent.append((AmendOrder(team.team_id, parse_order_id(order_id), total), answering))
        # The next row must not overtake the cancel that a refusal would call for.
        error = (await answering).response.error
        if error is None:
            self._totals[row.order] = total
        elif error.code == ErrorCode.AMEND_FAILED and _is_filled_so_far(error.details):
            await self._cancel(row.order)
            self.amends_become_cancels += 1

    async def _cancel(self, order: int) -> None:
        team, order_id = self._team_of(order), await self._order_id(order)
        answering = await self._connection.send("DELETE", f"/orders/{order_id}", team.api_key)
        self._sent.append((CancelOrder(team.team_id, OrderId(parse_order_id(order_id))), answering))

    async def _order_id(self, order: int) -> str:
        response = (await self._entered[order]).response
        if response.order_id is None:
            raise Unexpected(f"order {order} of the file was refused: {response.error}")
        return response.order_id


def _is_filled_so_far(details: dict[str, Any] | None) -> bool:
    return details is not None and "filled_quantity" in details
