"""Compressed bytes in a file without a name, which is gone with the process."""

import os
import tempfile
import zlib
from typing import Final, NamedTuple

_FAST: Final = 1
"""Of zlib: other levels make it a fifth smaller in several times the time."""


class Place(NamedTuple):
    """Where something is kept."""

    offset: int
    size: int


class Archive:
    """Grows at its end. Raises `OSError` if the disk of temporary files refuses it."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="openoutcry-view-")  # noqa: SIM115 - closed by `close`
        self._newest: dict[str, tuple[bytes, Place]] = {}
        self.size_bytes = 0

    def put(self, data: bytes) -> Place:
        packed = zlib.compress(data, _FAST)
        place = Place(self.size_bytes, len(packed))
        self._file.write(packed)
        self.size_bytes += len(packed)
        return place

    def put_if_changed(self, name: str, data: bytes) -> Place:
        """Nothing new is written if the last of this name was the same."""
        newest = self._newest.get(name)
        if newest is None or newest[0] != data:
            newest = self._newest[name] = data, self.put(data)
        return newest[1]

    def get(self, place: Place) -> bytes:
        self._file.flush()
        return zlib.decompress(os.pread(self._file.fileno(), place.size, place.offset))

    def close(self) -> None:
        self._file.close()
