"""What the two clients share: the key, orders and handlers of a team, and the steps of a call."""

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
from openoutcry.client.settings import ClientSettings
from openoutcry.client.stream.books import LocalBook
from openoutcry.client.stream.handlers import Handlers
from openoutcry.protocol.responses import AccountData, InstrumentsData

R = TypeVar("R")


class TeamClient(Routes[R], Handlers):
    """The part of a client that never waits. `R`: what a route returns, a `Response` or an awaitable of one."""

    def __init__(self, credentials: Credentials, retry: RetryPolicy, settings: ClientSettings) -> None:
        Routes.__init__(self, settings.entropy)
        Handlers.__init__(self, settings.monotonic)
        self._settings = settings
        self._credentials = credentials
        self._retry = retry
        self._tracker = OrderTracker()

    @property
    def orders(self) -> OrderTracker:
        """The team's orders and positions. Answers update them and, once connected, events do too."""
        return self._tracker

    @property
    def team_id(self) -> str | None:
        """The team's id. None before `register` or `connect`, unless it was given to the client."""
        return self._credentials.team_id

    @property
    def api_key(self) -> str | None:
        """The key in use. Keep it to come back as the same team."""
        return self._credentials.api_key

    def _steps(self, call: Call) -> Delivery:
        """The steps that deliver the call. They update the orders, the key and the response's `client_order_id`."""
        self._tracker.sent(call.orders)
        policy = replace(self._retry, wait_for_rate_limit=True) if call.waits_for_rate_limit else self._retry
        with self._credentials.rotating() if call.rotates_key else nullcontext():
            try:
                response = yield from (all_pages if call.reads_all_pages else deliver)(call, policy, self._entropy)
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
        """All open orders above `order_id`, which a `welcome` has omitted."""
        call = query("/orders", after=order_id)
        return self._perform(replace(call, reads_all_pages=True, waits_for_rate_limit=True))

    def _headers(self, call: Call) -> dict[str, str]:
        return self._credentials.headers | call.headers

    def _adopt_resumed(self, account: Response) -> bool:
        """Whether the exchange knows the key. If so, take over the team's id. Raises `RefusedError`."""
        if account.error is not None and account.error.code == "UNAUTHENTICATED":
            return False
        self._credentials.team_id = account.data_as(AccountData).account.team_id
        return True

    def _keep_new_key(self, key_file: KeyFile) -> None:
        """Write the new key to the file, and later each key that replaces it."""
        assert self._credentials.api_key is not None  # noqa: S101 - it was just registered
        self._credentials.key_file = key_file
        self._credentials.go_over_to(self._credentials.api_key)

    def _adopt(self, registered: Response) -> None:
        """Take over id and key of the registered team. Raises `RegistrationRefusedError`."""
        if registered.error is not None:
            raise RegistrationRefusedError(registered.error.message, registered.error.code)
        data = registered.data or {}
        self._credentials.team_id, self._credentials.api_key = data["team_id"], data["api_key"]


def book_for(instrument_id: str, answer: Response) -> LocalBook:
    """An empty book for the instrument in `answer`. Raises `SubscriptionRefusedError` if `answer` is a refusal."""
    if answer.error is not None:
        raise SubscriptionRefusedError(answer.error.message, answer.error.code)
    (instrument,) = answer.data_as(InstrumentsData).instruments
    return LocalBook(instrument_id, instrument.tick_size)
