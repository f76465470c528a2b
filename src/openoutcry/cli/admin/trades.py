"""`openoutcry admin bust`."""

from typing import Annotated

import typer

from openoutcry.cli.admin.options import HERE, By, KeyFile, Reason, Url


def bust(
    trade_id: Annotated[str, typer.Argument(metavar="TRADE", help="Its id, such as TRD_11111.")],
    url: Url = HERE,
    key_file: KeyFile = None,
    by: By = None,
    reason: Reason = None,
) -> None:
    """Undo a trade: positions, money and fees of both sides."""
    from openoutcry.cli.admin.asking import asking, part

    with asking(url, key_file, by) as organiser:
        trade = organiser.post(f"/admin/trades/{part(trade_id)}/bust", reason)
    typer.echo(f"{trade['trade_id']} busted: {trade['quantity']} {trade['instrument_id']} @ {trade['price']}")
