"""A data directory with a long session, made by the exchange itself, as a server would leave it."""

import asyncio
from pathlib import Path
from random import Random
from typing import Final

from openoutcry.bootstrap.server import open_server
from openoutcry.domain.commands import AmendOrder, CancelOrder, Command, Price, RegisterTeam, SubmitOrder
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.types import ClientOrderId, OrderId, TeamId, Ticks
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.recovery.snapshots.builder import SnapshotBuilt
from openoutcry.scenarios.loader import load_scenario

SCENARIO: Final = "demo"
TEAMS: Final = 20
MOST_OPEN: Final = 20
"""Orders that a team keeps open. The scenario's roles allow so many."""


class NoSnapshots:
    """So that making one is measured apart."""

    def build(self) -> SnapshotBuilt | None:
        return None

    def stop(self) -> None:
        return


def make_session(directory: Path, commands: int) -> None:
    """Trade `commands` commands in `directory`, and close it."""
    asyncio.run(_make(directory, commands))


async def _make(directory: Path, commands: int) -> None:
    exchange = open_server(
        load_scenario(SCENARIO),
        directory,
        admin_key_hash=b"",
        loop=asyncio.get_running_loop(),
        snapshot_builder=NoSnapshots(),
    )
    try:
        traders = _Traders(exchange)
        while (sequence := exchange.sequencer.last_sequence) < commands:
            traders.act()
            if sequence % 1000 == 0:
                await asyncio.sleep(0)  # timers and callbacks have their turn
    finally:
        exchange.close()


class _Traders:
    """Two orders in five are cancelled. One in twenty is amended. Every order has a client order id."""

    def __init__(self, exchange: Exchange) -> None:
        self._perform = exchange.sequencer.perform
        self._chance = Random(7)  # noqa: S311 - to be had again is the point
        self._instruments = [instrument.instrument_id for instrument in exchange.scenario.instruments]
        self._open: list[list[OrderId]] = [[] for _ in range(TEAMS)]
        self._sent = 0
        roles = exchange.scenario.registration.roles
        for number in range(TEAMS):
            self._perform(RegisterTeam(f"team {number + 1}", roles[number % len(roles)], bytes([number]) * 32))

    def act(self) -> None:
        chance = self._chance
        team = chance.randrange(TEAMS)
        team_id, own = TeamId(team + 1), self._open[team]
        dice = chance.random()
        command: Command
        if own and (len(own) >= MOST_OPEN or dice < 0.38):
            command = CancelOrder(team_id, own.pop(chance.randrange(len(own))))
        elif own and dice < 0.42:
            command = AmendOrder(team_id, chance.choice(own), None, Price(Ticks(1_000 + chance.randint(-8, 8))))
        else:
            command = self._order(team_id)
        sequenced, _ = self._perform(command)
        if isinstance(command, SubmitOrder) and type(sequenced.verdict) is Accepted:
            own.append(OrderId(sequenced.verdict.new_id))

    def _order(self, team_id: TeamId) -> SubmitOrder:
        chance = self._chance
        self._sent += 1
        side = chance.choice(("buy", "sell"))
        distance = chance.randint(-2, 12)
        return SubmitOrder(
            team_id,
            chance.choice(self._instruments),
            side,
            chance.randint(1, 5),
            Price(Ticks(1_000 - distance if side == "buy" else 1_000 + distance)),
            "day" if chance.random() < 0.9 else "ioc",
            client_order_id=ClientOrderId(f"k7Gp2x-{self._sent}"),
        )
