"""A projection that continues from captured state equals one that was never stopped."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from recovery_stage import traded_directory
from venues import SCENARIO

from openoutcry.domain.commands import AmendOrder, CancelOrder
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.sequenced import Sequenced
from openoutcry.journal.reader import JournalReader
from openoutcry.protocol.translation import Translator
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.projections import Projections
from openoutcry.runtime.recovery.event_audit import EventAudit
from openoutcry.runtime.recovery.replay import replay
from openoutcry.runtime.streams.event_logs.folder import list_logs
from openoutcry.venue.venue import Venue
from proofs.chaos.machine.projections import projections_of
from reference.workload import INSTRUMENTS, TEAMS, everything, rulebook, selves_prevented


def happened(prevention, commands):
    """Each command as it is sequenced, and its events. A negative order id means one of the team's open orders."""
    venue = Venue(rulebook(prevention), INSTRUMENTS)
    for number, command in enumerate(commands, start=1):
        if isinstance(command, CancelOrder | AmendOrder) and command.order_id < 0:
            open_orders = venue.queries.open_orders(command.team_id) or [command]
            aimed = open_orders[-command.order_id % len(open_orders)].order_id
            command = structs.replace(command, order_id=aimed)  # noqa: PLW2901
        verdict = venue.validate(command)
        time = 1_000 * number
        events = venue.execute(number, time, command) if type(verdict) is Accepted else []
        yield Sequenced(number, time, command, verdict), events


@given(prevention=selves_prevented, commands=st.lists(everything, max_size=80), stops=st.sets(st.integers(1, 90)))
def test_at_any_commands_they_may_have_been_stopped(prevention, commands, stops):
    never_stopped, stopped = Projections(projections_of(SCENARIO)), Projections(projections_of(SCENARIO))
    for sequenced, events in happened(prevention, [*TEAMS, *commands]):
        never_stopped.apply(sequenced, events)
        stopped.apply(sequenced, events)
        if sequenced.sequence in stops:
            captured = stopped.capture(sequenced.sequence)
            stopped = Projections(projections_of(SCENARIO))
            stopped.restore(captured)
    assert stopped.capture(0) == never_stopped.capture(0)


def damage_a_line(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut_short(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def add_lines(path):
    path.write_bytes(path.read_bytes() + b"{}\n{}\n")


@pytest.mark.parametrize("change", [lambda _path: None, damage_a_line, cut_short, add_lines])
async def test_the_audit_of_event_logs_finds_the_same_wherever_it_was_stopped(tmp_path, change):
    await traded_directory(tmp_path)
    directory = DataDirectory(tmp_path)
    change(list_logs(directory.events)[1])

    venue = Venue(SCENARIO.rulebook, SCENARIO.instruments)

    def new_audit():
        return EventAudit(directory.events, Translator(venue.queries.instrument), venue.queries.has_key)

    never_stopped, stopped, chance = new_audit(), [new_audit()], random.Random(3)

    def stop_and_go_on(sequenced, events):
        stopped[-1].apply(sequenced, events)
        if chance.random() < 0.2:
            stopped.append(new_audit())
            stopped[-1].restore(memoryview(stopped[-2].capture()))

    list(replay(JournalReader(directory.journal), venue, [never_stopped.apply, stop_and_go_on]))

    assert len(stopped) > 5
    audit = stopped[-1]
    assert audit.capture() == never_stopped.capture()
    assert audit.missing() == never_stopped.missing()
    assert audit.surplus() == never_stopped.surplus()
