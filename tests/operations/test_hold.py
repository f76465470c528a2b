"""When a result may be sent, and what is sent in its place."""

from gateway_stage import start_exchange
from operations_stage import limit_order, register

from openoutcry.domain.reasons import ErrorCode
from openoutcry.operations.hold import Hold
from openoutcry.operations.order_entry import submit_order
from openoutcry.runtime.sequencing.coordination import ProcessingTimeout


async def test_with_durability_os_everything_may_be_told_at_once(exchange, alice):
    submit_order(exchange, alice, limit_order("buy", 1, 100.0))
    assert not Hold(exchange).holds()


async def test_with_durability_disk_a_result_is_told_once_the_disk_has_it(tmp_path):
    exchange = start_exchange(tmp_path, durability="disk")
    hold = Hold(exchange)
    submit_order(exchange, register(exchange, "alice"), limit_order("buy", 1, 100.0))
    assert hold.holds()
    await hold.until_released()
    assert not hold.holds()
    exchange.close()


async def test_what_became_of_a_command_is_unknown_where_its_result_may_not_be_told(exchange, alice):
    result = submit_order(exchange, alice, limit_order("buy", 1, 100.0))
    instead = Hold(exchange).in_place_of(result.sequence, ProcessingTimeout("the disk is slow"))
    assert (instead.reject.code, instead.sequence) == (ErrorCode.PROCESSING_TIMEOUT, None)
    assert "the disk is slow" in instead.reject.message


async def test_a_query_may_simply_be_asked_again(exchange):
    instead = Hold(exchange).in_place_of(None, ProcessingTimeout("the disk is slow"))
    assert instead.reject.code == ErrorCode.SERVICE_UNAVAILABLE
