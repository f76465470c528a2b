"""Delivery without a network: what each answer means for a call, step by step."""

import json
import secrets

import pytest

from openoutcry.client import Answer, NotConnectedError, OutcomeUnknown, RetryPolicy, UnexpectedAnswerError
from openoutcry.client.errors import AnswerLostError
from openoutcry.client.http.calls import Call, Repeat, batch, cancellation, query, submission
from openoutcry.client.http.delivery import Send, Wait, deliver

ORDER = submission({"client_order_id": "a-1", "instrument_id": "X", "side": "buy", "quantity": 1}, secrets.token_bytes)
CANCEL = cancellation("/orders/ORD_1")
AMEND = Call(method="PATCH", path="/orders/ORD_1", body=b"{}", repeat=Repeat.MAY_ACT_TWICE)
POLICY = RetryPolicy(attempts=3, pauses_seconds=(0.0, 0.5))
LOST = AnswerLostError("lost")
DOWN = NotConnectedError("down")
PROXY_ERROR = Answer(502, {}, b"<html>bad gateway</html>")


def accepted(order_id="ORD_7", data=None):
    return answer(200, success=True, order_id=order_id, data=data)


def refused(status, code, details=None):
    return answer(status, success=False, error={"code": code, "message": code.lower(), "details": details})


def found(status):
    return answer(200, success=True, data={"order": {"order_id": "ORD_7", "status": status}, "fills": []})


def answer(status, **fields):
    body = {"order_id": None, "data": None, "error": None, **fields}
    body |= {"request_id": "req_1", "timestamp": "2024-01-15T10:00:00.001000Z"}
    return Answer(status, {}, json.dumps(body).encode())


def run(call, *outcomes, policy=POLICY):
    """Deliver `call` with one outcome for each sending. Returns the response, and what was sent and waited for."""
    steps, script, trace = deliver(call, policy, secrets.token_bytes), list(outcomes), []
    try:
        step = next(steps)
        while True:
            if not isinstance(step, Send):
                trace.append(step.seconds if isinstance(step, Wait) else "hang up")
                step = next(steps)
                continue
            trace.append(f"{step.call.method} {step.call.path}")
            outcome = script.pop(0)
            if isinstance(outcome, Answer):
                outcome = outcome._replace(
                    body=outcome.body.replace(b"req_1", (step.call.request_id or "req_1").encode())
                )
            step = steps.throw(outcome) if isinstance(outcome, Exception) else steps.send(outcome)
    except StopIteration as done:
        assert not script, "not every outcome was used"
        return done.value, trace


FOUND_BY = "GET /orders/by-client-id/a-1"
SUBMIT = "POST /orders"


def test_the_first_answer_is_the_outcome():
    response, trace = run(ORDER, accepted())
    assert (response.order_id, response.attempts, trace) == ("ORD_7", 1, [SUBMIT])


@pytest.mark.parametrize("trouble", [LOST, DOWN, PROXY_ERROR, refused(504, "PROCESSING_TIMEOUT")])
def test_trouble_is_followed_by_another_attempt_with_a_growing_pause(trouble):
    response, trace = run(ORDER, trouble, trouble, accepted())
    assert response.order_id == "ORD_7"
    assert response.attempts == 3
    assert trace == [SUBMIT, SUBMIT, 0.5, SUBMIT]


@pytest.mark.parametrize("status", [500, 503])
def test_a_failure_of_the_exchange_is_cleared_up_by_looking_the_order_up(status):
    failure = refused(status, "INTERNAL_ERROR")
    response, trace = run(ORDER, failure, found("open"))
    assert (response.success, response.order_id, response.data) == (True, "ORD_7", {"duplicate": True})
    assert trace == [SUBMIT, FOUND_BY]
    response, trace = run(ORDER, failure, refused(404, "ORDER_NOT_FOUND"))
    assert (response.success, response.status) == (False, status)
    response, trace = run(ORDER, failure, refused(500, "INTERNAL_ERROR"), accepted())
    assert trace == [SUBMIT, FOUND_BY, SUBMIT]
    response, trace = run(ORDER, failure, LOST, accepted())
    assert trace == [SUBMIT, FOUND_BY, SUBMIT]


