"""A real server lists an instrument while bots read and trade, is killed, and goes on with it."""

import signal
import sys

import pytest
from client_stage import until
from served_exchange import OPENOUTCRY, ServedExchange

from openoutcry.client import AsyncClient

SYMBOL = "SPX_PUT_4600_20240315"

LISTS_ON_A_SIGNAL = f"""
import signal

from openoutcry.bootstrap import server
from openoutcry.cli import main
from openoutcry.domain.commands import ListInstrument
from openoutcry.domain.instruments import Instrument, parse_symbol

new = Instrument(
    instrument_id="{SYMBOL}", kind="option", underlying="SPX", tick_size=500, multiplier=10,
    option=parse_symbol("{SYMBOL}")[1],
)
opened = server.open_server

def open_server(*arguments, loop, **options):
    exchange = opened(*arguments, loop=loop, **options)
    loop.add_signal_handler(signal.SIGUSR1, lambda: exchange.sequencer.perform(ListInstrument(new)))
    return exchange

server.open_server = open_server
main()
"""
"""`openoutcry serve`, as a scenario with a market of its own will run it: the command comes from inside."""


class Reader:
    """A bot that reads the whole market, and what it was told."""

    def __init__(self, api):
        self.api = api
        self.listed = []
        self.trades = []
        self.fills = []
        self.books = {}

    async def begin(self):
        self.api.on_instrument_listed(lambda event: self.listed.append(event.instrument.instrument_id))
        self.api.on_trade(lambda event: self.trades.append((event.instrument_id, event.price)))
        self.api.on_execution_report(lambda event: self.fills.append((event.instrument_id, event.price)))
        self.api.on_book_snapshot(lambda event: self.books.update({event.instrument_id: event.book_seq}))
        await self.api.connect()
        await self.api.subscribe("market", "book:*", "trades:*")


async def trade(seller, buyer, quantity):
    for api, side in ((seller, "sell"), (buyer, "buy")):
        answer = await api.submit_order(instrument_id=SYMBOL, side=side, quantity=quantity, price=2.0)
        assert answer.success, answer.error


@pytest.mark.parametrize("durability", ["os", "disk"])
async def test_an_instrument_is_listed_traded_over_sockets_and_there_after_a_kill(tmp_path, durability):
    data, options = tmp_path / "data", ("--durability", durability)
    lists = (sys.executable, "-c", LISTS_ON_A_SIGNAL)
    with ServedExchange(data, *options, command=lists) as server:
        seller = await AsyncClient.register(server.url, team_name="seller", role="market_maker")
        buyer = await AsyncClient.register(server.url, team_name="buyer", role="market_maker")
        keys = seller.api_key, buyer.api_key
        reader = Reader(buyer)
        await reader.begin()
        refused = await buyer.submit_order(instrument_id=SYMBOL, side="buy", quantity=1, price=2.0)
        assert refused.error.code == "INVALID_INSTRUMENT"

        server.process.send_signal(signal.SIGUSR1)
        await until(lambda: SYMBOL in reader.listed and SYMBOL in reader.books)
        await trade(seller, buyer, 2)
        await until(lambda: reader.trades and reader.fills)
        assert reader.books[SYMBOL] == 0
        assert reader.trades == reader.fills == [(SYMBOL, 2.0)]
        await seller.close()
        await buyer.close()
        server.kill()

    with ServedExchange(data, *options, command=OPENOUTCRY) as server:
        seller, buyer = (AsyncClient(server.url, api_key=key) for key in keys)
        reader = Reader(buyer)
        await reader.begin()
        assert (await buyer.instrument(SYMBOL)).tick_size == 0.05
        listed = [each["instrument_id"] for each in (await buyer.get_instruments()).data["instruments"]]
        assert listed[-1] == SYMBOL
        await until(lambda: SYMBOL in reader.books)
        await trade(seller, buyer, 3)
        await until(lambda: reader.trades and reader.fills)
        assert (await buyer.get_positions()).data["positions"] == {SYMBOL: 5}
        await seller.close()
        await buyer.close()
