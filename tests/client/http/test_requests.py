"""The REST lane of both clients against a real exchange."""

import asyncio
import threading
from datetime import datetime
from decimal import Decimal

import pytest
from client_stage import CALL, PUT

from openoutcry.client import (
    AsyncClient,
    Client,
    NotConnectedError,
    OrderRequest,
    RegistrationRefusedError,
    RetryPolicy,
    UnexpectedAnswerError,
)
from openoutcry.domain.commands import RegisterTeam
from openoutcry.domain.identifiers import format_team_id
from openoutcry.domain.reasons import Accepted
from openoutcry.journal.reader import JournalReader
from openoutcry.protocol.responses import InstrumentsData, PositionsData
from openoutcry.runtime.data_directory import DataDirectory

BUY = {"instrument_id": CALL, "side": "buy", "quantity": 10, "price": 100.0}


async def test_an_order_is_submitted_by_mapping_keywords_or_request(register):
    api = await register()
    for response in (
        await api.submit_order(BUY),
        await api.submit_order(**BUY),
        await api.submit_order(OrderRequest(**BUY)),
        await api.submit_order(BUY, quantity=3),
    ):
        assert response.success
        assert response.order_id.startswith("ORD_")
        assert response.error is None
    orders = (await api.get_open_orders()).data["orders"]
    assert [order["quantity"] for order in orders] == [10, 10, 10, 3]


async def test_a_response_reads_as_the_design_document_says(register):
    api = await register()
    response = await api.submit_order(BUY, request_id="req_12345")
    assert response.request_id == "req_12345"
    assert datetime.fromisoformat(response.timestamp).tzinfo is not None
    assert response.data is None
    assert response.sequence > 0


async def test_a_refusal_is_a_response_with_code_message_and_details(register):
    api = await register()
    response = await api.submit_order(BUY, quantity=151)
    assert not response.success
    assert response.order_id is None
    assert response.error.code == "POSITION_LIMIT_EXCEEDED"
    assert "150" in response.error.message
    assert response.error.details["order_quantity"] == 151
    assert response.status == 422


async def test_a_misspelt_term_is_refused_by_name_and_not_raised(register):
    api = await register()
    response = await api.submit_order({"instrument_id": CALL, "side": "buy", "qantity": 1, "price": 1.0})
    assert response.error.code == "MALFORMED_REQUEST"
    assert "qantity" in response.error.message


@pytest.mark.parametrize("price", [float("nan"), float("inf")])
async def test_a_price_that_json_cannot_carry_never_becomes_a_market_order(register, price):
    api = await register()
    with pytest.raises(ValueError, match=f"price is {price}"):
        await api.submit_order(BUY, price=price)
    with pytest.raises(ValueError, match="bid_price is nan"):
        await api.replace_quotes([{"instrument_id": CALL, "bid_price": float("nan"), "bid_quantity": 1}])


@pytest.mark.parametrize("way", ["submit", "batch", "validate", "request"])
async def test_an_order_whose_price_is_missing_is_raised_and_not_sent(register, rival, way):
    api = await register()
    rival.submit_order(instrument_id=PUT, side="sell", quantity=4, price=999.0)
    for order in ({"instrument_id": PUT, "side": "buy", "quantity": 4}, BUY | {"price": None}):
        calls = {
            "submit": lambda order=order: api.submit_order(**order),
            "batch": lambda order=order: api.submit_orders([BUY, order]),
            "validate": lambda order=order: api.validate_order(order),
            "request": lambda order=order: api.submit_order(OrderRequest(**order)),
        }
        with pytest.raises(ValueError, match='order_type="market"'):
            await calls[way]()
    assert api.orders.open_orders() == []
    assert (await api.get_fills()).data["fills"] == []


async def test_a_market_order_says_so(register, rival):
    api = await register()
    rival.submit_order(instrument_id=PUT, side="sell", quantity=4, price=30.0)
    terms = {"instrument_id": PUT, "side": "buy", "quantity": 2, "order_type": "market"}
    assert (await api.submit_order(**terms)).success
    assert (await api.submit_order(OrderRequest(**terms))).success
    assert (await api.get_positions()).data["positions"] == {PUT: 4}
    assert (await api.submit_order(terms, price=30.0)).error.code == "INVALID_PRICE"
    assert (await api.submit_order(terms, order_type="stop")).error.code == "MALFORMED_REQUEST"


