"""Orders as the real server takes them: by the order lane, from bytes to bytes; what that leaves, by the router."""

from openoutcry.gateway.app import Gateway
from openoutcry.gateway.http.asgi import Receive, Scope, Send
from openoutcry.gateway.order_lane.heads import OrderHeads


async def serve_http(gateway: Gateway, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request whose body comes in one piece."""
    head = OrderHeads().read(_head(scope))
    if head is None:
        await gateway.app(scope, receive, send)
        return
    body = (await receive())["body"]
    lane = gateway.order_lane
    answer = lane.answer(head, body)
    if lane.must_wait(answer):
        answer = await lane.released(answer)
    top, _, content = lane.to_bytes(head, answer, []).partition(b"\r\n\r\n")
    status, *lines = top.split(b"\r\n")
    headers = [(name, value) for name, _, value in (line.partition(b": ") for line in lines)]
    await send({"type": "http.response.start", "status": int(status.split(b" ")[1]), "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _head(scope: Scope) -> bytes:
    """The head of a request as the client sent it."""
    query = b"?" + scope["query_string"] if scope["query_string"] else b""
    lines = [b"%s %s HTTP/1.1" % (scope["method"].encode(), scope["raw_path"] + query)]
    lines += [b"%s: %s" % header for header in scope["headers"]]
    return b"\r\n".join((*lines, b"", b""))
