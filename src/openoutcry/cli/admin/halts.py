"""`openoutcry admin halt | resume`."""

from typing import Annotated

import typer

from openoutcry.cli.admin.options import HERE, By, KeyFile, Reason, Url


def halt(
    instrument_id: Annotated[str, typer.Argument(help="Its symbol.")],
    url: Url = HERE,
    key_file: KeyFile = None,
    by: By = None,
    reason: Reason = None,
) -> None:
    """Stop trading in an instrument. Its orders stay and can be cancelled."""
    from openoutcry.cli.admin.asking import asking, part

    with asking(url, key_file, by) as organiser:
        organiser.post(f"/admin/instruments/{part(instrument_id)}/halt", reason)
    typer.echo(f"{instrument_id} halted")


def resume(
    instrument_id: Annotated[str, typer.Argument(help="Its symbol.")],
    url: Url = HERE,
    key_file: KeyFile = None,
    by: By = None,
    reason: Reason = None,
) -> None:
    """Let a halted instrument trade again."""
    from openoutcry.cli.admin.asking import asking, part

    with asking(url, key_file, by) as organiser:
        organiser.post(f"/admin/instruments/{part(instrument_id)}/resume", reason)
    typer.echo(f"{instrument_id} trades again")
