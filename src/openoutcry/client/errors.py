"""What the client raises: transport that failed, and misuse. A refusal is a `Response`, never an exception."""

from collections.abc import Sequence


class OpenOutcryError(Exception):
    """Base of everything that the client raises on purpose, apart from `TypeError` and `ValueError` for misuse."""


class TransportError(OpenOutcryError):
    """The exchange could not be talked to."""


class NotConnectedError(TransportError):
    """No connection could be made: nothing was sent, so nothing happened."""


class AnswerLostError(TransportError):
    """The request was sent, wholly or in part, and no whole answer came: it may have been carried out."""


class UnexpectedAnswerError(TransportError):
    """Something answered, but not in the shape of the exchange: a proxy, or another server at that address."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class OutcomeUnknown(OpenOutcryError):  # noqa: N818 - the outcome is a state of the world, not a mistake
    """All attempts are used up and the exchange has not said what became of the request.

    `client_order_ids` name the orders in question: submitting the same terms under the same id again is safe,
    and `get_order(client_order_id=...)` tells what became of one.
    """

    def __init__(self, message: str, client_order_ids: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.client_order_ids = tuple(client_order_ids)

    @property
    def client_order_id(self) -> str | None:
        """The order in question, where it is one."""
        return self.client_order_ids[0] if len(self.client_order_ids) == 1 else None


class RefusedError(OpenOutcryError):
    """The exchange said no where no `Response` can be handed back; `code` is its error code."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class RegistrationRefusedError(RefusedError):
    """No team was registered, so there is no client to hand back."""


class SubscriptionRefusedError(RefusedError):
    """A channel that does not exist, or one subscription too many."""


class ProtectionRefusedError(RefusedError):
    """`cancel_on_disconnect` was not changed as asked."""


class StreamRefusedError(RefusedError):
    """The event stream has ended for good: wrong key, not permitted. Reconnecting would not help."""


class ClientClosedError(OpenOutcryError):
    """The client was closed, by `close()` or the end of its `with` block."""
