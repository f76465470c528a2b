"""`openoutcry bot run`: a bot on a live exchange."""

from pathlib import Path
from typing import Annotated, Final

import typer

from openoutcry.cli.exit_codes import EXIT_CODES_HELP

KEY_VARIABLE: Final = "OPENOUTCRY_API_KEY"

bot: Final = typer.Typer(name="bot", help="Run bots on a live exchange.", epilog=EXIT_CODES_HELP, no_args_is_help=True)


@bot.callback()
def _bots() -> None:
    """Keeps `run` a word of its own while it is the only one."""


@bot.command(epilog=EXIT_CODES_HELP)
def run(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="The file that defines the bot; FILE:CLASS where it defines several.",
            show_default=False,
        ),
    ],
    url: Annotated[str, typer.Option(help="Address of the exchange.")] = "http://127.0.0.1:8000",
    name: Annotated[
        str | None, typer.Option(metavar="TEAM", help="Name of the team.", show_default="the name of the bot's class")
    ] = None,
    role: Annotated[
        str | None, typer.Option(help="Role of the team.", show_default="the bot's, else the exchange's default")
    ] = None,
    join_code: Annotated[
        str | None, typer.Option(metavar="CODE", help="For an exchange that is not open to everybody.")
    ] = None,
    key_file: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Keeps the key of the team, so that the bot is the same team the next time.",
            show_default="TEAM.key in the working directory",
        ),
    ] = None,
    until_close: Annotated[
        bool, typer.Option("--until-close", help="End with the session, in place of waiting for the next.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Begin again whenever the file, or one that it imports, changes.")
    ] = False,
) -> None:
    """Run a bot on a live exchange until it stops itself or Ctrl-C, and say what it has come to.

    The team is registered the first time, and its key is kept in a file that only you can read. If OPENOUTCRY_API_KEY
    is set, and no --key-file is given, the bot trades as the team of that key.

    At its end all its orders are cancelled. If it is killed, the exchange cancels them 10 seconds later. It goes on by
    itself after a lost connection and after a restart of the exchange.
    """
    import asyncio
    import os

    import uvloop
    from rich.console import Console

    from openoutcry.cli.bot.conduct import Conductor, Settings
    from openoutcry.cli.bot.logs import log_bots
    from openoutcry.cli.bot.trouble import BotFailed
    from openoutcry.cli.failures import failures_told
    from openoutcry.cli.process.interrupts import interrupts_end_cleanly
    from openoutcry.client.bot.live.joining import Team

    stderr = Console(stderr=True)
    log_bots(stderr)
    settings = Settings(
        file=file,
        url=url,
        team=Team(
            name=name or "",
            role=role,
            join_code=join_code,
            key_file=key_file,
            api_key=os.environ.get(KEY_VARIABLE) if key_file is None else None,
        ),
        watch=watch,
        until_close=until_close,
    )
    conductor = Conductor(settings, stderr)
    with failures_told(), interrupts_end_cleanly(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            runner.run(conductor.conduct())
        except KeyboardInterrupt as interrupt:
            if not conductor.is_running:
                raise
            raise BotFailed(conductor.hanging(interrupt)) from None
