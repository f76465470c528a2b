"""New files for keys: readable by their owner only, and on the disk line by line."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openoutcry.cli.admin.trouble import UnusableFile


class KeyFile:
    """A new file. Each line is on the disk when it was written: the exchange shows no key twice."""

    def __init__(self, path: Path) -> None:
        """Raises `UnusableFile` if there is such a file, and `OSError`."""
        try:
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            raise UnusableFile(f"{path} exists already; name a new file, because keys are never written over") from None
        self._path = path
        self.is_empty = True

    def write_line(self, line: str) -> None:
        data = f"{line}\n".encode()
        while data:
            data = data[os.write(self._descriptor, data) :]
        os.fsync(self._descriptor)
        self.is_empty = False

    def close(self) -> None:
        """Close the file; one without a line is taken away."""
        os.close(self._descriptor)
        if self.is_empty:
            self._path.unlink(missing_ok=True)


@contextmanager
def new_key_file(path: Path) -> Iterator[KeyFile]:
    """The file, open; made before anything is asked for, so that no key is lost because it cannot be made."""
    file = KeyFile(path)
    try:
        yield file
    finally:
        file.close()
