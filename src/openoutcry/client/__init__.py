"""The SDK that bots install: requests that return the verdict, and events as they happen, also over a bad network.

    from openoutcry.client import Client

    with Client.register("http://127.0.0.1:8000", "my team") as api:
        api.on_execution_report(lambda fill: print(fill.side, fill.quantity, "at", fill.price))
        api.connect()
        response = api.submit_order(instrument_id="SPX_CALL_4500_20240119", side="buy", quantity=1, price=40.0)
        print(response.order_id if response.success else response.error)

`AsyncClient` has the same methods as coroutines. The package imports `protocol` and the domain's types only.
"""

from openoutcry.client.asynchronous import AsyncClient
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
from openoutcry.client.events import Disconnected, Event, EventType, RawEvent, StreamReset
from openoutcry.client.http.delivery import RetryPolicy
from openoutcry.client.http.response import ApiError, Response
from openoutcry.client.http.terms import OrderTerms
from openoutcry.client.http.transport import Answer, AsyncTransport, Transport
from openoutcry.client.orders import OrderTracker, TrackedOrder
from openoutcry.client.stream.books import Level, LocalBook
from openoutcry.client.synchronous import Client
from openoutcry.protocol.requests import OrderRequest, QuoteRequest
from openoutcry.protocol.responses import (
    AccountData,
    AccountInfo,
    AmendData,
    ApiResponse,
    BatchData,
    CancelAfterData,
    CancelledData,
    FillInfo,
    FillsData,
    HealthData,
    InstrumentInfo,
    InstrumentsData,
    LevelInfo,
    MarketData,
    OrderBookData,
    OrderData,
    OrderInfo,
    OrdersData,
    PositionsData,
    QuoteResult,
    QuotesData,
    TeamData,
    TeamInfo,
    TradeInfo,
    TradesData,
)
from openoutcry.protocol.stream import (
    Ack,
    Announcement,
    BookSnapshot,
    BookUpdate,
    ExecutionReport,
    Heartbeat,
    InstrumentListed,
    NewOrderAck,
    News,
    OrderAmended,
    OrderCancelled,
    PositionUpdate,
    SessionStatus,
    StreamError,
    TopOfBook,
    Trade,
    TradeBusted,
    Welcome,
)

__all__ = [
    "AccountData",
    "AccountInfo",
    "Ack",
    "AmendData",
    "Announcement",
    "Answer",
    "AnswerLostError",
    "ApiError",
    "ApiResponse",
    "AsyncClient",
    "AsyncTransport",
    "BatchData",
    "BookSnapshot",
    "BookUpdate",
    "CancelAfterData",
    "CancelledData",
    "Client",
    "ClientClosedError",
    "Disconnected",
    "Event",
    "EventType",
    "ExecutionReport",
    "FillInfo",
    "FillsData",
    "HealthData",
    "Heartbeat",
    "InstrumentInfo",
    "InstrumentListed",
    "InstrumentsData",
    "Level",
    "LevelInfo",
    "LocalBook",
    "MarketData",
    "NewOrderAck",
    "News",
    "NotConnectedError",
    "OpenOutcryError",
    "OrderAmended",
    "OrderBookData",
    "OrderCancelled",
    "OrderData",
    "OrderInfo",
    "OrderRequest",
    "OrderTerms",
    "OrderTracker",
    "OrdersData",
    "OutcomeUnknown",
    "PositionUpdate",
    "PositionsData",
    "ProtectionRefusedError",
    "QuoteRequest",
    "QuoteResult",
    "QuotesData",
    "RawEvent",
    "RefusedError",
    "RegistrationRefusedError",
    "Response",
    "RetryPolicy",
    "SessionStatus",
    "StreamError",
    "StreamRefusedError",
    "StreamReset",
    "SubscriptionRefusedError",
    "TeamData",
    "TeamInfo",
    "TopOfBook",
    "TrackedOrder",
    "Trade",
    "TradeBusted",
    "TradeInfo",
    "TradesData",
    "Transport",
    "TransportError",
    "UnexpectedAnswerError",
    "Welcome",
]
