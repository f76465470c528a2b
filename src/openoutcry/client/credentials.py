"""The team's key. The REST lane and the event stream share it, so that both change to a new key together."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from openoutcry.client.forks import let_go_when_forked
from openoutcry.client.key_file import KeyFile

_LOOK_AGAIN_SECONDS: Final = 0.02


class Credentials:
    """Without an `api_key` the client is anonymous and reads public data only. `repr` never shows the key.

    Raises `ValueError` for a key that cannot stand in a header.
    """

    def __init__(self, api_key: str | None, team_id: str | None) -> None:
        if api_key is not None and not (api_key.isascii() and api_key.isprintable() and api_key.strip() == api_key):
            raise ValueError("api_key contains characters that no key has, such as a line break at its end")
        self.api_key = api_key
        self.team_id = team_id
        self.key_file: KeyFile | None = None
        self._rotations = 0
        let_go_when_forked(self)

    def after_fork(self) -> None:
        self._rotations = 0

    def __repr__(self) -> str:
        return f"Credentials(team_id={self.team_id!r})"

    def go_over_to(self, api_key: str) -> None:
        """Use this key from now on, and write it to the key file if there is one."""
        self.api_key = api_key
        if self.key_file is not None:
            self.key_file.write(api_key)

    @property
    def headers(self) -> dict[str, str]:
        return {} if self.api_key is None else {"X-API-Key": self.api_key}

    @contextmanager
    def rotating(self) -> Iterator[None]:
        """For the time of a request for a new key. The exchange may refuse the old key before the new one arrives."""
        self._rotations += 1
        try:
            yield
        finally:
            self._rotations -= 1

    async def superseded(self, api_key: str | None) -> bool:
        """Whether another key has replaced `api_key`. Waits until no rotation is under way."""
        while self._rotations:  # noqa: ASYNC110 - another thread may do the rotation
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        return api_key != self.api_key
