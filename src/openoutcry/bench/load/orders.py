"""The requests of the load: registrations of teams, and orders as prepared bytes."""

import http.client
import json
from collections.abc import Callable, Sequence
from typing import Final

from openoutcry.bench.load.http_connection import ANSWER_SECONDS
from openoutcry.bench.servers import Server

INSTRUMENT: Final = "FLOW0"
TRADING_PRICE: Final = 3_500
RESTING_PRICES: Final = 20
"""How many prices below the market the resting orders use."""

NO_KEY: Final = "key_of_nobody"
"""The key for servers that check none. It is about as long as a real one."""

Requests = Callable[[bytes], bytes]
"""Makes the next request of a connection from the answer to the one before, which is empty at first."""

_ORDER_ID: Final = b'"order_id":"'


def register_teams(exchange: Server, count: int, name: str = "Team") -> list[str]:
    """The keys of `count` new teams."""
    connection = http.client.HTTPConnection(exchange.host, exchange.port, timeout=ANSWER_SECONDS)
    keys = []
    for number in range(1, count + 1):
        body = json.dumps({"team_name": f"{name} {number}"})
        connection.request("POST", "/teams", body, {"Content-Type": "application/json"})
        keys.append(json.load(connection.getresponse())["data"]["api_key"])
    connection.close()
    return keys


def post_order(
    api_key: str, side: str, price: int, client_order_id: str | None = None, instrument: str = INSTRUMENT
) -> bytes:
    """`POST /orders` for one lot."""
    order = {"instrument_id": instrument, "side": side, "quantity": 1, "price": price}
    if client_order_id is not None:
        order["client_order_id"] = client_order_id
    body = json.dumps(order, separators=(",", ":"))
    return (
        f"POST /orders HTTP/1.1\r\nHost: exchange\r\nX-API-Key: {api_key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    )


def trading(api_key: str, _place: int) -> Requests:
    """A buy and a sell of one lot at the same price in turns. The first rests, and the second trades with it."""
    buy, sell = (post_order(api_key, side, TRADING_PRICE) for side in ("buy", "sell"))
    following = {buy: sell, sell: buy}
    last = sell

    def next_request(_answer: bytes) -> bytes:
        nonlocal last
        last = following[last]
        return last

    return next_request


def resting(api_key: str, place: int) -> Requests:
    """An order that rests, and its cancel. `place` counts the connections: it chooses one of the prices."""
    post = post_order(api_key, "buy", TRADING_PRICE - 1 - place % RESTING_PRICES)
    head, tail = b"DELETE /orders/", f" HTTP/1.1\r\nHost: exchange\r\nX-API-Key: {api_key}\r\n\r\n".encode()
    rests = False

    def next_request(answer: bytes) -> bytes:
        nonlocal rests
        rests = not rests
        if rests:
            return post
        start = answer.index(_ORDER_ID) + len(_ORDER_ID)
        return head + answer[start : answer.index(b'"', start)] + tail

    return next_request


MIXES: Final[dict[str, Callable[[str, int], Requests]]] = {"trading": trading, "resting": resting}
"""`trading`: every second order trades, which is more than in recorded flow. `resting`: half POST, half DELETE."""


_CLIENT_ORDER_ID: Final = b'"client_order_id":"'
_DIGITS: Final = 10


class NumberedOrders:
    """Orders that can be distinguished on the streams. Each has its own number as its client order id."""

    def __init__(self, api_key: str, instrument: str = INSTRUMENT, price: int = TRADING_PRICE) -> None:
        placeholder = "#" * _DIGITS
        self._parts = [
            post_order(api_key, side, price, placeholder, instrument).split(placeholder.encode())
            for side in ("buy", "sell")
        ]

    def request(self, number: int) -> bytes:
        """Even orders buy and odd ones sell at one price, so every odd one trades with the one before."""
        before, after = self._parts[number % 2]
        return b"%b%010d%b" % (before, number, after)


def number_in(message: bytes) -> int:
    """The number of the order to which a private event belongs."""
    start = message.index(_CLIENT_ORDER_ID) + len(_CLIENT_ORDER_ID)
    return int(message[start : start + _DIGITS])


def keys_for(server: Server | None, count: int, name: str = "Team") -> Sequence[str]:
    """The keys of new teams at the exchange. None is a server without teams; its keys are as long."""
    return [NO_KEY] * count if server is None else register_teams(server, count, name)
