"""An instrument that expires and is settled, as the stream tells it."""

from stream_stage import CALL, connected

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
