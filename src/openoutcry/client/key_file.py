"""A file with the key of a team. A bot that is started again reads it and is the same team."""

import os
from pathlib import Path

import msgspec
from msgspec import Struct

from openoutcry.client.errors import RegistrationRefusedError
from openoutcry.client.settings import Entropy


class _Content(Struct, forbid_unknown_fields=True):
    team_name: str
    api_key: str


class KeyFile:
    """The file at `path` for the team of this name. Only its owner may read it (mode 0600)."""

    def __init__(self, path: str | os.PathLike[str], team_name: str, entropy: Entropy) -> None:
        self._path = Path(path)
        self._team_name = team_name
        self._entropy = entropy

    def read(self) -> str | None:
        """The key. None if the file does not exist.

        Raises `ValueError` if the file belongs to another team or holds no key; such a file is never overwritten.
        Raises `OSError` if it cannot be read.
        """
        try:
            content = msgspec.json.decode(self._path.read_bytes(), type=_Content)
        except FileNotFoundError:
            return None
        except msgspec.MsgspecError:
            raise ValueError(f"key_file {str(self._path)!r} holds no key of a team: name another file") from None
        if content.team_name != self._team_name:
            raise ValueError(
                f"key_file {str(self._path)!r} belongs to the team {content.team_name!r}, not {self._team_name!r}:"
                " give each team a file of its own"
            )
        return content.api_key

    def check_writable(self) -> None:
        """Raises `OSError` if the file cannot be written. Called before a key exists that would then be lost."""
        self._write_beside(b"").unlink()

    def write(self, api_key: str) -> None:
        """Replace the file atomically. A reader, also after an interrupted write, finds the old file or the new one."""
        self._write_beside(msgspec.json.encode(_Content(self._team_name, api_key))).replace(self._path)

    def explain(self, refusal: RegistrationRefusedError, *, had_key: bool) -> RegistrationRefusedError:
        """The refusal of a registration, with the state of the key file added to its message."""
        found = "holds a key that this exchange does not know" if had_key else "does not exist yet"
        return RegistrationRefusedError(f"{refusal} (key_file {str(self._path)!r} {found})", refusal.code)

    def _write_beside(self, content: bytes) -> Path:
        beside = self._path.with_name(f".{self._path.name}.{self._entropy(4).hex()}")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        return beside
