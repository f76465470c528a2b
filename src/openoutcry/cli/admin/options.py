"""The options that every organiser's command has."""

from pathlib import Path
from typing import Annotated

import typer

Url = Annotated[
    str, typer.Option("--url", envvar="OPENOUTCRY_URL", help="The exchange's address.", rich_help_panel="The exchange")
]
KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--key-file",
        help="A file with the organiser's key, such as DATA/admin.key. Without it, the key is OPENOUTCRY_ADMIN_KEY.",
        rich_help_panel="The exchange",
    ),
]
By = Annotated[
    str | None,
    typer.Option(
        "--by", envvar="OPENOUTCRY_ADMIN_NAME", help="Your name, for the journal.", rich_help_panel="For the record"
    ),
]
Reason = Annotated[str | None, typer.Option("--reason", help="Why, for the journal.", rich_help_panel="For the record")]

HERE = "http://127.0.0.1:8000"
"""Where `serve` listens unless it is told otherwise."""
