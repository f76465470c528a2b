"""`openoutcry admin actions`."""

from typing import Annotated, Final

import typer

from openoutcry.cli.admin.options import HERE, KeyFile, Url
from openoutcry.protocol.responses import ActionInfo, ActionsData

PAGE: Final = 1_000
"""Actions that are asked for at once."""


def actions(
    after: Annotated[int, typer.Option(min=0, help="Only those after the command of this sequence number.")] = 0,
    url: Url = HERE,
    key_file: KeyFile = None,
) -> None:
    """List what organisers did: when, who, why, and what became of it."""
    from openoutcry.cli.admin.asking import asking

    with asking(url, key_file) as organiser:
        page = organiser.get("/admin/actions", ActionsData, after=after, limit=PAGE)
        if page.forgotten:
            typer.echo(f"{page.forgotten} older ones are only in the journal", err=True)
        _print(page.actions)
        while page.omitted:
            page = organiser.get("/admin/actions", ActionsData, after=page.actions[-1].sequence, limit=PAGE)
            _print(page.actions)


def _print(actions: list[ActionInfo]) -> None:
    for action in actions:
        terms = " ".join(f"{name}={_shown(value)}" for name, value in action.terms.items() if value is not None)
        by = "" if action.by is None else f"  by {action.by}"
        reason = "" if action.reason is None else f": {action.reason}"
        refused = "" if action.error is None else f"  REFUSED {action.error.code}"
        typer.echo(f"{action.sequence:>8}  {action.timestamp[:19]}Z  {action.action} {terms}{by}{reason}{refused}")


def _shown(value: object) -> str:
    """Odds as `admin news` takes them."""
    return "/".join(map(str, value.values())) if isinstance(value, dict) else str(value)
