"""Commands for the whole venue, from a seeded flow over a deep book and from recorded order flow."""

import csv
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import process_time
from typing import Final

from openoutcry.bench.engines.engine import Played
from openoutcry.bench.engines.flow import Flow, Message
from openoutcry.bench.failures import MeasurementFailed
from openoutcry.bench.servers import SCENARIO
from openoutcry.domain.commands import AmendOrder, CancelOrder, Command, Price, RegisterTeam, SubmitOrder
from openoutcry.domain.reasons import Accepted, ErrorCode, Reject, Verdict
from openoutcry.domain.types import InstrumentId, OrderId, TeamId, Ticks, TimestampUs
from openoutcry.domain.types import Sequence as Place
from openoutcry.scenarios.loader import load_scenario
from openoutcry.scenarios.model import Scenario
from openoutcry.venue.venue import Venue

TEAMS: Final = 8
VARIABLE: Final = "OPENOUTCRY_DATA"
RECORDED: Final = Path("orderflow/two_instruments_one_hour.csv")


class DataMissing(Exception):  # noqa: N818 - a state of the machine, named for what it means
    """The recorded order flow is not on this machine; the text says what to do."""


class Unexpected(MeasurementFailed):
    """The venue refused what the flow asks for; the text says what."""


def new_venue(scenario: Scenario) -> Venue:
    """A venue with `TEAMS` teams and nothing else in it."""
    venue = Venue(scenario.rulebook, scenario.instruments)
    role = scenario.registration.default_role
    for number in range(1, TEAMS + 1):
        _perform(venue, RegisterTeam(f"Team {number}", role, number.to_bytes(32)))
    return venue


def play_commands(venue: Venue, commands: Sequence[Command]) -> Played:
    """Judge every command and execute it if it is accepted. Timed in processor time."""
    validate, execute = venue.validate, venue.execute
    now = TimestampUs(0)
    started = process_time()
    place = Place(0)
    for command in commands:
        if type(validate(command)) is Accepted:
            execute(place, now, command)
    return Played(len(commands), process_time() - started, is_complete=True)


def commands_of_flow(flow: Flow, scenario: Scenario) -> tuple[list[Command], list[Command]]:
    """The commands that fill the book, and those that follow, in the first instrument. All must be accepted."""
    instrument_id = scenario.instruments[0].instrument_id
    first_order_id = scenario.rulebook.first_order_id

    def command_of(message: Message) -> Command:
        team_id = TeamId(1 + message.number % TEAMS)
        if not message.quantity:
            return CancelOrder(team_id, OrderId(first_order_id + message.number))
        side = "sell" if message.is_sell else "buy"
        return SubmitOrder(team_id, instrument_id, side, message.quantity, Price(Ticks(message.price)))

    return list(map(command_of, flow.filling)), list(map(command_of, flow.messages))


def check_all_accepted(scenario: Scenario, commands: Sequence[Command]) -> None:
    """Raises `Unexpected` at the first command that a new venue refuses."""
    venue = new_venue(scenario)
    for command in commands:
        verdict = _perform(venue, command)
        if not isinstance(verdict, Accepted):
            raise Unexpected(f"{command} was refused: {verdict}")


def load_roomy_scenario() -> Scenario:
    """The scenario that ships for recorded order flow."""
    return load_scenario(SCENARIO)


def recorded_commands(scenario: Scenario, limit: int | None) -> list[Command]:
    """The first `limit` rows of the recording as commands of `TEAMS` teams in turns. `limit` None means all rows.

    An amend that leaves nothing of its order becomes a cancel; it has this effect in the recording.
    Raises `DataMissing`.
    """
    venue = new_venue(scenario)
    commands: list[Command] = []
    order_ids: dict[str, OrderId] = {}
    totals: dict[str, int] = {}

    def perform(command: Command) -> Verdict:
        commands.append(command)
        return _perform(venue, command)

    for number, row in enumerate(_rows()):
        if number == limit:
            break
        order, quantity = row["OrderId"], int(row["Volume"] or 0)
        team_id = TeamId(1 + int(order) % TEAMS)
        if row["Operation"] == "Insert":
            verdict = perform(_submission(team_id, row))
            if not isinstance(verdict, Accepted):
                raise Unexpected(f"row {number + 1} was refused: {verdict}")
            order_ids[order] = OrderId(verdict.new_id)
            totals[order] = quantity
            continue
        if row["Operation"] == "Amend":
            totals[order] += quantity
            if totals[order] > 0:
                verdict = perform(AmendOrder(team_id, order_ids[order], totals[order]))
                if not (isinstance(verdict, Reject) and verdict.code == ErrorCode.AMEND_FAILED):
                    continue
        perform(CancelOrder(team_id, order_ids[order]))
    return commands


def _submission(team_id: TeamId, row: dict[str, str]) -> SubmitOrder:
    return SubmitOrder(
        team_id,
        InstrumentId(f"FLOW{row['Instrument']}"),
        "buy" if row["Side"] == "B" else "sell",
        int(row["Volume"]),
        Price(Ticks(int(row["Price"]))),
        "day" if row["Lifespan"] == "GFD" else "ioc",
    )


def _rows() -> Iterator[dict[str, str]]:
    folder = os.environ.get(VARIABLE)
    if folder is None:
        raise DataMissing(f"recorded order flow: ${VARIABLE} does not say where it is")
    path = Path(folder) / RECORDED
    if not path.is_file():
        raise DataMissing(f"recorded order flow: ${VARIABLE} holds no {RECORDED}")
    with path.open(newline="") as file:
        yield from csv.DictReader(file)


def _perform(venue: Venue, command: Command) -> Verdict:
    verdict = venue.validate(command)
    if isinstance(verdict, Accepted):
        venue.execute(Place(0), TimestampUs(0), command)
    return verdict