@pytest.mark.parametrize("code", ["UNAUTHENTICATED", "TEAM_SUSPENDED", "RATE_LIMIT_EXCEEDED"])
def test_a_refusal_that_says_nothing_of_the_first_attempt_is_not_taken_for_its_outcome(code):
    response, trace = run(ORDER, LOST, refused(403, code), found("filled"))
    assert (response.success, response.order_id) == (True, "ORD_7")
    assert trace == [SUBMIT, SUBMIT, FOUND_BY]
    response, _ = run(ORDER, LOST, refused(403, code), refused(404, "ORDER_NOT_FOUND"))
    assert response.error.code == code


def test_a_refusal_by_the_validator_is_the_outcome_also_of_a_second_attempt():
    response, trace = run(ORDER, LOST, refused(422, "POSITION_LIMIT_EXCEEDED"))
    assert response.error.code == "POSITION_LIMIT_EXCEEDED"
    assert trace == [SUBMIT, SUBMIT]


def test_attempts_are_bounded_and_the_unknown_order_is_named():
    with pytest.raises(OutcomeUnknown, match="attempts: 3") as unknown:
        run(ORDER, LOST, PROXY_ERROR, DOWN)
    assert unknown.value.client_order_id == "a-1"
    with pytest.raises(OutcomeUnknown) as unknown:
        run(batch([{"client_order_id": "a"}, {"client_order_id": "b"}], None), LOST, LOST, LOST)
    assert unknown.value.client_order_ids == ("a", "b")
    assert unknown.value.client_order_id is None


def test_nothing_is_unknown_where_nothing_was_sent():
    for call in (ORDER, CANCEL, AMEND, query("/positions")):
        with pytest.raises(NotConnectedError):
            run(call, DOWN, DOWN, DOWN)


def test_a_batch_that_the_exchange_failed_at_is_asked_again():
    call = batch([{"client_order_id": "a"}], None)
    response, trace = run(call, refused(503, "SERVICE_UNAVAILABLE"), accepted(None, {"results": []}))
    assert response.success
    assert trace == ["POST /orders/batch"] * 2


def test_a_cancel_that_fails_after_a_lost_answer_is_judged_by_the_order():
    failed = refused(409, "CANCEL_FAILED")
    response, trace = run(CANCEL, LOST, failed, found("cancelled"))
    assert (response.success, response.order_id, response.error, response.status) == (True, "ORD_7", None, 200)
    assert trace == ["DELETE /orders/ORD_1"] * 2 + ["GET /orders/ORD_1"]
    for order in (found("filled"), refused(404, "ORDER_NOT_FOUND")):
        response, _ = run(CANCEL, LOST, failed, order)
        assert response.error.code == "CANCEL_FAILED"
    response, trace = run(CANCEL, LOST, failed, LOST, failed, found("cancelled"))
    assert response.success
    with pytest.raises(OutcomeUnknown, match="cancel_failed"):
        run(CANCEL, LOST, failed, LOST, failed, DOWN)
    response, _ = run(CANCEL, failed)
    assert response.error.code == "CANCEL_FAILED"


def test_what_may_act_twice_is_sent_again_only_if_it_was_never_sent():
    response, trace = run(AMEND, DOWN, accepted())
    assert len(trace) == 2
    with pytest.raises(OutcomeUnknown, match="may or may not have been carried out"):
        run(AMEND, LOST)
    response, _ = run(AMEND, refused(504, "PROCESSING_TIMEOUT"))
    assert response.error.code == "PROCESSING_TIMEOUT"


def test_a_rotation_whose_answer_is_lost_says_who_can_help():
    rotation = Call(
        method="POST", path="/teams/TEAM_1/rotate-key", body=b"{}", repeat=Repeat.MAY_ACT_TWICE, rotates_key=True
    )
    with pytest.raises(OutcomeUnknown, match="only the organiser can give the team another"):
        run(rotation, LOST)


def test_a_query_that_fails_to_the_end_raises_what_failed_or_hands_the_last_answer_back():
    with pytest.raises(AnswerLostError):
        run(query("/positions"), LOST, LOST, LOST)
    with pytest.raises(UnexpectedAnswerError):
        run(query("/positions"), PROXY_ERROR, PROXY_ERROR, PROXY_ERROR)
    late = refused(504, "PROCESSING_TIMEOUT")
    response, _ = run(query("/positions"), late, late, late)
    assert response.error.code == "PROCESSING_TIMEOUT"


def test_another_server_is_not_asked_twice():
    with pytest.raises(UnexpectedAnswerError):
        run(ORDER, Answer(404, {}, b"nothing here"))


