"""What happened to a bot and what it did, turn by turn, kept in a file, so that two lives of it can be compared."""

import hashlib
import tempfile
from collections.abc import Iterator
from typing import IO, Final

import msgspec
from msgspec import Struct

from openoutcry.lab.isolation.messages import Action, Logged, Messages, Reply, Soon, Turn

_KEY: Final = b'"market_time":"'
_HASH: Final = 8
_LENGTH: Final = 4


class Deed(Struct, frozen=True, array_like=True):
    """A turn in which the bot did something."""

    turn: Turn
    actions: list[Action]
    market_time: str | None


class Step(Struct, frozen=True):
    """One turn. `deed`: None if the bot did nothing in it."""

    happened: bytes
    """A hash of it."""
    deed: Deed | None


class Trail:
    """Closing it removes its file."""

    def __init__(self, file: str) -> None:
        """`file`: the bot's."""
        self.file: Final = file
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._market_time: str | None = None
        self._encode: Final = msgspec.msgpack.Encoder().encode

    def note(self, turn: Turn, reply: Reply) -> None:
        if isinstance(turn.happening, Messages):
            self._look_at_the_clock(turn.happening)
        actions: list[Action] = [action for action in reply.actions if not isinstance(action, Soon | Logged)]
        deed = self._encode(Deed(turn, actions, self._market_time)) if actions else b""
        happened = hashlib.blake2b(self._encode((turn.time, turn.happening)), digest_size=_HASH).digest()
        self._file.write(happened + len(deed).to_bytes(_LENGTH, "big") + deed)

    def steps(self) -> Iterator[Step]:
        """All of it, from its beginning."""
        file, decode = self._file, msgspec.msgpack.Decoder(Deed).decode
        file.seek(0)
        while head := file.read(_HASH + _LENGTH):
            length = int.from_bytes(head[_HASH:], "big")
            yield Step(head[:_HASH], decode(file.read(length)) if length else None)

    def close(self) -> None:
        self._file.close()

    def _look_at_the_clock(self, messages: Messages) -> None:
        for message in reversed(messages.messages):
            at = message.find(_KEY)
            if at >= 0:
                begins = at + len(_KEY)
                self._market_time = message[begins : message.index(b'"', begins)].decode()
                return
