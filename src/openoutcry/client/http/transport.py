"""The seam between the client and HTTP: one request in, one answer out, or one of three errors."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from openoutcry.client.address import Address
from openoutcry.client.errors import AnswerLostError, NotConnectedError


class Answer(NamedTuple):
    """An HTTP answer. Names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Transport(Protocol):
    """Sends a request once. Its callers decide about retries.

    `request` raises `NotConnectedError` if nothing was sent, `AnswerLostError` if the request may have arrived. Several
    threads may call it at the same time.
    """

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer: ...

    def hang_up(self) -> None:
        """Close the idle connections. The next request opens a new one."""

    def close(self) -> None: ...


class AsyncTransport(Protocol):
    """`Transport` for an event loop."""

    async def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer: ...

    def hang_up(self) -> None:
        """Close the idle connections. The next request opens a new one."""

    async def close(self) -> None: ...


def not_connected(address: Address, error: Exception) -> NotConnectedError:
    return NotConnectedError(
        f"cannot connect to {address.base_url}: {str(error) or type(error).__name__}."
        " Is the exchange running, and are host and port right?"
    )


def answer_lost(address: Address, method: str, path: str, error: Exception) -> AnswerLostError:
    return AnswerLostError(
        f"{address.base_url} closed the connection before it answered {method} {path}"
        f" ({str(error) or type(error).__name__})"
    )


def answer_late(address: Address, method: str, path: str, timeout_seconds: float) -> AnswerLostError:
    return AnswerLostError(
        f"{address.base_url} did not answer {method} {path} within {timeout_seconds:g} s;"
        " a larger timeout_seconds waits longer"
    )
