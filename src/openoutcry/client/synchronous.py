"""The client for scripts and notebooks. Every call waits for its answer. Events arrive in a separate thread."""

import asyncio
import logging
import os
import time
import weakref
from collections.abc import Coroutine
from typing import Any, Never, Self

from openoutcry.client.address import Address
from openoutcry.client.background import BackgroundLoop
from openoutcry.client.credentials import Credentials
from openoutcry.client.errors import OpenOutcryError, RegistrationRefusedError, TransportError
from openoutcry.client.http.calls import Call
from openoutcry.client.http.delivery import HangUp, RetryPolicy, Wait
from openoutcry.client.http.response import Response
from openoutcry.client.http.synchronous_transport import HttpTransport
from openoutcry.client.http.transport import Transport
from openoutcry.client.key_file import KeyFile
from openoutcry.client.misuse import by_name_only
from openoutcry.client.settings import DEFAULT_SETTINGS, ClientSettings
from openoutcry.client.stream.books import LocalBook
from openoutcry.client.stream.iterators import ThreadedEvents
from openoutcry.client.stream.reading import ThreadedTransport
from openoutcry.client.stream.reconnection import EventStream
from openoutcry.client.stream.websocket import WebSocketTransport
from openoutcry.client.team import TeamClient, book_for
from openoutcry.protocol.responses import InstrumentInfo, InstrumentsData, OrderInfo, OrdersData
from openoutcry.protocol.stream import Welcome

_log = logging.getLogger("openoutcry.client")


