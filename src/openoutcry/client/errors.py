"""The exceptions of the client. A request that the exchange refuses raises none of them: its answer is a `Response`."""

import copyreg
from collections.abc import Sequence
from typing import Any


class OpenOutcryError(Exception):
    """Base of the client's exceptions. Calls that are written wrongly raise `TypeError` or `ValueError` instead.

    They pickle with all their fields, so that a worker process can raise them to its parent.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        # What Exception does calls the class with the message alone, which lacks the other fields.
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class TransportError(OpenOutcryError):
    """Communication with the exchange failed."""


class NotConnectedError(TransportError):
    """No connection could be made. Nothing was sent, so nothing happened."""


class AnswerLostError(TransportError):
    """The request was sent, at least in part, and no complete answer came. It may have been carried out."""


class UnexpectedAnswerError(TransportError):
    """The answer does not have the form of the exchange's answers. A proxy or another server may have sent it."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class OutcomeUnknown(OpenOutcryError):  # noqa: N818 - the outcome is unknown, which is no error
    """All attempts failed to find out whether the exchange carried the request out.

    `client_order_ids` are the ids of the orders that the request submits. It is safe to submit the same terms under the
    same id again. `get_order(client_order_id=...)` shows whether an order was accepted.
    """

    def __init__(self, message: str, client_order_ids: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.client_order_ids = tuple(client_order_ids)

    @property
    def client_order_id(self) -> str | None:
        """The id of the order, if the request submits exactly one."""
        return self.client_order_ids[0] if len(self.client_order_ids) == 1 else None


class RefusedError(OpenOutcryError):
    """The exchange refused a request whose method does not return a `Response`. `code` is the exchange's error code."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class RegistrationRefusedError(RefusedError):
    """The exchange did not register the team, so there is no client to return."""


class SubscriptionRefusedError(RefusedError):
    """The channel does not exist, or the connection has as many subscriptions as it may have."""


class ProtectionRefusedError(RefusedError):
    """The exchange or the client refused to change `cancel_on_disconnect`."""


class StreamRefusedError(RefusedError):
    """The event stream has ended and does not reconnect: the key is wrong, or the stream is not permitted."""


class ClientClosedError(OpenOutcryError):
    """The client was closed by `close()` or at the end of its `with` block."""
