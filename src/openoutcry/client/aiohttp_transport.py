"""The asynchronous transport, on aiohttp."""

from collections.abc import Mapping

import aiohttp

from openoutcry.client.address import Address
from openoutcry.client.errors import ClientClosedError
from openoutcry.client.transport import Answer, answer_late, answer_lost, not_connected


class AiohttpTransport:
    """Requests over one pool of kept-alive connections, made at the first request and bound to its event loop.

    `timeout_seconds` bounds a whole request.
    """

    def __init__(self, address: Address, timeout_seconds: float) -> None:
        self._address = address
        self._timeout_seconds = timeout_seconds
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    async def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        session = self._open_session()
        try:
            async with session.request(
                method, self._address.base_url + path, data=body, headers=headers, allow_redirects=False
            ) as reply:
                content = await reply.read()
                return Answer(reply.status, {name.lower(): value for name, value in reply.headers.items()}, content)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise not_connected(self._address, error) from error
        except TimeoutError as error:
            raise answer_late(self._address, method, path, self._timeout_seconds) from error
        except (aiohttp.ClientError, OSError) as error:
            raise answer_lost(self._address, method, path, error) from error

    async def close(self) -> None:
        self._closed = True
        if self._session is not None:
            await self._session.close()

    def _open_session(self) -> aiohttp.ClientSession:
        if self._closed:
            raise ClientClosedError("this client is closed; make a new one")
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=self._timeout_seconds)
            self._session = aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
            # aiohttp would send a DELETE or PUT again by itself when a kept-alive connection breaks. Then an order
            # cancelled by the first would be reported as CANCEL_FAILED: who may send again is decided in `delivery`.
            self._session._retry_connection = False  # noqa: SLF001
        return self._session
