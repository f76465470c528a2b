"""`openoutcry admin halt | resume`."""

from typing import Annotated

import typer

from openoutcry.cli.admin.options import HERE, By, KeyFile, Reason, Url

InstrumentId = Annotated[
    str | None, typer.Argument(metavar="[INSTRUMENT]", help="Its symbol.", show_default="all instruments")
]


def halt(
    instrument_id: InstrumentId = None,
    url: Url = HERE,
    key_file: KeyFile = None,
    by: By = None,
    reason: Reason = None,
) -> None:
    """Stop trading in one instrument, or in all. Orders stay and can be cancelled."""
    from openoutcry.cli.admin.asking import asking

    with asking(url, key_file, by) as organiser:
        organiser.post("/admin/halt", reason, instrument_id=instrument_id)
    typer.echo(f"{instrument_id or 'all instruments'} halted")


def resume(
    instrument_id: InstrumentId = None,
    url: Url = HERE,
    key_file: KeyFile = None,
    by: By = None,
    reason: Reason = None,
) -> None:
    """End a halt of one instrument, or of all. In a session of the schedule a reopening auction comes first."""
    from openoutcry.cli.admin.asking import asking

    with asking(url, key_file, by) as organiser:
        market = organiser.post("/admin/resume", reason, instrument_id=instrument_id)
    phase = (
        market["phase"] if instrument_id is None else market["instrument_phases"].get(instrument_id, market["phase"])
    )
    typer.echo(f"{instrument_id or 'all instruments'} resumed, phase {phase}")
