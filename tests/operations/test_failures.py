"""Exceptions of operations become results."""

from structlog.testing import capture_logs

from openoutcry.access.refusals import malformed
from openoutcry.domain.reasons import ErrorCode
from openoutcry.operations.failures import failed
from openoutcry.runtime.sequencing.unavailable import Unavailable


async def test_a_refusal_is_told_as_it_is(exchange):
    refused = malformed("price", "that is no price")
    assert failed(exchange, refused, "an order").reject == refused.reject


async def test_a_command_that_was_not_taken_may_be_sent_again(exchange):
    reject = failed(exchange, Unavailable("the disk is full"), "an order").reject
    assert (reject.code, reject.message) == (ErrorCode.SERVICE_UNAVAILABLE, "the disk is full")


async def test_of_a_bug_only_a_reference_is_told_and_the_log_has_the_rest(exchange):
    with capture_logs() as logs:
        reject = failed(exchange, ZeroDivisionError("secret"), "an order").reject
    assert reject.code == ErrorCode.INTERNAL_ERROR
    assert "secret" not in reject.message
    [entry] = logs
    assert (entry["reference"], entry["request"]) == (reject.details["reference"], "an order")
    assert "secret" in entry["traceback"]
