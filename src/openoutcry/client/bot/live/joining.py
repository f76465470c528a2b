"""The client of a bot's team: with a given key, or with that of a key file, or of a team that is registered now."""

import os
import re
import stat
from pathlib import Path

from msgspec import Struct

from openoutcry.client.asynchronous import AsyncClient
from openoutcry.client.errors import OpenOutcryError
from openoutcry.client.http.response import Response
from openoutcry.protocol.responses import AccountData


class CannotJoin(OpenOutcryError):  # noqa: N818 - said of the bot
    """The bot cannot be its team; the text says what to do."""


class Team(Struct, frozen=True, kw_only=True):
    """As which team a bot runs: one that is registered as `name`, or that of an `api_key`; an empty `name` is any then.

    `role`: None takes the exchange's default, and any for a team that exists.
    """

    name: str
    role: str | None = None
    join_code: str | None = None
    key_file: Path | None = None
    """None: `key_file_of(name)`."""
    api_key: str | None = None


def key_file_of(name: str) -> Path:
    """The key file of a team of this name, in the working directory."""
    stem = re.sub(r"[^\w.-]", "_", name).lstrip(".")
    return Path(f"{stem or 'team'}.key")


async def join(url: str, team: Team) -> AsyncClient:
    """The team's client, which the caller closes. A team without a key is registered, and its key is kept.

    Raises `CannotJoin`, `RegistrationRefusedError`, `RefusedError`, `TransportError`; `OSError` for a key file that
    cannot be read or written.
    """
    try:
        client = AsyncClient(url, team.api_key) if team.api_key is not None else await _with_key_file(url, team)
    except ValueError as error:  # of an address, a key or a key file
        raise CannotJoin(str(error)) from None
    try:
        _check(await client.get_account(), url, team)
    except BaseException:
        await client.close()
        raise
    return client


def _check(answer: Response, url: str, team: Team) -> None:
    """Raises `CannotJoin` for a key that the exchange does not know, and for a team of another name or role."""
    if answer.error is not None and answer.error.code == "UNAUTHENTICATED":
        raise CannotJoin(
            f"the exchange at {url} does not know the key: an exchange that has begun anew knows none of before."
            " Without a key, the team is registered there"
        )
    account = answer.data_as(AccountData).account
    if team.name not in ("", account.team_name):
        raise CannotJoin(f"the key is that of the team {account.team_name!r}, and not of {team.name!r}")
    if team.role not in (None, account.role):
        raise CannotJoin(
            f"the bot is to be a {team.role}, and the team {account.team_name!r} is a {account.role}, which it stays:"
            " give the bot a team of another name"
        )


async def _with_key_file(url: str, team: Team) -> AsyncClient:
    file = team.key_file or key_file_of(team.name)
    _check_private(file)
    return await AsyncClient.register_or_resume(url, team.name, key_file=file, role=team.role, join_code=team.join_code)


def _check_private(file: Path) -> None:
    """Raises `CannotJoin` if others may read the file."""
    try:
        mode = file.stat().st_mode
    except FileNotFoundError:
        return
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise CannotJoin(
            f"the key file {file} can be read by others (its mode is {stat.S_IMODE(mode):o}), who could trade as the"
            f" team: run `chmod 600 {file}`. If somebody has seen the key, replace it by Client.rotate_key()"
        )
