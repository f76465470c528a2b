"""Files in memory only, for a journal that is not read before it is saved."""

from itertools import count
from pathlib import Path

from openoutcry.journal.files import owner_only


class MemoryFiles:
    """`FileOperations` without a disk. A sync has nothing to do."""

    def __init__(self) -> None:
        self.contents: dict[Path, bytearray] = {}
        self._opened: dict[int, bytearray] = {}
        self._descriptors = count(1)

    def save(self, directory: Path) -> None:
        """Write every file into `directory`, under its own name, which must be free there. Raises `OSError`."""
        for path, content in self.contents.items():
            with open(directory / path.name, "xb", opener=owner_only) as file:
                file.write(content)

    def create(self, path: Path) -> int:
        if path in self.contents:
            raise FileExistsError(path)
        return self.open_to_append(path)

    def open_to_append(self, path: Path) -> int:
        descriptor = next(self._descriptors)
        self._opened[descriptor] = self.contents.setdefault(path, bytearray())
        return descriptor

    def write(self, descriptor: int, data: bytes | bytearray, /) -> int:
        self._opened[descriptor] += data
        return len(data)

    def truncate(self, descriptor: int, size: int, /) -> None:
        del self._opened[descriptor][size:]

    def synchronize(self, descriptor: int, /) -> None:
        pass

    def synchronize_path(self, path: Path) -> None:
        pass

    def write_anew(self, path: Path) -> None:
        pass

    def close(self, descriptor: int, /) -> None:
        del self._opened[descriptor]

    def rename(self, path: Path, name: Path) -> None:
        self.contents[name] = self.contents.pop(path)

    def remove(self, path: Path) -> None:
        del self.contents[path]
