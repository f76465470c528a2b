"""Writes the messages of one connection: all messages of a turn of the loop, at its end, in one write.

That wakes no task. A task writes only messages that must wait: for a slow reader, or, with durability "disk", for the
disk.
"""

import asyncio
from typing import Final

from openoutcry.gateway.stream.wire import Wire
from openoutcry.protocol.stream import CloseCode
from openoutcry.runtime.sequencing.coordination import OrderResponseCoordinator, ProcessingTimeout
from openoutcry.runtime.streams.closing import Closing
from openoutcry.runtime.streams.connection import Connection

UNSAFE: Final = Closing(
    CloseCode.TRY_AGAIN_LATER, "the disk has not yet taken the events that wait for this connection: try again later"
)


class StreamWriter:
    def __init__(self, connection: Connection, wire: Wire, coordinator: OrderResponseCoordinator) -> None:
        self._connection = connection
        self._wire = wire
        self._coordinator = coordinator
        self._must_wait = asyncio.Event()
        self._failure: Exception | None = None
        connection.writer = self.write

    def write(self) -> None:
        """Write waiting messages, if they may be written now; otherwise `keep_writing` writes them later."""
        connection = self._connection
        if connection.closing is not None:
            return
        if self._wire.is_full or self._coordinator.holds(connection.tells_of):
            self._must_wait.set()
            return
        try:
            messages = connection.take()
            if messages:
                self._wire.write(messages)
        except Exception as error:  # noqa: BLE001 - it ends this connection, not the turn in which others are written to
            self._failure = error
            self._must_wait.set()
            return
        if connection.has_more:
            connection.speak_up()

    async def keep_writing(self) -> None:
        """Write delayed messages as soon as they may be written; returns when the connection is over.

        Raises an error met while taking them.
        """
        while True:
            await self._must_wait.wait()
            self._must_wait.clear()
            if self._failure is not None:
                raise self._failure
            if not await self.may_speak():
                self._connection.close(UNSAFE.code, UNSAFE.reason)
                return
            await self._wire.room()
            self.write()

    async def may_speak(self) -> bool:
        """With durability "disk": wait until every command that the connection tells of is on the disk; whether it is
        now.

        The whole connection waits, so that an answer and what follows it stay in order.
        """
        try:
            while self._coordinator.holds(self._connection.tells_of):
                await self._coordinator.until_synced(self._connection.tells_of)
        except ProcessingTimeout:
            return False
        return True

    def abort(self) -> None:
        """End the connection at once, even if its reader has not read everything."""
        self._wire.abort()

    async def write_last_answers(self) -> None:
        """When there is room, write the waiting answers, and nothing else."""
        await self._wire.room()
        if answers := self._connection.take_answers():
            self._wire.write(answers)
