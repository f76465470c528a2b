"""Keys: 256 random bits as text that fits a header. Only the SHA-256 of a team's key is ever kept."""

import hashlib
import os
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Final

from openoutcry.runtime.entropy import SYSTEM_ENTROPY, Entropy

MINIMUM_GIVEN_LENGTH: Final = 16


class UnusableKey(Exception):  # noqa: N818 - named for what it means to the organiser
    """The organiser's key cannot be used; the text says what is allowed."""


def new_key(entropy: Entropy) -> str:
    return urlsafe_b64encode(entropy(32)).rstrip(b"=").decode()


def hash_key(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()


def organiser_key(path: Path, given: str | None, entropy: Entropy = SYSTEM_ENTROPY) -> str:
    """The key that opens `/admin`: the `given` one, else the one in the file `path`, made on first use.

    Raises `UnusableKey`, and `OSError` if the file cannot be read or made.
    """
    if given is not None:
        return _checked(given, "the organiser's key that was given")
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        if path.stat().st_mode & 0o077:
            raise UnusableKey(f"others on this machine can read {path}: run chmod 600 {path}") from None
        return _checked(path.read_text().strip(), f"the key in {path}")
    key = new_key(entropy)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{key}\n")
        file.flush()
        os.fsync(descriptor)
    return key


def _checked(key: str, which: str) -> str:
    if len(key) < MINIMUM_GIVEN_LENGTH or not key.isascii() or not key.isprintable() or " " in key:
        raise UnusableKey(
            f"{which} cannot be used: it must be at least {MINIMUM_GIVEN_LENGTH} visible ASCII characters;"
            " give no key and remove the file, and the server makes one"
        )
    return key
