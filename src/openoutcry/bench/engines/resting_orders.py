"""`python -m openoutcry.bench.engines.resting_orders COUNT`: how many bytes the process grows for each order."""

import os
import sys

from openoutcry.bench.cores import resident_bytes
from openoutcry.bench.engines.commands import load_roomy_scenario, new_venue, play_commands
from openoutcry.domain.commands import Command, Price, RegisterTeam, SubmitOrder
from openoutcry.domain.types import ClientOrderId, TeamId, Ticks

PER_TEAM = 5_000
PRICES = 500


def main(count: int) -> None:
    scenario = load_roomy_scenario()
    venue = new_venue(scenario)
    (instrument, *_), role = scenario.instruments, scenario.registration.default_role
    teams = -(-count // PER_TEAM)
    names = [f"more {number}" for number in range(teams)]
    play_commands(venue, [RegisterTeam(name, role, name.encode().rjust(32)) for name in names])

    def orders(first: int, last: int) -> list[Command]:
        # In pieces: the commands are not measured, so they are freed piece by piece.
        return [
            SubmitOrder(
                TeamId(9 + number // PER_TEAM),
                instrument.instrument_id,
                "buy",
                1,
                Price(Ticks(1_000 + number % PRICES)),
                client_order_id=ClientOrderId(f"k7Gp2x-{number}"),
            )
            for number in range(first, last)
        ]

    before = _resident_bytes()
    for first in range(0, count, 1_000):
        play_commands(venue, orders(first, min(count, first + 1_000)))
    print((_resident_bytes() - before) / count)  # noqa: T201 - the answer


def _resident_bytes() -> int:
    resident = resident_bytes(os.getpid())
    assert resident is not None, "the bench runs where /proc is"  # noqa: S101
    return resident


if __name__ == "__main__":
    main(int(sys.argv[1]))
