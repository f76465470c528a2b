"""`openoutcry version`: what is installed here."""

import platform

import typer

from openoutcry import __version__


def version() -> None:
    """Print the version of openoutcry and of Python, and whether the core is compiled."""
    from openoutcry.runtime.process.build import CORE

    typer.echo(f"openoutcry {__version__} (Python {platform.python_version()}, core {CORE})")


def show_version(wanted: bool) -> None:
    """For the option `--version`, before any command: print the same and end."""
    if wanted:
        version()
        raise typer.Exit
