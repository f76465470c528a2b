"""`openoutcry admin bust | settle`."""

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


def settle(
    instrument_id: Annotated[str, typer.Argument(help="Its symbol.")],
    price: Annotated[float, typer.Argument(metavar="PRICE", help="What one unit is paid out at; 0 is allowed.")],
    underlying: Annotated[
        float | None, typer.Option("--underlying", help="The underlying's price that it comes from, for the record.")
    ] = None,
    url: Url = HERE,
    key_file: KeyFile = None,
    by: By = None,
    reason: Reason = None,
) -> None:
    """Pay out every position in an instrument at a price. It expires by that."""
    from openoutcry.cli.admin.asking import asking

    with asking(url, key_file, by) as organiser:
        organiser.post(
            "/admin/settle",
            reason,
            instrument_id=instrument_id,
            settlement_price=price,
            underlying_price=underlying,
        )
    typer.echo(f"{instrument_id} settled at {price:g}")