def test_a_rate_limit_is_handed_back_unless_waiting_was_asked_for():
    limited = refused(429, "RATE_LIMIT_EXCEEDED", {"retry_after_seconds": 0.25})
    response, trace = run(ORDER, limited)
    assert (response.retry_after, trace) == (0.25, [SUBMIT])
    patient = RetryPolicy(attempts=2, wait_for_rate_limit=True)
    response, trace = run(ORDER, limited, limited, accepted(), policy=patient)
    assert response.success
    assert trace == [SUBMIT, 0.25, SUBMIT, 0.25, SUBMIT]
    response, trace = run(ORDER, *[limited] * 11, policy=patient)
    assert response.retry_after == 0.25


@pytest.mark.parametrize(
    ("headers", "expected"), [({"retry-after": "2"}, 2.0), ({"retry-after": "Wed, 21 Oct"}, 1.0), ({}, 1.0)]
)
def test_the_wait_is_read_from_the_header_where_the_body_does_not_tell(headers, expected):
    limited = refused(429, "RATE_LIMIT_EXCEEDED")._replace(headers=headers)
    response, _ = run(ORDER, limited)
    assert response.retry_after == expected


def test_an_answer_newer_than_the_client_is_understood():
    body = {
        "success": False,
        "request_id": "req_1",
        "order_id": None,
        "data": None,
        "timestamp": "2030-01-01T00:00:00Z",
    }
    error = {"code": "A_NEW_CODE", "message": "new", "details": None, "hint": "unknown field"}
    response, _ = run(ORDER, Answer(422, {}, json.dumps({**body, "error": error, "novelty": 1}).encode()))
    assert response.error.code == "A_NEW_CODE"


# ---- answers to something else ------------------------------------------------------------------------------------


def of_another(message):
    """An answer with the id of another client's request."""
    return message._replace(body=message.body.replace(b"req_1", b"0123456789ab-7"))


@pytest.mark.parametrize("other", [accepted("ORD_8"), refused(422, "POSITION_LIMIT_EXCEEDED"), refused(429, "X")])
def test_an_answer_to_another_request_is_no_answer(other):
    response, trace = run(ORDER, of_another(other), accepted())
    assert (response.order_id, response.attempts) == ("ORD_7", 2)
    assert trace == [SUBMIT, "hang up", SUBMIT]
    with pytest.raises(OutcomeUnknown, match="belongs to another request"):
        run(AMEND, of_another(other))
    with pytest.raises(AnswerLostError, match="belongs to another request"):
        run(query("/account"), of_another(other), policy=RetryPolicy(attempts=1))


def test_a_refusal_that_came_before_the_request_was_read_is_an_answer():
    message = refused(401, "UNAUTHENTICATED")
    unread = message._replace(body=message.body.replace(b"req_1", b"req_of the exchange's own"))
    assert run(ORDER, unread)[0].status == 401


@pytest.mark.parametrize("given", ["", "x" * 129, "two\nlines", " blank", "\u00e9", 7])
def test_an_id_of_the_bot_s_that_cannot_be_echoed_is_not_looked_for(given):
    order = submission({"client_order_id": "a-1", "request_id": given}, secrets.token_bytes)
    assert "X-Request-ID" not in order.headers
    assert json.loads(order.body)["request_id"] == given
    assert run(order, of_another(accepted("ORD_8")))[0].order_id == "ORD_8"


def test_every_request_bears_its_id_once():
    assert json.loads(ORDER.body)["request_id"] == ORDER.request_id
    assert "X-Request-ID" not in ORDER.headers
    for call in (CANCEL, AMEND, query("/orders"), batch([{"client_order_id": "a-1"}], "mine")):
        sent = call.with_id(secrets.token_bytes)
        assert sent.headers["X-Request-ID"] == sent.request_id
    assert len({call.with_id(secrets.token_bytes).request_id for call in (ORDER, CANCEL, AMEND, AMEND)}) == 4


def test_all_attempts_bear_one_id_drawn_from_the_source_and_a_look_up_the_next():
    numbers = iter((1, 2))
    steps = deliver(CANCEL, POLICY, lambda size: bytes([next(numbers)]) * size)
    first = next(steps).call
    second = steps.throw(LOST).call
    failed = refused(409, "CANCEL_FAILED")
    look_up = steps.send(failed._replace(body=failed.body.replace(b"req_1", b"01" * 8))).call
    assert (first.request_id, second.request_id) == ("01" * 8, "01" * 8)
    assert (look_up.path, look_up.request_id) == ("/orders/ORD_1", "02" * 8)
