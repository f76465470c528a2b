"""`openoutcry admin surveillance`."""

from collections.abc import Iterator
from typing import Final

import typer

from openoutcry.cli.admin.options import HERE, KeyFile, Url
from openoutcry.protocol.responses import SurveillanceData

MOST_NAMED: Final = 5
"""Commands of a finding that are named for a replay."""


def surveillance(url: Url = HERE, key_file: KeyFile = None) -> None:
    """List what surveillance has found in the session: who, what, and the commands at which a replay shows it."""
    from openoutcry.cli.admin.asking import asking

    with asking(url, key_file) as organiser:
        data = organiser.get("/admin/surveillance", SurveillanceData)
    for line in lines_of(data):
        typer.echo(line)


def lines_of(data: SurveillanceData) -> Iterator[str]:
    """As the command prints it."""
    if not data.findings:
        yield "nothing found"
    for finding in data.findings:
        yield f"{finding.kind:<12} {', '.join(finding.teams)}"
        yield f"    {finding.text}"
        yield f"    {finding.measure:,.10g} {finding.unit}, and {finding.threshold:,.10g} is too much"
        yield f"    from {finding.since} to {finding.until}"
        if finding.commands:
            named = ", ".join(map(str, finding.commands[:MOST_NAMED]))
            more = finding.command_count - min(len(finding.commands), MOST_NAMED)
            rest = f" and {more} more" if more else ""
            yield f"    openoutcry replay DIRECTORY --until SEQUENCE shows each: {named}{rest}"
    for pair in data.exclusions:
        yield (
            f"excluded     {pair.trades:,} trades of {pair.contracts:,} contracts between {' and '.join(pair.owners)},"
            f" worth {pair.value:,.2f} to {pair.owners[0]}"
        )
