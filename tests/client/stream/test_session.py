"""The rules of the stream without a network: what is delivered, and what is a reason to resume."""

import pytest

from openoutcry.client import RawEvent
from openoutcry.client.events import decode_event
from openoutcry.client.stream.session import OutOfStepError, StreamSession
from openoutcry.protocol.stream import Heartbeat, OrderCancelled, StreamError, Subscribe, Welcome


def welcome(next_seq, epoch=1):
    return Welcome(
        session_id="s",
        epoch=epoch,
        team_id="TEAM_1",
        next_seq=next_seq,
        positions={},
        account=None,
        orders=[],
        heartbeat_seconds=5.0,
        timestamp="t",
    )


def event(seq, order_id="ORD_1"):
    return OrderCancelled(
        seq=seq,
        order_id=order_id,
        client_order_id=None,
        instrument_id="X",
        side="buy",
        cancelled_quantity=1,
        reason="user_requested",
        timestamp="t",
        sequence=seq,
    )


def seqs(session, *messages):
    return [told.seq for message in messages for told in session.accept(message) if isinstance(told, OrderCancelled)]


def heartbeat(seq):
    return Heartbeat(seq=seq, timestamp="t")


@pytest.fixture
def session():
    session = StreamSession()
    session.accept(welcome(1))
    return session


def test_a_stream_starts_where_the_welcome_says(session):
    assert session.after_seq == 0
    assert seqs(session, event(1), event(2)) == [1, 2]


def test_an_event_that_comes_again_is_delivered_once(session):
    assert seqs(session, event(1), event(1), event(2), event(1), event(2)) == [1, 2]


def test_a_gap_is_not_delivered_but_resumed(session):
    session.accept(event(1))
    with pytest.raises(OutOfStepError, match="3 came after 1"):
        session.accept(event(3))
    assert session.after_seq == 1


def test_an_event_before_the_welcome_has_no_place():
    with pytest.raises(OutOfStepError, match="before the welcome"):
        StreamSession().accept(event(1))


def test_a_resumed_stream_asks_for_its_last_event_again_and_passes_over_it(session):
    assert session.resume_query == "?after_seq=0"
    seqs(session, event(1), event(2))
    assert session.resume_query == "?after_seq=1"
    assert seqs(session, welcome(4), event(2), event(3)) == [3]
    assert session.resumed


def test_a_last_event_that_is_another_now_was_lost_with_what_the_bot_knows(session):
    seqs(session, event(1), event(2))
    session.accept(welcome(6, epoch=2))
    with pytest.raises(OutOfStepError):
        session.accept(event(2, order_id="ORD_9"))
    assert session.resume_query == ""
    reset, fresh = session.accept(welcome(6, epoch=2))
    assert (reset.type, reset.after_seq, fresh.next_seq) == ("stream_reset", 2, 6)
    assert not session.resumed
    assert seqs(session, event(6)) == [6]


@pytest.mark.parametrize(
    "sign",
    [
        welcome(2, epoch=2),
        StreamError(op=None, request_id=None, code="RESUME_AHEAD", message="m", timestamp="t"),
    ],
)
def test_a_stream_that_ends_before_the_last_event_is_started_over(session, sign):
    seqs(session, event(1), event(2), event(3))
    with pytest.raises(OutOfStepError):
        session.accept(sign)
    reset, _ = session.accept(welcome(2, epoch=2))
    assert reset.after_seq == 3
    assert seqs(session, event(2)) == [2]


def test_a_silent_loss_shows_at_the_second_heartbeat(session):
    session.accept(event(1))
    session.accept(heartbeat(1))
    session.accept(heartbeat(2))
    with pytest.raises(OutOfStepError, match="2 never came"):
        session.accept(heartbeat(2))
    session.connecting()
    session.accept(heartbeat(2))


def test_an_event_that_overtakes_its_heartbeat_is_no_loss(session):
    session.accept(heartbeat(1))
    session.accept(event(1))
    session.accept(heartbeat(1))
    session.accept(heartbeat(1))


def test_a_private_event_of_an_unknown_type_keeps_its_place(session):
    signal = decode_event('{"type":"signal","seq":1,"forecast_regime":"high"}')
    assert isinstance(signal, RawEvent)
    assert session.accept(signal) == (signal,)
    assert signal.forecast_regime == "high"
    with pytest.raises(AttributeError, match="'signal' has no field 'nothing'"):
        _ = signal.nothing
    assert seqs(session, event(2)) == [2]


def test_public_messages_of_unknown_types_pass(session):
    news = decode_event('{"type":"news","headline":"h"}')
    assert session.accept(news) == (news,)
    assert session.after_seq == 0


def test_an_unknown_value_or_field_does_not_stop_the_stream():
    known = '{"type":"heartbeat","seq":1,"timestamp":"t","novelty":[1]}'
    assert decode_event(known) == heartbeat(1)
    strange = decode_event('{"type":"order_cancelled","seq":4,"reason":"a_new_reason"}')
    assert (strange.type, strange.seq, strange.reason) == ("order_cancelled", 4, "a_new_reason")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"type":3}', "\x00"])
def test_what_is_no_message_is_none(text):
    assert decode_event(text) is None


def test_channels_are_restored_in_messages_that_are_not_too_long(session):
    assert session.subscribe(["market", "market"]) == ["market"]
    assert session.subscribe([f"book:{number:070}" for number in range(400)]) != []
    assert session.subscribe(["market"]) == []
    session.unsubscribe(["market"])
    messages = list(session.restoring_messages())
    assert all(isinstance(message, Subscribe) and len(message.channels) <= 128 for message in messages)
    assert sum(len(message.channels) for message in messages) == 400
    with pytest.raises(ValueError, match="1200 channels"):
        session.subscribe(f"top:{number}" for number in range(800))
