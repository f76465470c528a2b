"""`openoutcry admin news | announce`."""

from typing import Annotated

import typer

from openoutcry.cli.admin.options import HERE, By, KeyFile, Reason, Url


def news(
    headline: Annotated[str, typer.Argument(help="The headline, in one line.")],
    category: Annotated[str, typer.Option(help="What it is about, in a word or two.")] = "general",
    odds: Annotated[
        str | None,
        typer.Option(
            metavar="SHIFT/JUMP/NOTHING",
            help="Chances of each effect in percent, which everybody is told, such as 40/30/30.",
        ),
    ] = None,
    regime: Annotated[
        str | None,
        typer.Option(
            metavar="REGIME",
            help="low, medium or high: the volatility that it brings the simulated market. Teams are not told.",
        ),
    ] = None,
    jump_percent: Annotated[
        float | None,
        typer.Option(
            metavar="PERCENT",
            help="By how much the simulated index jumps, from -20 to 20. Teams are not told.",
        ),
    ] = None,
    url: Url = HERE,
    key_file: KeyFile = None,
    by: By = None,
    reason: Reason = None,
) -> None:
    """Tell everybody a headline. Without --regime and --jump-percent no price moves by it."""
    from openoutcry.cli.admin.asking import asking

    chances = _odds(odds)
    with asking(url, key_file, by) as organiser:
        published = organiser.post(
            "/admin/news",
            reason,
            headline=headline,
            category=category,
            odds=chances,
            regime=regime,
            jump_percent=jump_percent,
        )
    typer.echo(f"{published['news']['news_id']} published")


def announce(
    text: Annotated[str, typer.Argument(help="What to say, in one line.")],
    url: Url = HERE,
    key_file: KeyFile = None,
    by: By = None,
    reason: Reason = None,
) -> None:
    """Tell everybody something that is not part of the market."""
    from openoutcry.cli.admin.asking import asking

    with asking(url, key_file, by) as organiser:
        organiser.post("/admin/announce", reason, text=text)
    typer.echo("announced")


def _odds(text: str | None) -> dict[str, int] | None:
    if text is None:
        return None
    names = ("regime_shift", "price_jump", "no_effect")
    parts = text.split("/")
    if len(parts) != len(names) or not all(each.isascii() and each.isdigit() for each in parts):
        raise typer.BadParameter(
            f"{text!r} is not three percentages that make 100, such as 40/30/30", param_hint="--odds"
        )
    return {name: int(each) for name, each in zip(names, parts, strict=True)}