async def test_invalid_terms_of_an_amendment_or_a_quote_raise(register):
    api = await register(role="market_maker")
    order_id = (await api.submit_order(BUY)).order_id
    with pytest.raises(ValueError, match="price is None"):
        await api.amend_order(order_id, quantity=5, price=None)
    with pytest.raises(ValueError, match="quantity is None"):
        await api.amend_order(order_id, quantity=None, price=99.0)
    assert (await api.get_order(order_id)).data["order"]["quantity"] == 10
    with pytest.raises(ValueError, match="there is no ask_price"):
        await api.replace_quotes([{"instrument_id": CALL, "ask_price": None, "ask_quantity": 3}])


async def test_numbers_of_other_libraries_are_sent_as_numbers(register):
    class ArrayNumber:
        def item(self):
            return 7

    class ArrayFloat(float):
        pass

    api = await register()
    for quantity, price in ((ArrayNumber(), Decimal("99.50")), (7, ArrayFloat(99.5))):
        response = await api.submit_order(BUY, quantity=quantity, price=price)
        assert response.success, response.error
    orders = (await api.get_open_orders()).data["orders"]
    assert [(order["quantity"], order["price"]) for order in orders] == [(7, 99.5), (7, 99.5)]
    with pytest.raises(TypeError, match="cannot be sent as JSON"):
        await api.submit_order(BUY, quantity=object())


async def test_validation_submits_nothing(register):
    api = await register()
    assert (await api.validate_order(BUY)).success
    assert (await api.validate_order(BUY, side="hold")).error.code == "INVALID_SIDE"
    assert (await api.get_open_orders()).data["orders"] == []


async def test_a_batch_answers_for_each_order(register):
    api = await register()
    response = await api.submit_orders([BUY, {**BUY, "quantity": 0}, BUY])
    assert [result["success"] for result in response.data["results"]] == [True, False, True]
    assert len((await api.get_open_orders()).data["orders"]) == 2


async def test_orders_are_amended_cancelled_and_found_by_either_id(register):
    api = await register()
    response = await api.submit_order(BUY, client_order_id="mine:1")
    assert response.client_order_id == "mine:1"
    amended = await api.amend_order(response.order_id, quantity=4)
    assert amended.data == {"kept_priority": True}
    found = await api.get_order(client_order_id="mine:1")
    assert found.data["order"]["quantity"] == 4
    assert found.data == (await api.get_order(response.order_id)).data
    cancelled = await api.cancel_order(client_order_id="mine:1")
    assert cancelled.order_id == response.order_id
    assert (await api.cancel_order(response.order_id)).error.code == "CANCEL_FAILED"
    closed = (await api.get_closed_orders(limit=1)).data["orders"]
    assert [order["order_id"] for order in closed] == [response.order_id]


async def test_a_mass_cancel_can_be_narrowed(register):
    api = await register()
    first, second, third = [
        (await api.submit_order(BUY, instrument_id=instrument_id)).order_id for instrument_id in (CALL, PUT, PUT)
    ]
    assert (await api.mass_cancel(instrument_id=PUT, side="buy")).data["cancelled"] == [second, third]
    assert (await api.mass_cancel()).data["cancelled"] == [first]


async def test_quotes_are_replaced_at_once(register):
    api = await register(role="market_maker")
    quote = {"instrument_id": PUT, "bid_price": 1.0, "bid_quantity": 5, "ask_price": 900.0, "ask_quantity": 5}
    (result,) = (await api.replace_quotes([quote])).data["results"]
    assert result["success"]
    orders = (await api.get_open_orders()).data["orders"]
    assert [order["order_id"] for order in orders] == [result["bid_order_id"], result["ask_order_id"]]


async def test_fills_positions_and_account_tell_what_was_traded(register, rival):
    api = await register()
    rival.submit_order(instrument_id=PUT, side="sell", quantity=4, price=30.0)
    bought = await api.submit_order(instrument_id=PUT, side="buy", quantity=4, price=30.0)
    (fill,) = (await api.get_fills()).data["fills"]
    assert (fill["order_id"], fill["quantity"], fill["fees"]) == (bought.order_id, 4, 0.08)
    assert (await api.get_fills(after=fill["trade_id"])).data["fills"] == []
    positions = await api.get_positions()
    assert positions.data["positions"] == {PUT: 4}
    assert positions.data_as(PositionsData).positions == {PUT: 4}
    account = (await api.get_account()).data["account"]
    assert (account["team_id"], account["fees_paid"]) == (api.team_id, 0.08)
    assert (await api.get_trades(PUT)).data["trades"][-1]["trade_id"] == fill["trade_id"]


