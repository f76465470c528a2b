"""The organiser's commands, as `openoutcry admin --help` lists them."""

from typing import Final

import typer

from openoutcry.cli.admin.actions import actions
from openoutcry.cli.admin.fairness import withdraw_commitment
from openoutcry.cli.admin.halts import halt, resume
from openoutcry.cli.admin.notices import announce, news
from openoutcry.cli.admin.sanctions import pardon, sanction
from openoutcry.cli.admin.session import phase, session, speed
from openoutcry.cli.admin.surveillance import surveillance
from openoutcry.cli.admin.teams.commands import reinstate, rotate_key, suspend
from openoutcry.cli.admin.teams.creating import create
from openoutcry.cli.admin.teams.watching import watch
from openoutcry.cli.admin.trades import bust, settle
from openoutcry.cli.exit_codes import EXIT_CODES_HELP

admin: Final = typer.Typer(
    name="admin",
    help="Run an exchange: what only its organiser may do, asked of a running server.",
    epilog=EXIT_CODES_HELP,
    no_args_is_help=True,
)
teams: Final = typer.Typer(name="teams", epilog=EXIT_CODES_HELP)
teams.callback(invoke_without_command=True)(watch)
teams.command(epilog=EXIT_CODES_HELP)(create)

admin.add_typer(session)
for _command in (
    phase,
    speed,
    halt,
    resume,
    news,
    announce,
    sanction,
    pardon,
    suspend,
    reinstate,
    rotate_key,
    bust,
    settle,
    withdraw_commitment,
    actions,
    surveillance,
):
    admin.command(epilog=EXIT_CODES_HELP)(_command)
admin.add_typer(teams)
