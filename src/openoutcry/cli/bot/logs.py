"""Where a bot's log goes: to stderr, above the line that shows how the bot stands."""

import logging

from rich.console import Console
from rich.logging import RichHandler

from openoutcry.client.bot.live.logs import FORMAT, LOG


def log_bots(stderr: Console) -> None:
    """Show the log of bots from level `info`, that of everything else from `warning`."""
    handler: logging.Handler
    if stderr.is_terminal:
        handler = RichHandler(console=stderr, show_path=False, omit_repeated_times=False)
        handler.setFormatter(logging.Formatter("%(message)s"))
    else:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter(FORMAT))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.getLogger(LOG).setLevel(logging.INFO)