class Client(TeamClient[Response]):
    """One team's connection to an exchange. Without an `api_key` it is anonymous and gets public data only.

    Several threads may call it. Handlers run in the client's own thread, one at a time and in the order of the events.
    They may call the client's methods. Another thread reads the connection: while a handler waits or works, pings are
    answered and events wait, up to `max_waiting_bytes` of
    its settings. Use the client in a `with` block, or `close()` it. Keep a
    reference to it while it trades: a client without references closes its connections.

    `timeout_seconds` bounds every wait for the network. `retry` says how hard to try. `transport` replaces HTTP.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | None = None,
        *,
        team_id: str | None = None,
        timeout_seconds: float = 5.0,
        retry: RetryPolicy | None = None,
        transport: Transport | None = None,
        settings: ClientSettings = DEFAULT_SETTINGS,
    ) -> None:
        super().__init__(Credentials(api_key, team_id), retry or RetryPolicy(), settings)
        self._address = Address.parse(base_url)
        self._transport = transport or HttpTransport(self._address, timeout_seconds)
        self._connections = ThreadedTransport(WebSocketTransport(self._address), settings)
        self._stream = EventStream(
            self._address,
            self._credentials,
            self._tracker,
            self._registry,
            self._connections,
            weakref.WeakMethod(self._orders_after),
            settings,
        )
        self._background = BackgroundLoop("openoutcry-events", settings.join_seconds)
        finalizer = weakref.finalize(self, _let_go, self._background, self._stream, self._connections, self._transport)
        finalizer.atexit = False

    @classmethod
    def register(
        cls,
        base_url: str,
        team_name: str,
        *,
        role: str | None = None,
        join_code: str | None = None,
        owner: str | None = None,
        nonce: str | None = None,
        timeout_seconds: float = 5.0,
        retry: RetryPolicy | None = None,
        transport: Transport | None = None,
        settings: ClientSettings = DEFAULT_SETTINGS,
    ) -> Self:
        """Register a team and return its client. Keep `client.api_key` to come back as the same team.

        Raises `RegistrationRefusedError`.
        """
        client = cls(base_url, timeout_seconds=timeout_seconds, retry=retry, transport=transport, settings=settings)
        try:
            response = client.register_team(team_name, role=role, join_code=join_code, owner=owner, nonce=nonce)
            client._adopt(response)
        except BaseException:
            client.close()
            raise
        return client

    @classmethod
    def register_or_resume(
        cls,
        base_url: str,
        team_name: str,
        *,
        key_file: str | os.PathLike[str],
        role: str | None = None,
        join_code: str | None = None,
        owner: str | None = None,
        nonce: str | None = None,
        timeout_seconds: float = 5.0,
        retry: RetryPolicy | None = None,
        settings: ClientSettings = DEFAULT_SETTINGS,
    ) -> Self:
        """Return the client of the team whose key is in `key_file`. Without a key, register the team and keep its key.

        If the exchange does not know the key, because it has started anew, the team is registered again. The file gets
        each new key, also that of a later `rotate_key`. Raises `RegistrationRefusedError`, `RefusedError` and
        `TransportError`; `ValueError` for a file that belongs to another team or holds no key; `OSError` for a file
        that cannot be read or written.
        """
        kept = KeyFile(key_file, team_name, settings.entropy)
        api_key = kept.read()
        if api_key is not None:
            client = cls(base_url, api_key, timeout_seconds=timeout_seconds, retry=retry, settings=settings)
            try:
                is_resumed = client._adopt_resumed(client.get_account())
            except BaseException:
                client.close()
                raise
            if is_resumed:
                client._credentials.key_file = kept
                return client
            client.close()
        kept.check_writable()
        try:
            client = cls.register(
                base_url,
                team_name,
                role=role,
                join_code=join_code,
                owner=owner,
                nonce=nonce,
                timeout_seconds=timeout_seconds,
                retry=retry,
                settings=settings,
            )
        except RegistrationRefusedError as refusal:
            raise kept.explain(refusal, had_key=api_key is not None) from None
        client._keep_new_key(kept)  # noqa: SLF001 - an instance of this class
        return client

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._address.base_url!r}, team_id={self.team_id!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Cancel all orders if `cancel_on_disconnect` is on, and then `close`."""
        try:
            if self._stream.guard.is_on:
                answer = self.mass_cancel()
                if answer.error is not None:
                    _log.warning("the orders are left to cancel_on_disconnect: %s", answer.error.message)
        except OpenOutcryError as error:
            _log.warning("the orders are left to cancel_on_disconnect: %s", error)
        finally:
            self.close()

    def close(self) -> None:
        """Close the connections and end every iterator over events.

        Orders stay in the book. With `cancel_on_disconnect` they are cancelled after its grace period, or at once at
        the end of a `with` block.
        """
        self._background.close(self._stream.stop)
        self._connections.abandon()  # a stream whose handler does not return cannot stop by itself
        self._transport.close()

    # ---- events ----------------------------------------------------------------------------------------------

    def connect(self, *, after_seq: int | None = None) -> Welcome:
        """Open the event stream and return its `welcome`: positions, account and open orders as they stand.

        Private events are delivered from now on, or from `after_seq` + 1 on; 0 replays the whole session. After a lost
        connection the client reconnects by itself. It delivers each private event once and in order.

        Raises `NotConnectedError` and `StreamRefusedError`. Raises `SubscriptionRefusedError` or
        `ProtectionRefusedError` if the exchange refuses something that was requested before the stream was open. The
        stream is then open, and all other requests hold.
        """
        if self._background.is_current:  # called by a handler, so the stream is open
            assert self._stream.welcome is not None  # noqa: S101 - handlers are called after it
            return self._stream.welcome
        return self._background.run(self._stream.connect(after_seq))

    @property
    def last_seq(self) -> int | None:
        """The last private event that was delivered. Another process goes on after it with `connect(after_seq=...)`."""
        return self._stream.last_seq

    def events(self, *misplaced: Never, timeout_seconds: float | None = None) -> ThreadedEvents:
        """An iterator over events from now on. Opens the stream if it is not open.

        The iterator ends when no event has come for `timeout_seconds`, or with the client.
        """
        by_name_only("events", misplaced, "events(timeout_seconds=0.5)")
        events = ThreadedEvents(self._stream.buffers.detach, timeout_seconds, self._settings, self)
        self._stream.buffers.attach(events)
        try:
            self.connect()
        except BaseException:
            events.close()
            raise
        return events

    def subscribe(self, *channels: str) -> None:
        """Read public channels, such as `trades:*` or `book:SPY`, also after a reconnection.

        Raises `SubscriptionRefusedError`.
        """
        self._in_background(self._stream.channels.subscribe(channels))

    def unsubscribe(self, *channels: str) -> None:
        self._in_background(self._stream.channels.unsubscribe(channels))

    def instrument(self, instrument_id: str) -> InstrumentInfo:
        """Reference data of one instrument, such as its tick size and limits, with `round_price`.

        Raises `RefusedError` if there is no such instrument.
        """
        (instrument,) = self.get_instrument(instrument_id).data_as(InstrumentsData).instruments
        return instrument

    def follow_book(self, instrument_id: str) -> LocalBook:
        """A book that the event stream keeps up to date and verifies. `synced` says whether it is up to date.

        If connected, waits for the first snapshot, except in a handler.
        Raises `SubscriptionRefusedError` for an unknown instrument.
        """
        book = self._stream.channels.book(instrument_id)
        if book is None:
            book = book_for(instrument_id, self.get_instrument(instrument_id))
        self._in_background(self._stream.channels.follow(book))
        return book

    def cancel_on_disconnect(self, *misplaced: Never, enabled: bool = True, grace_seconds: int = 0) -> None:
        """Let the exchange cancel all orders `grace_seconds` after the stream's connection ends, also by `close()`.

        It holds across connections. A new connection within the grace period keeps the orders. It is off at first.
        Raises `ProtectionRefusedError`, except in a handler.
        """
        by_name_only("cancel_on_disconnect", misplaced, "cancel_on_disconnect(grace_seconds=10)")
        self._in_background(self._stream.guard.set(enabled=enabled, grace_seconds=grace_seconds))

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        if self._background.is_current:
            self._background.start(work)  # the answer is read only after the handler returns
        else:
            self._background.run(work)

    async def _orders_after(self, order_id: str) -> list[OrderInfo]:
        """All open orders above `order_id`. Asks in another thread, since the stream's thread must not wait."""
        response = await asyncio.to_thread(self._omitted_orders, order_id)
        return response.data_as(OrdersData).orders

    # ---- requests --------------------------------------------------------------------------------------------

    def _perform(self, call: Call) -> Response:
        steps = self._steps(call)
        try:
            step = next(steps)
            while True:
                if isinstance(step, Wait):
                    time.sleep(step.seconds)
                    step = next(steps)
                    continue
                if isinstance(step, HangUp):
                    self._transport.hang_up()
                    step = next(steps)
                    continue
                sending = step.call
                try:
                    answer = self._transport.request(sending.method, sending.path, self._headers(sending), sending.body)
                except TransportError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(answer)
        except StopIteration as done:
            response: Response = done.value
            return response
        finally:
            steps.close()


def _let_go(
    background: BackgroundLoop, stream: EventStream, connections: ThreadedTransport, transport: Transport
) -> None:
    """Release what a dropped client holds, such as one of a notebook cell that runs again. Called in any thread."""
    background.close(stream.stop, wait=False)
    connections.abandon(wait=False)
    transport.close()
