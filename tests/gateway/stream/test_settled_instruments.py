"""An instrument that expires and is settled, as the stream tells it."""

from recovery_stage import build
from stream_stage import CALL, PUT, connected, exchange_on

from openoutcry.bootstrap.projections import projections_of
from openoutcry.domain import commands


async def test_the_market_channel_tells_of_expiry_and_settlement_and_each_holder_of_the_new_position(
    exchange, alice, bob
):
    async with connected(exchange, alice.headers) as hers, connected(exchange) as anyone:
        await anyone.ask("subscribe", channels=["market"])
        alice.order("sell", 3, 1000)
        bob.order("buy", 2, 1000)
        exchange.sequencer.perform(commands.SettleInstrument(CALL, 1_234, 45_012_340))
        cancelled = await hers.until(lambda message: message.type == "order_cancelled")
        update = await hers.next()
        expired = await anyone.until(lambda message: message.type == "instrument_expired")
        settlement = await anyone.next()

    assert (cancelled.reason, cancelled.cancelled_quantity) == ("instrument_expired", 1)
    assert (update.type, update.position, update.realized_pnl) == ("position_update", 0, -2 * 2.34 * 100)
    assert expired.instrument_id == CALL
    assert (settlement.type, settlement.instrument_id) == ("settlement", CALL)
    assert (settlement.settlement_price, settlement.underlying_price) == (12.34, 4501.234)
    assert settlement.market_time.endswith("+00:00"), "without a day, market time is wall time"


async def test_whoever_joins_later_is_told_the_newest_settlement(exchange, alice):
    exchange.sequencer.perform(commands.SettleInstrument(CALL, 0))
    async with connected(exchange) as anyone:
        anyone.say({"op": "subscribe", "channels": ["market"]})
        settlement = await anyone.until(lambda message: message.type == "settlement")
    assert settlement.settlement_price == 0.0


async def test_whoever_joins_after_a_restart_is_told_what_expired_and_was_settled_last(tmp_path):
    folder = tmp_path / "data"
    exchange = exchange_on(folder, segment_bytes=600)
    exchange.sequencer.perform(commands.SettleInstrument(CALL, 5))
    exchange.sequencer.perform(commands.ExpireInstrument(PUT))
    before = await endings(exchange)
    assert [(each.type, each.instrument_id) for each in before] == [("instrument_expired", PUT), ("settlement", CALL)]
    for with_snapshot in (False, True):
        exchange.close()
        if with_snapshot:
            assert build(folder, projections_of).commands > 0
        exchange = exchange_on(folder, segment_bytes=600)
        assert await endings(exchange) == before
    exchange.close()


async def endings(exchange):
    """What a new reader of `market` hears of instruments at their end."""
    async with connected(exchange) as anyone:
        await anyone.ask("subscribe", channels=["market"])
        anyone.say({"op": "ping"})
        heard = []
        while (message := await anyone.next()).type != "ack":
            heard.append(message)
    return [message for message in heard if message.type in {"instrument_expired", "settlement"}]
