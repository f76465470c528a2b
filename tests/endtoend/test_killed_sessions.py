"""A real server is killed in each phase of a session, comes back, and the day comes out as its timetable says."""

import pytest
from day_stage import DAY
from served_exchange import PATIENCE_SECONDS, ServedExchange

from openoutcry.client import Client
from openoutcry.domain.commands import AdvanceMarket, ContinueWork, SkipIds, StartSession
from openoutcry.domain.events import PhaseChanged
from openoutcry.domain.reasons import Accepted
from openoutcry.journal.reader import JournalReader
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.venue.venue import Venue

SPEED = 300
HOURS = "call = 09:00:00\nopening = 09:10:00\nclose = 09:40:00"


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "day.toml"
    path.write_text(DAY.format(date="2024-03-14", speed=SPEED, schedule=HOURS, more=""), encoding="utf-8")
    return str(path)


def wait_for(exchange, phase):
    """Return once the session is in the phase: who joins hears the present one first."""
    with Client(exchange.url) as api, api.events(timeout_seconds=PATIENCE_SECONDS) as events:
        api.subscribe("market")
        of_session = (event for event in events if event.type == "session_status" and event.instrument_id is None)
        assert any(event.phase == phase for event in of_session), f"the session never came to {phase}"


def organiser(exchange, path, body):
    key = (exchange.data / "admin.key").read_text().strip()
    status, answer = exchange.ask("POST", path, body, **{"X-Admin-Key": key})
    assert status == 200, answer
    return answer["data"]


def test_a_server_killed_in_each_phase_comes_back_and_the_day_is_that_of_an_undisturbed_one(tmp_path, scenario):
    data = tmp_path / "data"
    phases = iter(("pre_open", "continuous", "halted", "reopening_call", "continuous", "closed"))
    with ServedExchange(data, scenario=scenario) as exchange:
        organiser(exchange, "/admin/session", {"action": "start"})
        wait_for(exchange, next(phases))
        exchange.kill()
    for phase in phases:
        with ServedExchange(data, scenario=scenario) as exchange:
            wait_for(exchange, phase if phase != "halted" else "continuous")
            if phase == "halted":
                organiser(exchange, "/admin/halt", {})
                wait_for(exchange, "halted")
            exchange.kill()
        if phase == "halted":
            with ServedExchange(data, scenario=scenario) as exchange:
                wait_for(exchange, "halted")
                organiser(exchange, "/admin/resume", {})
                exchange.kill()

    records = list(JournalReader(DataDirectory(data).journal))
    ticks = [record.command.market_time for record in records if isinstance(record.command, AdvanceMarket)]
    begins, opens, closes = next(
        [line.at for line in record.command.timetable] for record in records if isinstance(record.command, StartSession)
    )
    assert ticks == list(range(begins + 1, closes + 1)), "every market second once"
    disturbed, undisturbed = (played(data, records, skipped=skipped) for skipped in (False, True))
    assert [phase for _, phase in disturbed] == [
        "pre_open",
        "opening_auction",
        "continuous",
        "halted",
        "reopening_call",
        "reopening_auction",
        "continuous",
        "closed",
    ]
    assert disturbed[1][0] == opens
    assert disturbed == undisturbed


def played(data, records, *, skipped):
    """Phases with their market times; `skipped`: in a venue that knows nothing of restarts and slices of its own."""
    kept = DataDirectory(data).kept_scenario()
    venue, seen = Venue(kept.rulebook, kept.instruments), []
    for number, record in enumerate(records, start=1):
        if skipped and isinstance(record.command, SkipIds | ContinueWork):
            continue
        while skipped and venue.has_work:
            venue.execute(number, record.time, ContinueWork(100))
        assert type(venue.validate(record.command)) is type(record.verdict)
        if isinstance(record.verdict, Accepted):
            events = venue.execute(number, record.time, record.command)
            seen += [(event.market_time, event.phase) for event in events if isinstance(event, PhaseChanged)]
    return seen
