"""A busted trade on the stream: in the private streams of both teams, and to readers of `trades` without a `seq`."""

import msgspec
from stream_stage import CALL, connected

from openoutcry.client.events import decode_event, private_seq
from openoutcry.domain import commands


async def test_both_teams_and_the_public_are_told(exchange, alice, bob):
    async with connected(exchange, alice.headers) as hers, connected(exchange) as anyone:
        await anyone.ask("subscribe", channels=[f"trades:{CALL}"])
        alice.order("sell", 3, 1000)
        bob.order("buy", 2, 1000)
        trade = await anyone.until(lambda message: message.type == "trade")
        trade_id = int(trade.trade_id.removeprefix("TRD_"))
        exchange.sequencer.perform(commands.BustTrade(trade_id, commands.Why("Ann", "A slip")))
        private = await hers.until(lambda message: message.type == "trade_busted")
        update = await hers.next()
        public = await anyone.until(lambda message: message.type == "trade_busted")

    assert (private.trade_id, private.price, private.quantity, private.reason) == (trade.trade_id, 10.0, 2, "A slip")
    assert (update.type, update.seq, update.position) == ("position_update", private.seq + 1, 0)
    assert public == msgspec.structs.replace(private, seq=0)
    assert b'"seq"' not in msgspec.json.encode(public), "seq is the private stream's alone"
    assert private_seq(decode_event(msgspec.json.encode(private))) == private.seq
    assert private_seq(decode_event(msgspec.json.encode(public))) is None
