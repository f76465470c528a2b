"""The two routes that bots race on, without a framework: the same functions as everywhere, called directly.

A test suite holds both ways to identical answers, so this file may hold no decision of its own.
"""

from typing import Any, Final

from openoutcry.gateway.admission import Gate, Terms
from openoutcry.gateway.answers import Answer
from openoutcry.gateway.asgi import Receive, Scope, Send, client_address, send_answer
from openoutcry.gateway.bodies import Disconnected, read_body
from openoutcry.gateway.cancels import cancel_order
from openoutcry.gateway.decoding import decode, decode_empty
from openoutcry.gateway.failures import answer_failure
from openoutcry.gateway.order_entry import submit_order
from openoutcry.gateway.query_strings import check_query
from openoutcry.gateway.receipts import Receipt
from openoutcry.protocol.requests import OrderRequest
from openoutcry.runtime.exchange import Exchange

PLACE_ORDER: Final = Terms("team", "orders")
CANCEL_ORDER: Final = Terms("team", "cancels")

_ORDER_PATH: Final = "/orders/"
_ORDER_ID: Final = "ORD_"


class FastLane:
    """Serves `POST /orders` and `DELETE /orders/{order_id}`."""

    def __init__(self, exchange: Exchange, gate: Gate) -> None:
        self._exchange = exchange
        self._gate = gate

    def order_id_to_cancel(self, path: str) -> str | None:
        """The order id in a path that this lane cancels by; anything less plain is the framework's to read."""
        order_id = path.removeprefix(_ORDER_PATH)
        is_plain = order_id is not path and order_id.startswith(_ORDER_ID) and "/" not in order_id
        return order_id if is_plain else None

    async def submit(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = self._exchange
        receipt = Receipt(scope["headers"], exchange.clock.now())
        answer: Answer[Any]
        try:
            body = await self._admit(receipt, PLACE_ORDER, scope, receive)
            answer = submit_order(exchange, receipt, decode(body, OrderRequest, receipt))
        except Disconnected:
            return
        except Exception as error:  # noqa: BLE001 - every failure has an answer
            answer = answer_failure(exchange, receipt, error, "POST /orders")
        await send_answer(answer, send)

    async def cancel(self, order_id: str, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = self._exchange
        receipt = Receipt(scope["headers"], exchange.clock.now())
        answer: Answer[Any]
        try:
            body = await self._admit(receipt, CANCEL_ORDER, scope, receive)
            decode_empty(body, receipt)
            answer = cancel_order(exchange, receipt, order_id)
        except Disconnected:
            return
        except Exception as error:  # noqa: BLE001 - every failure has an answer
            answer = answer_failure(exchange, receipt, error, "DELETE /orders/{order_id}")
        await send_answer(answer, send)

    async def _admit(self, receipt: Receipt, terms: Terms, scope: Scope, receive: Receive) -> bytes:
        body = await read_body(receipt.headers, receive)
        self._gate.admit(receipt, terms, body, client_address(scope))
        check_query(scope["query_string"], ())
        return body