async def test_public_data_needs_no_key(exchange):
    async with AsyncClient(exchange.url) as api:
        instruments = (await api.get_instruments()).data_as(InstrumentsData).instruments
        assert {instrument.instrument_id for instrument in instruments} == {CALL, PUT}
        assert len((await api.get_instrument(CALL)).data["instruments"]) == 1
        assert (await api.get_instrument("NO SUCH?a=b")).error.code == "INVALID_INSTRUMENT"
        assert (await api.get_market()).data["phase"] == "continuous"
        assert (await api.get_news(limit=1)).data["news"] == []
        assert (await api.get_news(after="ORD_1")).error.code == "MALFORMED_REQUEST"
        assert (await api.get_health()).data["status"] == "ok"
        assert (await api.get_order_book(CALL, depth=1)).data["instrument_id"] == CALL
        refused = await api.get_positions()
        assert (refused.status, refused.error.code) == (401, "UNAUTHENTICATED")


async def test_a_client_goes_on_with_a_rotated_key(register, exchange):
    api = await register()
    old_key, team_id = api.api_key, api.team_id
    assert (await api.get_team(team_id)).data["team"]["team_id"] == team_id
    assert (await api.rotate_key()).success
    assert api.api_key != old_key
    assert (await api.get_positions()).success
    with Client(exchange.url, old_key) as left_behind:
        assert left_behind.get_positions().error.code == "UNAUTHENTICATED"
        with pytest.raises(ValueError, match="team_id"):
            left_behind.rotate_key()


async def test_a_registration_that_is_refused_raises_with_its_code(register, exchange):
    api = await register()
    name = (await api.get_team(api.team_id)).data["team"]["team_name"]
    assert (await api.register_team(name)).error.code == "DUPLICATE_TEAM_NAME"
    with pytest.raises(RegistrationRefusedError) as refused:
        Client.register(exchange.url, name)
    assert refused.value.code == "DUPLICATE_TEAM_NAME"
    with pytest.raises(RegistrationRefusedError):
        await AsyncClient.register(exchange.url, name)


async def test_each_registration_has_a_random_nonce_unless_one_is_given(register, exchange):
    ids = [(await register()).team_id, (await register()).team_id, (await register(nonce="our-part")).team_id]
    journal = JournalReader(DataDirectory(exchange.data).journal)
    nonces = {
        format_team_id(record.verdict.new_id): record.command.nonce
        for record in journal
        if isinstance(record.command, RegisterTeam) and isinstance(record.verdict, Accepted)
    }
    drawn, other, given = (nonces[team_id] for team_id in ids)
    assert [len(bytes.fromhex(nonce)) for nonce in (drawn, other)] == [16, 16]
    assert drawn != other
    assert given == "our-part"


async def test_the_key_is_never_shown(register):
    api = await register()
    assert api.api_key not in repr(api)
    assert api.api_key not in repr(await api.get_positions())


@pytest.mark.parametrize(
    "base_url", ["127.0.0.1:8000", "ftp://somewhere", "http://", "http://host:port", "http://h/?q"]
)
def test_a_wrong_address_is_refused_before_anything_is_sent(base_url):
    with pytest.raises(ValueError, match="base_url"):
        Client(base_url)


def test_an_id_that_is_missing_or_empty_is_misuse(exchange):
    with Client(exchange.url) as api:
        with pytest.raises(TypeError, match="either order_id or client_order_id"):
            api.cancel_order()
        with pytest.raises(TypeError, match="either order_id or client_order_id"):
            api.get_order("ORD_1", client_order_id="a")
        with pytest.raises(ValueError, match="empty"):
            api.cancel_order("")


async def test_no_exchange_at_the_address_says_what_to_check(exchange, proxy):
    proxy.refuse_connections()
    retry = RetryPolicy(attempts=2, pauses_seconds=(0.0,))
    with Client(proxy.url, retry=retry) as api, pytest.raises(NotConnectedError, match="Is the exchange running"):
        api.get_health()
    async with AsyncClient(proxy.url, retry=retry) as api:
        with pytest.raises(NotConnectedError, match="Is the exchange running"):
            await api.get_health()


async def test_another_kind_of_server_is_recognised():
    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 6\r\n\r\n<html>")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with AsyncClient(f"http://127.0.0.1:{port}") as api:
            with pytest.raises(UnexpectedAnswerError, match="Is base_url that of an exchange") as unexpected:
                await api.get_market()
        assert unexpected.value.status == 404


def test_one_client_serves_many_threads(join):
    order_ids = []

    def trade():
        order_ids.extend(api.submit_order(BUY, quantity=1, time_in_force="ioc").order_id for _ in range(25))

    api = join()
    threads = [threading.Thread(target=trade) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(order_ids)) == 100
