"""What both clients have of one team: its key, its orders, its handlers, and how they carry a call out."""

from contextlib import nullcontext
from typing import TypeVar

from msgspec.structs import replace

from openoutcry.client.credentials import Credentials
from openoutcry.client.errors import NotConnectedError, RegistrationRefusedError, SubscriptionRefusedError
from openoutcry.client.http.calls import Call, query
from openoutcry.client.http.delivery import Delivery, RetryPolicy, deliver
from openoutcry.client.http.paging import all_pages
from openoutcry.client.http.response import Response, verdicts
from openoutcry.client.http.routes import Routes
from openoutcry.client.key_file import KeyFile
from openoutcry.client.orders import OrderTracker
from openoutcry.client.stream.books import LocalBook
from openoutcry.client.stream.handlers import Handlers
from openoutcry.protocol.responses import AccountData, InstrumentsData

R = TypeVar("R")


class TeamClient(Routes[R], Handlers):
    """Everything but the waiting. `R`: what a route's method returns, a `Response` or an awaitable of one."""

    def __init__(self, credentials: Credentials, retry: RetryPolicy) -> None:
        super().__init__()
        self._credentials = credentials
        self._retry = retry
        self._tracker = OrderTracker()

    @property
    def orders(self) -> OrderTracker:
        """The team's orders and positions, kept up to date from answers and, once connected, from events."""
        return self._tracker

    @property
    def team_id(self) -> str | None:
        """Known after `register`, or once the event stream is connected."""
        return self._credentials.team_id

    @property
    def api_key(self) -> str | None:
        """The key in use; keep it to come back as the same team."""
        return self._credentials.api_key

    def _steps(self, call: Call) -> Delivery:
        """The call's delivery, with what the client itself learns from it."""
        self._tracker.sent(call.orders)
        policy = replace(self._retry, wait_for_rate_limit=True) if call.waits_for_rate_limit else self._retry
        with self._credentials.rotating() if call.rotates_key else nullcontext():
            try:
                response = yield from (all_pages if call.reads_all_pages else deliver)(call, policy)
            except NotConnectedError:
                for terms in call.orders:
                    self._tracker.answered(terms, order_id=None)
                raise
            except BaseException:
                self._tracker.unanswered(call.orders)
                raise
            if call.rotates_key and response.success:
                self._credentials.go_over_to((response.data or {})["api_key"])
        for terms, order_id in verdicts(call.orders, response):
            self._tracker.answered(terms, order_id=order_id)
        if len(call.orders) == 1:
            response.client_order_id = call.client_order_ids[0]
        return response

    def _omitted_orders(self, order_id: str) -> R:
        """All open orders above `order_id`, which a `welcome` had no room for."""
        call = query("/orders", after=order_id)
        return self._perform(replace(call, reads_all_pages=True, waits_for_rate_limit=True))

    def _headers(self, call: Call) -> dict[str, str]:
        return self._credentials.headers | call.headers

    def _adopt_resumed(self, account: Response) -> bool:
        """Whether the key is one of a team's; then go on as that team. Raises `RefusedError`."""
        if account.error is not None and account.error.code == "UNAUTHENTICATED":
            return False
        self._credentials.team_id = account.data_as(AccountData).account.team_id
        return True

    def _keep_new_key(self, key_file: KeyFile) -> None:
        """Write the key to the file, and those that replace it."""
        assert self._credentials.api_key is not None  # noqa: S101 - it was just registered
        self._credentials.key_file = key_file
        self._credentials.go_over_to(self._credentials.api_key)

    def _adopt(self, registered: Response) -> None:
        """Go on as the team that was registered. Raises `RegistrationRefusedError`."""
        if registered.error is not None:
            raise RegistrationRefusedError(registered.error.message, registered.error.code)
        data = registered.data or {}
        self._credentials.team_id, self._credentials.api_key = data["team_id"], data["api_key"]


def book_for(instrument_id: str, answer: Response) -> LocalBook:
    """An empty book for the instrument that `answer` describes. Raises `SubscriptionRefusedError` if it does not."""
    if answer.error is not None:
        raise SubscriptionRefusedError(answer.error.message, answer.error.code)
    (instrument,) = answer.data_as(InstrumentsData).instruments
    return LocalBook(instrument_id, instrument.tick_size)
