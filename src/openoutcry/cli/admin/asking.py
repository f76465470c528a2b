"""Requests to a running exchange with the organiser's key, and what can go wrong with them."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from math import isfinite
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode

import msgspec
import typer

from openoutcry.cli.admin.trouble import NoUsableKey, RefusedByExchange
from openoutcry.cli.failures import failures_told
from openoutcry.client.address import Address
from openoutcry.client.http.response import read_response
from openoutcry.client.http.transport import Answer, answer_late, answer_lost, not_connected
from openoutcry.protocol.responses import TeamsData

KEY_VARIABLE: Final = "OPENOUTCRY_ADMIN_KEY"
PATIENCE_SECONDS: Final = 30.0
"""After which an answer is given up."""

T = TypeVar("T")


class Organiser:
    """Asks one exchange with the organiser's key. Raises `RefusedByExchange` and the client's `TransportError`."""

    def __init__(self, url: str, key_file: Path | None, by: str | None = None) -> None:
        """Raises `NoUsableKey`, `OSError` if the file cannot be read, `BadParameter` for what is no address."""
        try:
            self._address = Address.parse(url)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--url") from None
        self._headers = {"X-Admin-Key": _key(key_file)}
        self._answered_at = ""
        if by is not None:
            if not by.isprintable():
                raise typer.BadParameter(f"{by!r} is not one line of visible characters", param_hint="--by")
            # Headers are bytes, which http.client writes as Latin-1.
            self._headers["X-Admin-Name"] = by.encode().decode("latin-1")

    def post(self, path: str, reason: str | None = None, **terms: object) -> dict[str, Any]:
        """Ask for a change; terms that are None are left out. The answer's data, empty if it has none."""
        body = {name: value for name, value in (terms | {"reason": reason}).items() if value is not None}
        for name, value in body.items():
            _check(name, value)
        return self._ask("POST", path, msgspec.json.encode(body))

    def get(self, path: str, gives: type[T], **query: object) -> T:
        """The answer's data as one of the types of `protocol.responses`."""
        asked = urlencode({name: value for name, value in query.items() if value is not None})
        return msgspec.convert(self._ask("GET", f"{path}?{asked}" if asked else path, None), gives)

    @property
    def answered_at(self) -> datetime:
        """The exchange's time in its last answer."""
        return datetime.fromisoformat(self._answered_at)

    def all_teams(self) -> TeamsData:
        """Every team, page by page."""
        found = self.get("/admin/teams", TeamsData)
        while found.omitted:
            page = self.get("/admin/teams", TeamsData, after=found.teams[-1].team_id)
            found = TeamsData([*found.teams, *page.teams], page.omitted, page.roles)
        return found

    def _ask(self, method: str, path: str, body: bytes | None) -> dict[str, Any]:
        response = read_response(self._exchange(method, path, body))
        self._answered_at = response.timestamp
        if response.error is not None:
            raise RefusedByExchange(f"{response.error.code}: {response.error.message}")
        return response.data or {}

    def _exchange(self, method: str, path: str, body: bytes | None) -> Answer:
        address = self._address
        kind = HTTPSConnection if address.secure else HTTPConnection
        connection = kind(address.host, address.port, timeout=PATIENCE_SECONDS)
        headers: Mapping[str, str] = self._headers if body is None else self._headers | _JSON
        try:
            try:
                connection.connect()
            except OSError as error:
                raise not_connected(address, error) from error
            try:
                connection.request(method, address.prefix + path, body, dict(headers))
                reply = connection.getresponse()
                lines = {name.lower(): value for name, value in reply.getheaders()}
                return Answer(reply.status, lines, reply.read())
            except TimeoutError as error:
                raise answer_late(address, method, path, PATIENCE_SECONDS) from error
            except (OSError, HTTPException) as error:
                raise answer_lost(address, method, path, error) from error
        finally:
            connection.close()


@contextmanager
def asking(url: str, key_file: Path | None, by: str | None = None) -> Iterator[Organiser]:
    """Around a command: asks the exchange, and tells what went wrong in a sentence."""
    with failures_told():
        yield Organiser(url, key_file, by)


def part(text: str) -> str:
    """`text` as one part of a path."""
    _check("id", text)
    return quote(text, safe="")


_JSON: Final = {"Content-Type": "application/json"}


def _check(name: str, value: object) -> None:
    """Raise `BadParameter` for a word of the command line that JSON cannot carry."""
    if isinstance(value, float) and not isfinite(value):
        raise typer.BadParameter(f"{value} is not a finite number", param_hint=name)
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise typer.BadParameter(f"{value!r} is not text in UTF-8", param_hint=name) from None


def _key(file: Path | None) -> str:
    key = os.environ.get(KEY_VARIABLE) if file is None else file.read_text(encoding="utf-8").strip()
    if not key:
        where = f"{KEY_VARIABLE} is not set" if file is None else f"{file} is empty"
        raise NoUsableKey(f"{where}: name the file with the organiser's key by --key-file, such as data/admin.key")
    if not key.isascii() or not key.isprintable() or " " in key:
        where = KEY_VARIABLE if file is None else str(file)
        raise NoUsableKey(f"{where} does not hold a key: a key is one line of visible ASCII characters")
    return key
