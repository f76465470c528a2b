"""`openoutcry version`: what is installed here."""

import platform

import typer

from openoutcry import __version__


def version() -> None:
    """Print the version of openoutcry and of Python, and whether the core is compiled."""
    from openoutcry.runtime.build import CORE

    typer.echo(f"openoutcry {__version__} (Python {platform.python_version()}, core {CORE})")
