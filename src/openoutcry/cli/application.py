"""The command `openoutcry` with its subcommands. What each one needs is imported when it runs."""

from typing import Annotated, Final

import typer

from openoutcry.cli.admin.commands import admin
from openoutcry.cli.bench import bench
from openoutcry.cli.bot.command import bot
from openoutcry.cli.demo import demo
from openoutcry.cli.exit_codes import EXIT_CODES_HELP
from openoutcry.cli.fairness import fairness
from openoutcry.cli.practice.command import practice
from openoutcry.cli.replay import replay
from openoutcry.cli.scenario.commands import scenario
from openoutcry.cli.score.command import score
from openoutcry.cli.serve import serve
from openoutcry.cli.simulate.command import simulate
from openoutcry.cli.verify import verify
from openoutcry.cli.version import show_version, version
from openoutcry.cli.view.command import view
from openoutcry.cli.world.command import world

application: Final = typer.Typer(
    name="openoutcry",
    help="An exchange for trading bots: verdicts over REST, executions over WebSocket, everything replayable.",
    epilog=EXIT_CODES_HELP,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@application.callback()
def openoutcry(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="The same as `version`.")
    ] = False,
) -> None:
    """Options before the subcommand."""


application.command(epilog=EXIT_CODES_HELP)(serve)
application.command(epilog=EXIT_CODES_HELP)(demo)
application.command(epilog=EXIT_CODES_HELP)(practice)
application.command(epilog=EXIT_CODES_HELP)(simulate)
application.command(epilog=EXIT_CODES_HELP)(replay)
application.command(epilog=EXIT_CODES_HELP)(view)
application.command(epilog=EXIT_CODES_HELP)(score)
application.command(epilog=EXIT_CODES_HELP)(verify)
application.command(epilog=EXIT_CODES_HELP)(world)
application.command(epilog=EXIT_CODES_HELP)(bench)
application.add_typer(bot)
application.add_typer(admin)
application.add_typer(scenario)
application.add_typer(fairness)
application.command()(version)
