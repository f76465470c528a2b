"""Where a server listens, told on stdout for scripts; and the addresses to hand out to bots on other machines."""

import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Final

import typer

from openoutcry.gateway.server import address_of

_ANYWHERE: Final = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}
"""Addresses that no machine has. A UDP socket connected to one sends nothing, but shows this machine's own address."""


def say_where(listener: socket.socket) -> None:
    """Print `listening on URL` on stdout; before it, on stderr, the addresses for bots on other machines."""
    for address in addresses_for_others(listener):
        typer.echo(f"bots on other machines reach it at {address}", err=True)
    typer.echo(f"listening on {address_of(listener)}")


def address_here(listener: socket.socket) -> str:
    """The URL for programs on this machine."""
    host, port = listener.getsockname()[:2]
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host)  # noqa: S104 - compared, not listened on
    if here is None:
        return address_of(listener)
    return f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"


def addresses_for_others(listener: socket.socket) -> list[str]:
    """URLs to hand out to bots on other machines; empty if the server listens on one address only."""
    host, port = listener.getsockname()[:2]
    if host not in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not listened on
        return []
    # An IPv6 socket on "::" accepts IPv4 too.
    families = [socket.AF_INET] if listener.family == socket.AF_INET else [socket.AF_INET, socket.AF_INET6]
    found = dict.fromkeys(address for family in families for address in _addresses(family))
    return [f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}" for address in found]


def _addresses(family: socket.AddressFamily) -> Iterator[str]:
    """First the address that this machine uses to reach others, then those of its name; never a loopback address."""
    for address in (*_outgoing(family), *_named(family)):
        if not address.startswith("127.") and address != "::1" and "%" not in address:
            yield address


def _outgoing(family: socket.AddressFamily) -> list[str]:
    try:
        with closing(socket.socket(family, socket.SOCK_DGRAM)) as probe:
            probe.connect((_ANYWHERE[family], 9))
            return [probe.getsockname()[0]]
    except OSError:
        return []


def _named(family: socket.AddressFamily) -> list[str]:
    try:
        return [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, family, socket.SOCK_STREAM)]
    except OSError:
        return []
