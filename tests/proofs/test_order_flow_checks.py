"""The checks find their errors: a session with a single error does not pass."""

import asyncio
import copy

import msgspec
import pytest

from openoutcry.protocol.stream import BookSnapshot, ExecutionReport, NewOrderAck, PositionUpdate
from openoutcry.scenarios.loader import load_scenario
from proofs.order_flow import checks
from proofs.order_flow.proof import SCENARIO
from proofs.order_flow.rows import Cancel, Insert
from proofs.order_flow.session import run_session
from proofs.order_flow.streams import PublicReader, TeamReader
from proofs.order_flow.twin import Twin
from proofs.report import Report
from proofs.server_process import ServerProcess, replayed_state_hash, reserved_port

ROWS = [
    Insert(1, "0", "buy", 100, 3500, is_day=True),
    Insert(2, "0", "sell", 40, 3500, is_day=True),
    Insert(4, "0", "sell", 30, 3499, is_day=False),
    Insert(3, "1", "sell", 7, 3490, is_day=True),
    Cancel(1),
    Cancel(2),
]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A session that is right, and the state hashes of the server and of its journal."""
    data = tmp_path_factory.mktemp("server") / "data"
    with reserved_port() as port, ServerProcess(SCENARIO, data, port, "os") as server:
        run = run_session(server, load_scenario(SCENARIO), ROWS, 2, Report(""), advance=lambda: None)
        session = asyncio.run(run)
    return session, session.state_hash, replayed_state_hash(data)


@pytest.fixture
def session(recorded):
    return copy.deepcopy(recorded[0])


def failed_claims(session):
    report, twin = Report(""), Twin(load_scenario(SCENARIO))
    checks.check_verdicts(report, session, twin)
    checks.check_streams(report, session, twin)
    checks.check_books(report, session, twin)
    checks.check_fills_and_positions(report, session)
    return " / ".join(check.claim for check in report.checks if not check.holds)


def events_of(session, kind):
    return [
        (reader.events, place)
        for reader in session.readers.values()
        for place, event in enumerate(reader.events)
        if isinstance(event, kind)
    ]


def test_a_session_that_is_right_passes(session, recorded):
    assert failed_claims(session) == ""
    report, twin = Report(""), Twin(load_scenario(SCENARIO))
    checks.check_verdicts(report, session, twin)
    checks.check_state_hash(report, twin, recorded[1], recorded[2])
    assert report.holds, [check.examples for check in report.checks]


@pytest.mark.parametrize(("field", "value"), [("quantity", 1), ("remaining_quantity", 1), ("timestamp", "now")])
def test_a_field_of_a_private_event_that_differs_is_found(session, field, value):
    events, place = events_of(session, NewOrderAck)[0]
    events[place] = msgspec.structs.replace(events[place], **{field: value})
    assert "private events, every field" in failed_claims(session)


def test_a_private_event_that_is_missing_is_found(session):
    events, place = events_of(session, NewOrderAck)[-1]
    del events[place]
    assert "private events, every field" in failed_claims(session)


def test_a_missing_last_event_is_found_by_the_seq_that_was_asked_for(session):
    for reader in session.readers.values():
        del reader.events[-1]
    assert "last private seq" in failed_claims(session)


def test_an_execution_that_get_fills_does_not_know_is_found(session):
    for answers in session.answers.values():
        del answers.fills[0]
    assert "fills, every field" in failed_claims(session)


def test_a_position_update_that_differs_from_get_positions_is_found(session):
    for events, place in events_of(session, PositionUpdate):
        events[place] = msgspec.structs.replace(events[place], position=events[place].position + 1)
    assert "positions: GET /positions" in failed_claims(session)


def test_positions_that_do_not_sum_to_zero_are_found(session):
    next(iter(session.answers.values())).positions["FLOW0"] += 1
    assert "sum to zero" in failed_claims(session)


def test_a_trade_that_was_not_printed_is_found(session):
    del session.public.trades[0]
    assert "public trades" in failed_claims(session)


def test_a_book_that_differs_is_found(session):
    session.public.books["FLOW1"].asks = [(3490, 6)]
    assert "books rebuilt" in failed_claims(session)


def test_a_book_change_that_differs_is_found(session):
    update = session.public.updates[0]
    session.public.updates[0] = msgspec.structs.replace(update, bids=[])
    assert "book changes" in failed_claims(session)


def test_commands_that_changed_places_are_found(session):
    exchanged = session.exchanged
    exchanged[3], exchanged[4] = exchanged[4], exchanged[3]
    assert "in the order of the file" in failed_claims(session)


def test_a_verdict_that_differs_is_found(session):
    refused = msgspec.structs.replace(session.exchanged[2].answer.response, success=False)
    answer = msgspec.structs.replace(session.exchanged[2].answer, response=refused)
    session.exchanged[2] = msgspec.structs.replace(session.exchanged[2], answer=answer)
    assert "verdicts" in failed_claims(session)


def test_other_state_hashes_are_found():
    report = Report("")
    checks.check_state_hash(report, Twin(load_scenario(SCENARIO)), "0" * 64, "1" * 64)
    assert report.checks[0].differences == 2


@pytest.mark.parametrize("seqs", [(1, 1), (1, 3), (2,), (1, 2, 1)])
def test_an_event_that_comes_twice_or_not_at_all_is_found_as_it_arrives(session, seqs):
    arrivals = Report("").check("in order")
    reader = TeamReader("a team", "key", arrivals, hang_up_every=None)
    events, place = events_of(session, ExecutionReport)[0]
    for seq in seqs:
        reader.take(msgspec.structs.replace(events[place], seq=seq))
    assert arrivals.differences


def differences_while_reading(updates):
    contiguous = Report("").check("contiguous")
    reader = PublicReader(["FLOW0", "FLOW1"], contiguous)
    for instrument_id in ("FLOW0", "FLOW1"):
        empty = BookSnapshot(instrument_id=instrument_id, book_seq=0, bids=[], asks=[], checksum=0, timestamp="t")
        reader.take(empty)
    for update in updates:
        reader.take(update)
    return contiguous.differences


@pytest.mark.parametrize(("field", "value"), [("prev_book_seq", 7), ("book_seq", 7), ("checksum", 7), ("asks", [])])
def test_a_book_update_that_does_not_fit_is_found_as_it_arrives(session, field, value):
    updates = session.public.updates
    assert not differences_while_reading(updates)
    place = next(place for place, update in enumerate(updates) if update.asks)
    updates[place] = msgspec.structs.replace(updates[place], **{field: value})
    assert differences_while_reading(updates)
