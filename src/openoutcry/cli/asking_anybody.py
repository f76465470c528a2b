"""Asks a running exchange what it tells anybody, without a key."""

import typer

from openoutcry.client import Client


def public_client(url: str, parameter: str) -> Client:
    """To be closed. `parameter`: of the command line, where the address stands. Raises `BadParameter` if it is none."""
    try:
        return Client(url)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=parameter) from None
