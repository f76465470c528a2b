"""Calls that are written wrongly raise before anything is sent, and say what to write."""

import pytest
from client_stage import CALL

from openoutcry.client import AsyncClient, OrderRequest, QuoteRequest

QUOTE = {"instrument_id": CALL, "bid_price": 1.0, "bid_quantity": 1}

MISTAKES = [
    (lambda api: api.submit_order("SPY", "buy", 1, 450.0), r"write submit_order\(instrument_id=\"SPY\""),
    (lambda api: api.submit_order("SPY"), r"must be a mapping or keyword arguments, and this is 'SPY'"),
    (lambda api: api.validate_order("SPY", "buy"), r"write validate_order\(instrument_id="),
    (lambda api: api.amend_order(None, price=1.0), "order_id is None.*look at its `success` first"),
    (lambda api: api.amend_order("ORD_1", 5), r'by name only, and got 5: write amend_order\("ORD_1", quantity=5\)'),
    (lambda api: api.amend_order(7, quantity=5), "order_id is 7: it must be the string"),
    (lambda api: api.cancel_order(None), "The order_id of a refused order is None"),
    (lambda api: api.cancel_order(12), "order_id is 12: it must be the string"),
    (lambda api: api.get_order(client_order_id=12), "client_order_id is 12"),
    (lambda api: api.mass_cancel("SPY"), r'got \'SPY\': write mass_cancel\(instrument_id="SPY"\)'),
    (lambda api: api.submit_orders(QUOTE), r"write submit_orders\(\[...\]\)"),
    (lambda api: api.submit_orders(OrderRequest(instrument_id="SPY", side="buy", quantity=1)), r"takes a list"),
    (lambda api: api.replace_quotes(QUOTE), r"takes a list, and got {.*: write replace_quotes\(\[...\]\)"),
    (lambda api: api.replace_quotes(QuoteRequest(instrument_id="SPY")), "takes a list"),
    (lambda api: api.get_order_book("SPY", 5), r'write get_order_book\("SPY", depth=5\)'),
    (lambda api: api.get_instrument(["SPY"]), "instrument_id is .*: it must be the string"),
    (lambda api: api.events(5), r"write events\(timeout_seconds=0.5\)"),
]


@pytest.mark.parametrize(("call", "error"), MISTAKES)
def test_a_call_that_is_written_wrongly_says_what_to_write(join, call, error):
    api = join()
    with pytest.raises(TypeError, match=error):
        call(api)


@pytest.mark.parametrize(("call", "error"), MISTAKES)
async def test_the_asynchronous_client_says_the_same(call, error):
    async with AsyncClient("http://127.0.0.1:1", "key") as api:
        with pytest.raises(TypeError, match=error):
            await call(api)


@pytest.mark.parametrize("channels", [["top:*"], ("top:*",), None, 5])
async def test_channels_are_named_one_by_one(register, channels):
    api = await register()
    for method in (api.subscribe, api.unsubscribe):
        with pytest.raises(TypeError, match=r"for a list, write subscribe\(\*channels\)"):
            await method(channels)


async def test_a_grace_has_a_name(register):
    api = await register()
    with pytest.raises(TypeError, match=r"write cancel_on_disconnect\(grace_seconds=10\)"):
        await api.cancel_on_disconnect(10)
