"""The two requests in which time counts most, from bytes to bytes: without framework or task, by the common operations.

A test suite requires identical answers of lane and router, so this file decides nothing itself.
"""

from typing import Any, Final

from openoutcry.access.gate import Gate
from openoutcry.domain.types import TeamId
from openoutcry.gateway.http.answer import Answer, Header, header_lines
from openoutcry.gateway.http.answer_bytes import answer_bytes
from openoutcry.gateway.http.answers import answer_result
from openoutcry.gateway.http.cross_origin import Origins
from openoutcry.gateway.http.decoding import decode, decode_empty
from openoutcry.gateway.http.failures import answer_failure
from openoutcry.gateway.http.held_answers import may_be_held, released
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.gateway.order_lane.heads import OrderHead
from openoutcry.operations.hold import Hold
from openoutcry.operations.order_changes import cancel_order
from openoutcry.operations.order_entry import submit_order
from openoutcry.protocol.requests import OrderRequest
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.sequencing.unavailable import Unavailable


class OrderLane:
    """Serves `POST /orders` and `DELETE /orders/{order_id}`."""

    def __init__(self, exchange: Exchange, gate: Gate, hold: Hold, origins: Origins) -> None:
        self.clock: Final = exchange.clock
        self._exchange = exchange
        self._gate = gate
        self._hold = hold
        self._holds_answers: Final = exchange.durability == "disk"
        self._origins = origins or None
        self._server_headers: list[Header] = []
        self._server_lines = b""

    def answer(self, head: OrderHead, body: bytes) -> Answer[Any]:
        """The exchange's answer to a whole request."""
        if head.cancels is not None:
            return self._cancel(head, body, head.cancels)
        exchange = self._exchange
        receipt = Receipt(head.headers, exchange.clock.now())
        try:
            self._gate.admit_team(receipt, head.key_hash, "orders")
            request = decode(body, OrderRequest, receipt)
            return answer_result(receipt, submit_order(exchange, receipt, request))
        except Exception as error:  # noqa: BLE001 - every failure has an answer
            return answer_failure(exchange, receipt, error, "POST /orders")

    def team_of(self, head: OrderHead) -> TeamId | None:
        """The team of a request's key; None if the key is unknown, or the exchange cannot be asked."""
        try:
            return self._exchange.sequencer.queries.team_of_key(head.key_hash)
        except Unavailable:
            return None

    def must_wait(self, answer: Answer[Any]) -> bool:
        """Whether `answer` may not leave yet."""
        return self._holds_answers and may_be_held(answer.status) and self._hold.holds()

    async def released(self, answer: Answer[Any]) -> Answer[Any]:
        """Wait until `answer` may leave; that answer, or the one that leaves in its place."""
        return await released(self._hold, answer)

    def to_bytes(self, head: OrderHead, answer: Answer[Any], server_headers: list[Header]) -> bytes:
        """`answer` as it goes on the wire. `server_headers` are the server's own: a new list when they change."""
        if server_headers is not self._server_headers:
            self._server_headers = server_headers
            self._server_lines = header_lines(server_headers)
        lines = self._server_lines
        if self._origins is not None:
            lines += header_lines(self._origins.headers_for(head.headers))
        return answer_bytes(answer, lines)

    def _cancel(self, head: OrderHead, body: bytes, order_id: str) -> Answer[Any]:
        exchange = self._exchange
        receipt = Receipt(head.headers, exchange.clock.now())
        try:
            self._gate.admit_team(receipt, head.key_hash, "cancels")
            decode_empty(body, receipt)
            return answer_result(receipt, cancel_order(exchange, receipt, order_id))
        except Exception as error:  # noqa: BLE001 - every failure has an answer
            return answer_failure(exchange, receipt, error, "DELETE /orders/{order_id}")
