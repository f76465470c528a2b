"""A world as bytes, to be kept beside the journal."""

import zlib
from typing import Final

import msgspec
import numpy as np
from msgspec import Struct

from openoutcry.domain.simulation.headlines import REGIMES
from openoutcry.simulation.world.world import Integers, World, WorldNews, WorldSignal

_LEVEL: Final = 1
"""Of zlib. More takes longer and saves little: most digits are chance."""
_WORD: Final = "<i8"


class UnreadableWorld(Exception):  # noqa: N818 - what was found
    """These bytes are no world that this version has written."""


class _Encoded(Struct, array_like=True):
    arrays: tuple[bytes, bytes, bytes, bytes, bytes, bytes]
    """Of each the first value and the differences behind it, in little-endian words of 64 bits."""
    news: tuple[WorldNews, ...]
    signals: tuple[WorldSignal, ...]


def encode(world: World) -> bytes:
    regimes, index, errors, tracker, beliefs, levels = map(_differences, world.arrays)
    encoded = _Encoded((regimes, index, errors, tracker, beliefs, levels), world.news, world.signals)
    return zlib.compress(msgspec.msgpack.encode(encoded), _LEVEL)


def decode(content: bytes) -> World:
    """Raises `UnreadableWorld`."""
    try:
        encoded = msgspec.msgpack.decode(zlib.decompress(content), type=_Encoded)
        regimes, index, errors, tracker, beliefs, levels = encoded.arrays
        world = World(
            regimes=_array(regimes),
            index=_array(index),
            errors=_array(errors),
            tracker=_array(tracker),
            beliefs=_array(beliefs, columns=len(REGIMES)),
            levels=_array(levels),
            news=encoded.news,
            signals=encoded.signals,
        )
    except (zlib.error, msgspec.MsgspecError, ValueError) as error:
        raise UnreadableWorld(f"no world: {error}") from error
    if len({len(array) for array in world.arrays}) != 1:
        raise UnreadableWorld("no world: its arrays differ in length")
    return world


def _differences(array: Integers) -> bytes:
    return np.diff(array, axis=0, prepend=np.zeros_like(array[:1])).astype(_WORD).tobytes()


def _array(content: bytes, columns: int = 1) -> Integers:
    differences = np.frombuffer(content, dtype=_WORD).astype(np.int64)
    if columns > 1:
        differences = differences.reshape(-1, columns)
    return np.cumsum(differences, axis=0)
