"""The SDK that bots install: requests with a verdict at once, events as they happen, both safe against a bad network.

    from openoutcry.client import Client

    with Client.register("http://127.0.0.1:8000", "my team") as api:
        api.on_execution_report(lambda fill: print(fill.side, fill.quantity, "at", fill.price))
        api.connect()
        response = api.submit_order(instrument_id="SPY", side="buy", quantity=1, price=450.0)
        print(response.order_id if response.success else response.error)

`AsyncClient` has the same methods, awaited. Imports `protocol` and the domain's types only.
"""

from openoutcry.client.asynchronous import AsyncClient
from openoutcry.client.books import Level, LocalBook
from openoutcry.client.calls import OrderTerms
from openoutcry.client.delivery import RetryPolicy
from openoutcry.client.errors import (
    AnswerLostError,
    ClientClosedError,
    NotConnectedError,
    OpenOutcryError,
    OutcomeUnknown,
    ProtectionRefusedError,
    RefusedError,
    RegistrationRefusedError,
    StreamRefusedError,
    SubscriptionRefusedError,
    TransportError,
    UnexpectedAnswerError,
)
from openoutcry.client.events import Disconnected, Event, RawEvent, StreamReset
from openoutcry.client.response import ApiError, Response
from openoutcry.client.synchronous import Client
from openoutcry.client.tracking import OrderTracker, TrackedOrder
from openoutcry.client.transport import Answer, AsyncTransport, Transport
from openoutcry.protocol.requests import OrderRequest, QuoteRequest

__all__ = [
    "Answer",
    "AnswerLostError",
    "ApiError",
    "AsyncClient",
    "AsyncTransport",
    "Client",
    "ClientClosedError",
    "Disconnected",
    "Event",
    "Level",
    "LocalBook",
    "NotConnectedError",
    "OpenOutcryError",
    "OrderRequest",
    "OrderTerms",
    "OrderTracker",
    "OutcomeUnknown",
    "ProtectionRefusedError",
    "QuoteRequest",
    "RawEvent",
    "RefusedError",
    "RegistrationRefusedError",
    "Response",
    "RetryPolicy",
    "StreamRefusedError",
    "StreamReset",
    "SubscriptionRefusedError",
    "TrackedOrder",
    "Transport",
    "TransportError",
    "UnexpectedAnswerError",
]
